# SPDX-License-Identifier: Apache-2.0
# A machine is copied while midd runs on it: the copy has its name, its host's name, its state and its key, and both
# start in the same second. One of the two says so and takes no work as long as the other one does; it goes on when
# that one has stopped.
. "$(dirname "$0")/lib.sh"
unshare -m true 2>/dev/null || skip_all "needs root for a mount namespace"
lab_init
lab_start
agent_config <<Y
report: { refresh: 1s }
Y
agent_start
equal "$(run_job Echo text=before)" before
agent_kill
cp -a "$W/demo" "$W/copy"
rm -f "$W/copy/control"
agent_spawn demo
unshare -m sh -c "mount --make-rprivate / && mount --bind $W/copy $W/demo && exec $B/bin/midd --config $W/demo/midd.yaml" >>"$W/copy/midd.log" 2>&1 &
echo $! >"$W/copy/midd.pid"
wait_for 30 ctl_of demo version
wait_for 30 ctl_of copy version
steps_back() { ctl_of "$1" status --json | jq -e '.problems[] | select(.id == "not-ready") | .why | test("a copy of this machine")'; }
healthy() { ctl_of "$1" status >/dev/null; }
one_does() { { steps_back demo && healthy copy && rests=demo works=copy; } || { steps_back copy && healthy demo && rests=copy works=demo; }; }
wait_for 20 one_does
job Echo --count 10 text=x >/dev/null
wait_for 20 all_answered 11 Echo
each_once Echo 11
healthy "$works"
steps_back "$rests" >/dev/null
had=$(ctl_of $rests jobs --json | jq -s 'flatten | length')
agent_stop $works
wait_for 20 healthy $rests
equal "$(run_job Echo text=after)" after
equal "$(ctl_of $rests jobs --json | jq -s 'flatten | length')" $((had + 1))
agent_stop $rests
pass
