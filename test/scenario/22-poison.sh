# SPDX-License-Identifier: Apache-2.0
# A job that crashes its worker twice is quarantined, the instance is told, and
# the innocent jobs in the same worker are not: each has one answer, and one that may not
# be repeated says that it was interrupted.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
workers: { max: 1 }
Y
agent_start

innocent=$(job Echo --count 3 text=innocent delay_ms=1000 | head -n 1)
job TestOnce --count 2 wait_ms=30000 >"$W/once"
run_all() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 5 ]; }
wait_for 20 run_all
bad=$(job TestCrash)
wait_for 40 all_answered 1 TestCrash
wait_for 40 all_answered 3 Echo
wait_for 40 all_answered 2 TestOnce
each_once Echo 3
each_once TestOnce 2
for id in $(cat "$W/once"); do
	has "$(lab table ecc_queue "queue=input^response_to=$id" --fields error_string --json)" "interrupted, not repeated"
done
has "$(lab table ecc_queue "response_to=$bad" --fields error_string --json)" quarantined
equal "$(lab table ecc_queue "response_to=$innocent" --fields error_string --json | jq -r '.[0].error_string')" ""
each_once TestCrash 1
quarantined() { [ "$(ctl job show "$bad" --json | jq -r .stage)" = quarantined ]; }
wait_for 10 quarantined
equal "$(run_job Echo text=still)" still
agent_stop
pass
