# SPDX-License-Identifier: Apache-2.0
# The instance is away for half a minute (DOWN seconds): 200 jobs that run go on, their results wait in
# the store, the status says so, and all arrive once when it is back.
. "$(dirname "$0")/lib.sh"
lab_init
DOWN=${DOWN:-$([ -n "${SAN:-}" ] && echo 10 || echo 30)}
lab_start
agent_config <<Y
jobs: { standard: 200 }
workers: { runs: 200 }
Y
agent_start
job Echo --count 200 text=waiting delay_ms=3000 >/dev/null
busy() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 200 ]; }
wait_for 20 busy
lab_kill
down_since=$SECONDS
spooled() { [ "$(ctl spool --json | jq .results)" -ge 200 ]; }
wait_for 20 spooled
problem() { ctl status >/dev/null; [ $? -eq 1 ]; }
wait_for 20 problem
has "$(ctl status --json | jq -r '[.problems[].what] | join("; ")')" instance
over() { [ $((SECONDS - down_since)) -ge "$DOWN" ]; }
wait_for 70 over
if ctl status >/dev/null; then die "status forgot that the instance is away"; fi
lab_start
wait_for 40 all_answered 200 Echo
each_once Echo 200
healthy() { ctl status >/dev/null; }
wait_for 20 healthy
agent_stop
pass
