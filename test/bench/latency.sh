# SPDX-License-Identifier: Apache-2.0
# latency - how long a job waits for its answer when the agent is idle. Sourced.
ask_latency() {
	local n=${ASKS:-50} i t0 want
	agent_start true required "${POLL:-1s}"
	wait_for 20 healthy
	for i in $(seq "$n"); do
		t0=$(date +%s%N)
		midlab job --agent bench Echo text="$i" --wait 30 >/dev/null
		echo $((($(date +%s%N) - t0) / 1000)) >>"$W/latency"
		sleep 0.$((RANDOM % 10))	# not in step with the polls
	done
	agent_stop
	say
	say "Latency: insert to answer, one job at a time, an idle agent, poll.min 100ms, poll.max ${POLL:-1s}"
	printf '  %-34s %8s %10s %8s\n' "" "min ms" "median ms" "p95 ms"
	sort -n "$W/latency" | awk -v n="$n" '{v[NR]=$1/1000} END{printf "  %-34s %8.0f %10.0f %8.0f\n", n " Echo jobs", v[1], v[int((NR+1)/2)], v[int(NR*.95)]}'
	say "  made by: ONLY=latency ASKS=$n POLL=${POLL:-1s} test/bench/run.sh (midlab job Echo --wait, its own start included)"
}
