# SPDX-License-Identifier: Apache-2.0
# latency - how long a job waits for its answer when the agent is idle: told by push, and asking. Sourced.
latency() {	# NAME PUSH APART
	POLL_MIN=1s PUSH=$2 WORKER_IDLE=${WARM:-5m} agent_start true required 5s
	wait_for 20 healthy
	! "$2" || wait_for 20 push_up
	midlab job --agent bench Echo text=warm --wait 30 >/dev/null
	test/bench/latency.py "$W/lab" "$URL" bench "$ASKS" "$3" >"$W/latency"
	agent_stop
	sort -n "$W/latency" | awk -v name="$1" '{v[NR]=$1} END{
		printf "  %-34s %6d %8.1f %8.1f %8.1f %8.1f\n", name, NR, v[1], v[int((NR+1)/2)], v[int(NR*.99+.5)], v[NR]}'
}
ask_latency() {
	: "${ASKS:=200}"
	say
	say "From insert to confirmed answer, one Echo job at a time, poll.min 1s, poll.max 5s (the defaults)"
	printf '  %-34s %6s %8s %8s %8s %8s\n' "" jobs "min ms" "p50 ms" "p99 ms" "max ms"
	latency "push" true 1
	WARM=1s latency "push, a worker begun for most" true 4
	latency "no push" false 4
	say "  made by: ONLY=latency ASKS=$ASKS test/bench/run.sh"
}
