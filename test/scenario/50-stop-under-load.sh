# SPDX-License-Identifier: Apache-2.0
# SIGTERM under load: midd goes within ten seconds, and after the next start every job
# has exactly one answer.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
job Echo --count 60 text=busy delay_ms=500 >/dev/null
busy() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 10 ]; }
wait_for 20 busy
agent_stop
agent_start
wait_for 60 all_answered 60 Echo
each_once Echo 60
agent_stop
pass
