# SPDX-License-Identifier: Apache-2.0
# Two agents take their own jobs only; a third with a name that is taken waits
# and says so, also where both began at the same moment; it takes over when the
# first is gone.
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
told() { ctl_of "$1" status --json | jq -e '.problems[] | select(.id == "not-ready") | .why | test("another agent named demo is Up")'; }
healthy() { ctl_of "$1" status >/dev/null; }
wait_for 5 told twin
equal "$(ctl_of twin status >/dev/null; echo $?)" 1
agent_stop demo
wait_for 5 healthy twin
equal "$(lab job --agent demo Echo text=mine --wait 30)" mine
equal "$(ctl_of twin jobs --json | jq -s 'flatten | length')" 1
agent_stop twin

# Both at once: whose name stands in the record goes on, the other is told.
agent_spawn demo
agent_spawn twin
one_waits() { told demo && healthy twin || { told twin && healthy demo; }; }
wait_for 20 one_waits
AGENT=demo
job Echo --count 40 text=both >/dev/null
wait_for 20 all_answered 44 Echo
each_once Echo 44
pass
