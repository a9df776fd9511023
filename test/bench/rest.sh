# SPDX-License-Identifier: Apache-2.0
# rest - what midd costs when there is nothing to do, beside others. Sourced.
asked() { midctl status --json 2>/dev/null | jq .instance.calls; }	# without the held questions of push
rest() {	# NAME PID...: requests a minute are shown where midd runs
	local name=$1 p t0 v0=0 v1=0 c0=0 c1=0 pss=0 own=0 n=0 q0
	shift
	q0=$(asked)
	for p in "$@"; do
		v0=$((v0 + $(cat /proc/"$p"/task/*/status | awk '/^voluntary/{s+=$2} END{print s}')))
		c0=$((c0 + $(cat /proc/"$p"/task/*/schedstat | awk '{s+=$1} END{printf "%d", s/1000}')))
	done
	t0=$(now)
	sleep "$IDLE"
	for p in "$@"; do
		v1=$((v1 + $(cat /proc/"$p"/task/*/status | awk '/^voluntary/{s+=$2} END{print s}')))
		c1=$((c1 + $(cat /proc/"$p"/task/*/schedstat | awk '{s+=$1} END{printf "%d", s/1000}')))
		pss=$((pss + $(awk '/^Pss:/{print $2}' "/proc/$p/smaps_rollup")))
		own=$((own + $(awk '/^Private_/{s+=$2} END{print s}' "/proc/$p/smaps_rollup")))
		n=$((n + 1))
	done
	[ -z "$q0" ] || q0=$(awk -v a="$q0" -v b="$(asked)" -v s="$IDLE" 'BEGIN{printf "%.1f", (b-a)*60/s}')
	awk -v q="${q0:--}" -v n="$name" -v k=$n -v p=$pss -v r=$own -v v=$((v1 - v0)) -v c=$((c1 - c0)) -v a="$t0" -v b="$(now)" \
		'BEGIN{printf "  %-34s %4d %9.1f %9.1f %12.2f %12.1f %13s\n", n, k, p/1024, r/1024, v/(b-a), c/1000/(b-a)*60, q}'
}
no_workers() { ! pgrep -P "$MIDD"; }
# The pauses between questions have become as long as they get.
resting() { [ "$(midctl status --json | jq .instance.last_poll_ms)" -gt 4400 ]; }
# Two, so that libcrypto and libcurl are shared as on a host where others use them too.
pollers_start() {
	local i
	# shellcheck disable=SC2046
	$CC -O2 -o "$W/poller" test/bench/poller.c $(pkg-config --libs libcurl)
	for i in 1 2; do
		"$W/poller" "$URL/api/now/table/ecc_queue?sysparm_limit=1" "$W/lab/ca.pem" "$W/lab/agents/bench.pem" "$W/lab/agents/bench.key" >"$W/poller$i.log" 2>&1 &
		echo $! >"$W/poller$i.pid"
		wait_for 10 grep -q asked "$W/poller$i.log"
	done
}
midd_rests() {	# NAME PUSH WORKER_IDLE: the other settings are the defaults
	local want
	POLL_MIN=1s PUSH=$2 WORKER_IDLE=$3 agent_start true required 5s
	wait_for 20 healthy
	! "$2" || wait_for 20 push_up
	want=$(($(answered) + 1))
	midlab job --agent bench Echo text=x >/dev/null
	wait_for 60 reached "$want"
	[ "$3" = 1h ] || wait_for 20 no_workers
	wait_for 60 resting
	# shellcheck disable=SC2046
	rest "$1" "$MIDD" $(pgrep -P "$MIDD" || true)
	agent_stop
}
ask_rest() {
say
say "At rest for $IDLE s: midd has registered, run a job, and its worker is gone or waits"
printf '  %-34s %4s %9s %9s %12s %12s %13s\n' "" proc "PSS MiB" "own MiB" "wake-ups/s" "cpu ms/min" "requests/min"
pollers_start
midd_rests "midd, workers gone" true 2s
midd_rests "midd, one warm worker" true 1h
midd_rests "midd, workers gone, no push" false 2s
rest "a bare libcurl poller, every 15 s" "$(cat "$W/poller1.pid")"
if command -v zabbix_agentd >/dev/null; then
	printf 'Server=127.0.0.1\nServerActive=127.0.0.1\nHostname=bench\nAllowRoot=1\nLogType=console\nListenIP=127.0.0.1\nListenPort=10059\nPidFile=%s/zabbix\n' "$W" >"$W/zabbix.conf"
	zabbix_agentd -f -c "$W/zabbix.conf" >"$W/zabbix.log" 2>&1 &
	Z=$!
	echo $Z >"$W/zabbix.pid"
	wait_for 20 pgrep -P $Z
	# shellcheck disable=SC2046
	rest "zabbix_agentd" $Z $(pgrep -P $Z)
else
	say "  SKIPPED: zabbix_agentd is not installed, so there is nothing to compare with (apt-get install zabbix-agent)"
fi
if command -v javac >/dev/null && javac -d "$W" test/bench/Idle.java; then
	java -Xmx64m -XX:+UseSerialGC -cp "$W" Idle >"$W/java.log" 2>&1 &
	echo $! >"$W/java.pid"
	J=$!
	wait_for 30 grep -q up "$W/java.log"
	rest "idle JVM, 64 MB heap" $J
else
	say "  SKIPPED: no javac (apt-get install default-jdk-headless)"
fi
say "  made by: ONLY=rest IDLE=$IDLE test/bench/run.sh (smaps_rollup: PSS shares out what several processes map, own is private to it; voluntary switches of all threads; midlab and two pollers map the same libraries)"
}
