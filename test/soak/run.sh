#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh - Echo jobs for a long time while things go wrong at random: the
# instance's answers, workers, midd itself, the lab. Each job has exactly one
# answer; memory, open files and threads of midd stay as they were.
#
#   JOBS=5000 MINUTES=10 SEED=1 test/soak/run.sh      (make soak: 1000000, make soak-nightly: 100000)
#
# midd is killed in the first quarter only: growth shows in one long life.
. "$(dirname "${BASH_SOURCE[0]}")/../scenario/lib.sh"

: "${JOBS:=5000}" "${MINUTES:=10}" "${SEED:=$(date +%s)}"
BUNCH=$((JOBS / 20))
[ $BUNCH -le 2500 ] || BUNCH=2500
RANDOM=$SEED
echo "soak: $JOBS jobs, at most $MINUTES minutes, SEED=$SEED"

lab_init
lab_start
agent_config <<-Y
	log: { level: warn }
Y
agent_start
# That workers died is said for a while, and is true.
calm() { ctl status --json >"$W/status" || true; jq -e '[.problems[].id] - ["workers-die"] == []' "$W/status"; }
wait_for 20 calm

FAULTS=("claim:did:2" "claim:500:2" "claim:cut=20:2" "batch:did:2" "batch:500:3" "batch:reset:2" "batch:cut=30:2" "batch:503=1:1" \
	"insert:did:5" "insert:502:3" "poll:cut=50:2" "poll:deep:1" "any:429=1:2" "any:reset:3" "claim:endless:1" "batch:bomb:1")
worker_killed() { pkill -KILL -o -P "$(agent_pid)" midd-worker || true; }
misfortune() {
	local dice=$((RANDOM % 10))
	MISFORTUNE=${FAULTS[$((RANDOM % ${#FAULTS[@]}))]}
	case $dice in
	0|1) MISFORTUNE="kill -9 of a worker"; worker_killed ;;
	2) MISFORTUNE="kill -9 of the lab"; lab_kill; lab_start ;;
	3) [ $done_jobs -ge $((JOBS / 4)) ] || { MISFORTUNE="kill -9 of midd"; agent_kill; agent_start; } ;;
	esac
	case $MISFORTUNE in *:*) lab fault --clear "$MISFORTUNE" >/dev/null ;; esac
}

# "answers jobs most": of this bunch, from what the lab holds.
bunch_answers() {
	lab table ecc_queue "queue=input^response_to.agent_correlator=$1" --fields response_to --limit 20000 --json |
		jq -r '[.[].response_to] | group_by(.) | map(length) | "\(length) \(max // 0)"'
}
bunch_processed() { [ "$(lab table ecc_queue "queue=output^state=processed^agent_correlator=$1" --fields sys_id --limit 20000 --json | jq length)" = $BUNCH ]; }
sample() {
	local p=/proc/$(agent_pid)
	echo "$done_jobs $(agent_pid) $(awk '/^VmRSS/{print $2}' "$p/status") $(ls "$p/fd" | wc -l) $(awk '/^Threads/{print $2}' "$p/status")" >>"$W/samples"
	printf '  %8s jobs  rss %6s kB  files %3s  threads %2s  %s\n' "$done_jobs" $(tail -n 1 "$W/samples" | cut -d' ' -f3-) "$MISFORTUNE"
}

done_jobs=0
end=$((SECONDS + MINUTES * 60))
while [ $done_jobs -lt "$JOBS" ] && [ $SECONDS -lt $end ]; do
	bunch=bunch-$done_jobs
	job Echo --count $BUNCH --correlator "$bunch" text="$bunch" >/dev/null
	misfortune
	wait_for 120 bunch_processed "$bunch"
	equal "$(bunch_answers "$bunch")" "$BUNCH 1" "jobs answered and most answers to one, after $MISFORTUNE (SEED=$SEED)"
	done_jobs=$((done_jobs + BUNCH))
	lab fault --clear >/dev/null
	wait_for 20 calm
	sample
done

# The last life of midd: its first third beside its last.
awk -v pid="$(agent_pid)" -v san="${SAN:-}" -v n=0 '
	$2 == pid { rss[n] = $3; fd[n] = $4; th[n] = $5; n++ }
	END {
		k = int(n / 3); if (k < 1) { print "too short to compare"; exit 1 }
		for (i = 0; i < k; i++) { r0 += rss[i]; f0 += fd[i]; t0 += th[i]; r1 += rss[n-1-i]; f1 += fd[n-1-i]; t1 += th[n-1-i] }
		printf "first third: %d kB, %.1f files, %.1f threads; last: %d kB, %.1f files, %.1f threads\n", r0/k, f0/k, t0/k, r1/k, f1/k, t1/k
		# A sanitiser keeps what is freed: its memory is not ours.
		if (san == "" && r1/k > r0/k * 1.15 + 4096) { print "memory grows"; exit 1 }
		if (f1/k > f0/k + 3) { print "open files grow"; exit 1 }
		if (t1/k > t0/k + 1) { print "threads grow"; exit 1 }
	}' "$W/samples" || die "not flat (SEED=$SEED)"
echo "soak: $done_jobs jobs, each has one answer"
agent_stop
pass
