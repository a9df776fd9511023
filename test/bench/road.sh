# SPDX-License-Identifier: Apache-2.0
# road - what a job costs, from its claim to its delivered answer. Sourced.
TEXT=$(head -c 2000 /dev/zero | tr '\0' x)
road() {	# NAME BATCH SEAL
	local want t0 t1 c0 c1 rss
	agent_start "$2" "$3"
	wait_for 20 healthy
	kill -STOP "$MIDD"		# the queue fills while the agent is held
	want=$(($(answered) + JOBS))
	midlab job --agent bench Echo --count "$JOBS" text="$TEXT" >/dev/null
	c0=$(cpu "$MIDD") t0=$(now)
	kill -CONT "$MIDD"
	wait_for 60 reached "$want"
	c1=$(cpu "$MIDD")
	t1=$(stat -c %.9Y "$W"/midd/state/*-wal)	# when it noted the last yes; asking the lab is coarser
	rss=$(awk '/^VmHWM/{print $2}' "/proc/$MIDD/status")
	awk -v n="$1" -v j="$JOBS" -v t0="$t0" -v t1="$t1" -v c0="$c0" -v c1="$c1" -v r="$rss" \
		'BEGIN{printf "  %-34s %8.0f %12.0f %10.1f\n", n, j/(t1-t0), (c1-c0)*1e6/j, r/1024}'
	agent_stop
}

ask_road() {
say
say "The road of a job: $JOBS Echo jobs of 2 kB, claim to delivered answer, mutual TLS"
printf '  %-34s %8s %12s %10s\n' "" jobs/s "cpu us/job" "peak MiB"
road "batched, sealed" true required
road "batched, not sealed" true off
road "one request an answer, not sealed" false off
say "  made by: JOBS=$JOBS test/bench/run.sh (midlab job Echo --count $JOBS, midd held by SIGSTOP meanwhile)"
}
