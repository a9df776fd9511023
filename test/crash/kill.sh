#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kill.sh - kill -9 of midd at the n-th write, sync, send, rename or unlink of a
# run of 30 jobs, for many n. After a restart each job must have exactly one
# final answer; one that may not be repeated may say "interrupted" instead.
#
#   test/crash/kill.sh all             every n (make crash-kill)
#   test/crash/kill.sh sample COUNT    COUNT of them, spread over the run
#   test/crash/kill.sh N...            these, to look at one again
#
# One agent and one lab serve all points: each run finds the store that the
# deaths before it left behind.
. "$(dirname "${BASH_SOURCE[0]}")/../scenario/lib.sh"

SHIM=$B/test/crash/kill_at.so
[ -f "$SHIM" ] || die "$SHIM is not there: make scenario builds it"

# Preloading before a sanitiser's own library needs its consent.
spawn_with() {	# N or 0 (count only)
	local d=$W/$AGENT
	env LD_PRELOAD="$SHIM" KILL_AT="$1" KILL_COUNT="$W/steps" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		"$B/bin/midd" --config "$d/midd.yaml" >>"$d/midd.log" 2>&1 &
	echo $! >"$d/midd.pid"
}
steps() { od -An -t u8 "$W/steps" | tr -d ' '; }
gone() { ! kill -0 "$(agent_pid)" 2>/dev/null; }
gone_or_done() { gone || all_final; }

# The 30 jobs of this point carry it as their correlator.
queue_jobs() {	# POINT
	job Echo --count 24 --correlator "$1" text=survivor >/dev/null
	job TestOnce --count 5 --correlator "$1" wait_ms=20 >/dev/null
	job TestFlood --correlator "$1" mb=3 >/dev/null
}
outputs() { lab table ecc_queue "queue=output^agent_correlator=$POINT" --fields sys_id,topic,state --limit 100 --json; }
all_final() { [ "$(outputs | jq '[.[] | select(.state == "processed" or .state == "error")] | length')" = 30 ]; }

# What the lab holds of this point, one line a fault: none is good.
faults() {
	lab table ecc_queue "queue=input^response_to.agent_correlator=$POINT" \
		--fields response_to,topic,payload,error_string --limit 2000 --json >"$W/in.json"
	outputs >"$W/out.json"
	jq -rn --slurpfile in "$W/in.json" --slurpfile out "$W/out.json" '
		($in[0] | map(. + {page: ((.payload | capture("page=\"(?<n>[0-9]+)\"").n) // "1")})) as $in |
		$out[0][] | . as $o | ($in | map(select(.response_to == $o.sys_id))) as $mine |
		($mine | map(select(.page == "1"))) as $final |
		if ($final | length) != 1 then "\($o.topic) \($o.sys_id): \($final | length) final answers"
		elif ($mine | map(.page) | unique | length) != ($mine | length) then "\($o.topic) \($o.sys_id): a page stands twice"
		elif $final[0].error_string != "" and
		    (($o.topic == "TestOnce" and ($final[0].error_string | test("interrupted"))) | not)
		then "\($o.topic) \($o.sys_id): \($final[0].error_string)" else empty end'
}

point() {	# N
	POINT=point-$1
	queue_jobs "$POINT"
	spawn_with "$1"
	wait_for 60 gone_or_done
	# The last points lie in its stopping.
	if gone || ! agent_stop 2>/dev/null; then
		wait "$(agent_pid 2>/dev/null)" 2>/dev/null || true
		died=$((died + 1))
		agent_start
		wait_for 60 all_final
		agent_stop || die "point $1: the agent did not end well after its restart"
	fi
	faults >"$W/faults"
	[ ! -s "$W/faults" ] || { cat "$W/faults"; die "killed at step $1: again with test/crash/kill.sh $1"; }
	points=$((points + 1))
	[ $((points % 50)) -ne 0 ] || echo "$points points, $died deaths"
}

lab_init
lab_start
died=0 points=0
agent_config </dev/null

# How many steps a run has: counted, not guessed.
POINT=count
queue_jobs count
spawn_with 0
wait_for 60 all_final
agent_stop
total=$(steps)
[ -z "$(faults)" ] || die "without any death: $(faults)"
echo "a run of 30 jobs has $total steps"

case ${1:-all} in
all) list=$(seq 1 "$total") ;;
sample) list=$(seq 1 $(((total + $2 - 1) / $2)) "$total") ;;
*) list=$* ;;
esac
for n in $list; do
	point "$n"
done
echo "$points points, $died deaths, each of $((points * 30)) jobs has one final answer"
[ "$died" -ge $((points * 8 / 10)) ] || die "only $died of $points runs reached their point"
pass
