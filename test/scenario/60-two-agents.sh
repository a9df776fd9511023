# SPDX-License-Identifier: Apache-2.0
# Two agents take their own jobs only; a third with a name that is taken waits and says so.
. "$(dirname "$0")/lib.sh"
lab_init --agent demo --agent second
lab_start
agent_start demo
agent_start second
a=$(lab job --agent demo Echo text=first --wait 30)
b=$(lab job --agent second Echo text=second --wait 30)
equal "$a" first
equal "$b" second
each_once Echo 2
equal "$(ctl_of demo jobs --json | jq length)" 1
equal "$(ctl_of second jobs --json | jq length)" 1

agent_config demo twin </dev/null
AGENT=twin
agent_spawn twin
said() { grep -q 'another agent named demo is Up' "$W/twin/midd.log"; }
wait_for 20 said
lab job --agent demo Echo text=whose --wait 30 >"$W/out"
equal "$(cat "$W/out")" whose
equal "$(ctl_of twin jobs --json | jq -s 'flatten | length')" 0
pass
