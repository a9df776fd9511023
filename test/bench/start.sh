# SPDX-License-Identifier: Apache-2.0
# start - from the start of the program to its first question for work. Sourced.

# The moment midd last asked, as midctl tells it: ms ago.
asked_ms_ago() { midctl status --json 2>/dev/null | jq -re '.instance.last_poll_ms | select(. >= 0)'; }
ask_start() {
	local n=${STARTS:-10} t0 ago
	for _ in $(seq "$n"); do
		t0=$(date +%s%N)
		agent_start true required 40s
		until ago=$(asked_ms_ago); do :; done
		echo $((($(date +%s%N) - t0) / 1000 - ago * 1000)) >>"$W/start"
		kill "$MIDD"; wait "$MIDD" || true	# its folder stays: the next starts with what there is
	done
	rm -rf "$W/midd" "$W/midd.pid"
	say
	say "From the start of midd to its first question for work, known to the instance but for the first time"
	printf '  %-34s %8s %10s %8s\n' "" "min ms" "median ms" "max ms"
	sort -n "$W/start" | awk -v n="$n" '{v[NR]=$1/1000} END{printf "  %-34s %8.0f %10.0f %8.0f\n", n " starts", v[1], v[int((NR+1)/2)], v[NR]}'
	say "  made by: ONLY=start STARTS=$n test/bench/run.sh (midctl status until it has polled, less the age of that poll)"
}
