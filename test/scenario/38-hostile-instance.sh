# SPDX-License-Identifier: Apache-2.0
# An instance that means ill: answers without end, drop by drop, blown up, in a
# circle, to elsewhere, with huge headers, with lists a hundred thousand deep.
# Deadlines and ceilings hold, status names each within five seconds, and what
# is not touched by it goes on.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<-Y
	instance: { total: 2s }	# time enough for 72 MB, beside another test and a sanitiser
Y
agent_start
healthy() { ctl status >/dev/null; }
names() { ctl status --json >"$W/status" || true; jq -re '.problems[].why' "$W/status" | grep -qE "$1"; }
peak_mib() { awk '/^VmHWM/{print int($2/1024)}' "/proc/$(agent_pid)/status"; }
wait_for 20 healthy

# The question for work itself. A sentence each; nothing falls back to anything.
n=0
while read -r fault words; do
	job Echo text="$fault" >/dev/null
	n=$((n + 1))
	lab fault --clear "poll:$fault:100000" >/dev/null
	wait_for 5 names "$words"
	equal "$(ctl status >/dev/null; echo $?)" 1 "exit status under $fault"
	lab fault --clear >/dev/null
	wait_for 5 healthy
	wait_for 20 all_answered $n Echo
done <<-F
	endless larger.than.the
	drip did.not.answer.in.time
	bomb larger.than.the
	loop redirected.*times
	away points.to.https://127.0.0.9
	plain points.to.http://localhost
	header the.headers.of
	headers the.headers.of
	deep JSON
F
each_once Echo $n

# The sanitizers have read 72 MB four times by now, and are slow at it.
large="endless bomb"
[ -z "${SAN:-}" ] || large=

# Somebody's payload: the lanes and the heartbeat do not wait for it.
echo "<see_attachment/>" >"$W/stub"
for fault in $large drip=50 headers deep; do
	lab fault --clear "attachment:$fault:100000" >/dev/null
	job Echo --payload "$W/stub" >/dev/null
	n=$((n + 1))
	equal "$(run_job Echo --priority 0 text=quick)" quick
	n=$((n + 1))
	lab job --agent demo HeartbeatProbe --wait 5 >/dev/null || die "no heartbeat under $fault"
	run_job SystemCommand --source status --priority 0 | grep -q validated || die "a system command waits behind $fault"
done
lab fault --clear >/dev/null
wait_for 40 all_answered $n Echo
each_once Echo $n

# The answers' own road.
for fault in $large drip=50 loop headers deep; do
	lab fault --clear "batch:$fault:2" "insert:$fault:2" "claim:$fault:1" >/dev/null
	job Echo --count 10 text="$fault" >/dev/null
	n=$((n + 10))
	wait_for 60 all_answered $n Echo
	each_once Echo $n
done

# One answer alone, not in a batch: a 200 that does not name the row is no receipt.
for fault in $large drip=50 loop headers deep; do
	lab fault --clear "insert:$fault:1" >/dev/null
	equal "$(run_job Echo "text=alone under $fault")" "alone under $fault"
	n=$((n + 1))
done
each_once Echo $n
wait_for 10 healthy
# An answer may have 72 MB (agent/parts.c), four attachments at once; a sanitiser has a memory of its own.
[ -n "${SAN:-}" ] || [ "$(peak_mib)" -le 320 ] || die "midd has needed $(peak_mib) MiB"
echo "peak: $(peak_mib) MiB"
agent_stop
pass
