# SPDX-License-Identifier: Apache-2.0
# A probe that tries to get out of its worker: each attempt is refused and counted, midd says
# so, and a worker that goes on trying is ended; other jobs go on.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
refused() { ctl status --json | jq "[.problems[] | select(.id == \"workers-try\")] | length"; }
says_so() { ctl metrics | grep -q "^midd_worker_refusals_total $1\$"; }
equal "$(run_job Echo text=quiet)" quiet
run_job LocalInventory >/dev/null
says_so 0 || die "what our own probes do is counted as forbidden: $(grep refused "$W/demo/midd.log")"

run_job TestHostile >"$W/out"
cat "$W/out"
for what in write exec fork ptrace kill mount unshare listen privileges memory environment inherited; do
	equal "$(grep "^$what " "$W/out")" "$what refused"
done
has "$(tail -n 1 "$W/out")" "33 of 33 calls refused"
guard=$(ctl status --json | jq -c .guard)
has "$guard" '"seccomp":true'
case $guard in
*'"told":true'*)
	# The 32 calls, and by name: open, unlink, execve, clone, ptrace, kill, mount, unshare, the open of memory.
	wait_for 5 says_so 41
	equal "$(refused)" 1
	if ctl status >"$W/status"; then die "status is content with an owned worker"; fi
	has "$(cat "$W/status")" "a worker tried what is forbidden: 41 calls were refused"
	has "$(cat "$W/status")" "last given TestHostile"
	has "$(cat "$W/demo/midd.log")" "more of it is only counted"
	# It goes on: five runs and more in one worker are too much.
	for i in 1 2 3 4 5 6; do run_job TestHostile >/dev/null 2>&1 || true; done
	ended() { grep -q 'ended: tried 200 forbidden calls' "$W/demo/midd.log"; }
	wait_for 20 ended ;;
*)	echo "this kernel cannot tell what it refuses: counting is not tried" ;;
esac
equal "$(run_job Echo text=alive)" alive
agent_stop
pass
