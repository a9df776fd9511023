# SPDX-License-Identifier: Apache-2.0
# kill -9 of the agent in the middle of ten jobs: after a restart each has
# exactly one answer.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start

job Echo --count 10 text=survivor delay_ms=400 >/dev/null
running() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 1 ]; }
wait_for 20 running
agent_kill
agent_start
wait_for 30 all_answered 10 Echo
each_once Echo 10
agent_stop
pass
