# SPDX-License-Identifier: Apache-2.0
# A job on the instance: the agent runs it, the sealed answer comes back, once.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start

id=$(job Echo text=hello)
processed() { [ "$(job_state "$id")" = processed ]; }
wait_for 20 processed
equal "$(answers "$id")" 1
has "$(lab table ecc_queue "response_to=$id" --fields payload --json)" "<sealed>"
equal "$(run_job Echo text=again)" again

# The operator sees the same.
ctl status >"$W/status.txt"
has "$(cat "$W/status.txt")" healthy
equal "$(ctl job show "$id" --json | jq -r .stage)" done
agent_stop
pass
