# SPDX-License-Identifier: Apache-2.0
# A job that crashes its worker twice is quarantined, the instance is told, and
# an innocent job in the same worker is not.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
workers: { max: 1 }
Y
agent_start

innocent=$(job Echo text=innocent delay_ms=1000)
bad=$(job TestCrash)
wait_for 40 all_answered 1 TestCrash
wait_for 40 all_answered 1 Echo
has "$(lab table ecc_queue "response_to=$bad" --fields error_string --json)" quarantined
equal "$(lab table ecc_queue "response_to=$innocent" --fields error_string --json | jq -r '.[0].error_string')" ""
each_once TestCrash 1
quarantined() { [ "$(ctl job show "$bad" --json | jq -r .stage)" = quarantined ]; }
wait_for 10 quarantined
equal "$(run_job Echo text=still)" still
agent_stop
pass
