# SPDX-License-Identifier: Apache-2.0
# The instance is away for a while: jobs that run go on, their results wait in
# the store, the status says so, and all arrive once when it is back.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
job Echo --count 20 text=waiting delay_ms=700 >/dev/null
busy() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 10 ]; }
wait_for 20 busy
lab_kill
spooled() { [ "$(ctl spool --json | jq .results)" -ge 10 ]; }
wait_for 20 spooled
problem() { ctl status >/dev/null; [ $? -eq 1 ]; }
wait_for 20 problem
has "$(ctl status --json | jq -r '[.problems[].what] | join("; ")')" instance
lab_start
wait_for 40 all_answered 20 Echo
each_once Echo 20
healthy() { ctl status >/dev/null; }
wait_for 20 healthy
agent_stop
pass
