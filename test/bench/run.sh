#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make bench: what a job, an answer, rest, the wait for an answer and an inventory cost.
#
#   JOBS=2000 IDLE=20 ONLY=latency test/bench/run.sh
#
# The far side is midlab on this machine: jobs/s is of both together, processor
# time is of the agent and its workers alone. Each table is followed by the
# command that made it. ONLY names the questions: road answer rest latency inventory.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${JOBS:=2000}" "${IDLE:=20}" "${CC:=gcc}"
B=$(cd "$B" && pwd)
W=$(mktemp -d "${TMPDIR:-/tmp}/midd-bench.XXXXXX")
TICK=$(getconf CLK_TCK)
PATH=$B/bin:$PATH
export MIDLAB_DIR=$W/lab MIDD_CONTROL=$W/midd/control

cleanup() {
	local status=$?
	[ "$status" = 0 ] || tail -n 20 "$W"/*.log 2>/dev/null || true
	for f in "$W"/*.pid; do [ -f "$f" ] && kill "$(cat "$f")" 2>/dev/null || true; done
	wait 2>/dev/null || true
	rm -rf "$W"
	exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

wait_for() {
	local left=$(($1 * 20)); shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1)); [ $left -gt 0 ] || { echo "bench: waited in vain for: $*"; exit 1; }
		sleep 0.05
	done
}
say() { printf '%s\n' "$*"; }
now() { date +%s.%N; }
# cpu PID: seconds it and the children it has waited for and still has took.
cpu() {
	local p sum=0
	for p in "$1" $(pgrep -P "$1" || true); do
		[ -r "/proc/$p/stat" ] && sum=$((sum + $(sed 's/.*) //' "/proc/$p/stat" | awk '{print $12+$13}')))
	done
	sum=$((sum + $(sed 's/.*) //' "/proc/$1/stat" | awk '{print $14+$15}')))
	awk -v s=$sum -v t="$TICK" 'BEGIN{printf "%.2f", s/t}'
}

# --- the lab and the agent ---------------------------------------------------------------

lab_start() {
	midlab init "$W/lab" --agent bench >/dev/null
	midlab serve "$W/lab" --listen 127.0.0.1:0 >"$W/lab.log" 2>&1 &
	echo $! >"$W/lab.pid"
	wait_for 20 test -s "$W/lab/serve.json"
	URL=$(jq -r .url "$W/lab/serve.json")
}
agent_start() {	# BATCH
	mkdir -p "$W/midd"
	cat >"$W/midd/midd.yaml" <<-Y
		name: bench
		instance: { url: "$URL", ca: $W/lab/ca.pem, cert: $W/lab/agents/bench.pem, key: $W/lab/agents/bench.key, batch: $1 }
		seal: { mode: ${2:-required}, instance_cert: $W/lab/seal.pem }
		poll: { min: 100ms, max: ${3:-1s} }
		results: { disk_min: 0 B }
		workers: { idle: 2s, probes: $B/probes }
		paths: { state: $W/midd/state, control: $W/midd/control }
	Y
	midd --config "$W/midd/midd.yaml" >>"$W/midd.log" 2>&1 &
	echo $! >"$W/midd.pid"
	MIDD=$!
}
agent_stop() { kill "$MIDD"; wait "$MIDD" || true; rm -f "$W/midd.pid"; rm -rf "$W/midd"; }
healthy() { [ "$(midctl status --json | jq -r .health)" = healthy ]; }
answered() {
	curl -s -o /dev/null -D - --cacert "$W/lab/ca.pem" --cert "$W/lab/agents/admin.pem" --key "$W/lab/agents/admin.key" \
		"$URL/api/now/table/ecc_queue?sysparm_limit=1&sysparm_fields=sys_id&sysparm_query=queue%3Doutput%5Etopic%3DEcho%5Estate%3Dprocessed" |
		tr -d '\r' | awk 'tolower($1)=="x-total-count:"{print $2}'
}
reached() { [ "$(answered)" -ge "$1" ]; }

# --- 1. the road ------------------------------------------------------------------------------

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

say "bench: $(nproc) processors, $(awk -F: '/model name/{print $2; exit}' /proc/cpuinfo), Linux $(uname -r)"
lab_start
ask_road() {
say
say "The road of a job: $JOBS Echo jobs of 2 kB, claim to delivered answer, mutual TLS"
printf '  %-34s %8s %12s %10s\n' "" jobs/s "cpu us/job" "peak MiB"
road "batched, sealed" true required
road "batched, not sealed" true off
road "one request an answer, not sealed" false off
say "  made by: JOBS=$JOBS test/bench/run.sh (midlab job Echo --count $JOBS, midd held by SIGSTOP meanwhile)"
}

# --- 2. an answer -------------------------------------------------------------------------------

ask_answer() {
# shellcheck disable=SC2046
$CC -O2 -std=gnu11 -D_GNU_SOURCE -Ibase -Iagent -o "$W/answers" test/bench/answers.c "$B/libagent.a" "$B/libbase.a" \
	$(pkg-config --libs libuv libcurl json-c openssl expat sqlite3 yaml-0.1) -lpthread -lm -ldl
say
say "Telling the instance: answers of 2 kB through agent/instance/ alone"
printf '  %-34s %8s %12s\n' "" answers/s "cpu us each"
for group in 50 1; do
	"$W/answers" "$URL" "$W/lab/ca.pem" "$W/lab/agents/bench.pem" "$W/lab/agents/bench.key" 4000 2000 $group |
		awk -v g=$group '{printf "  %-34s %8s %12s\n", (g > 1 ? "batches of " g : "one at a time"), $4, $5}'
done
say "  made by: answers URL CA CERT KEY 4000 2000 50 (and 1)"
}

# --- 3. at rest -----------------------------------------------------------------------------------

rest() {	# NAME PID...
	local name=$1 p t0 v0=0 v1=0 c0=0 c1=0 pss=0 own=0 n=0
	shift
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
	awk -v n="$name" -v k=$n -v p=$pss -v r=$own -v v=$((v1 - v0)) -v c=$((c1 - c0)) -v a="$t0" -v b="$(now)" \
		'BEGIN{printf "  %-34s %4d %9.1f %9.1f %12.2f %12.1f\n", n, k, p/1024, r/1024, v/(b-a), c/1000/(b-a)*60}'
}
no_workers() { ! pgrep -P "$MIDD"; }
ask_rest() {
say
say "At rest for $IDLE s: midd has registered, run a job, and its worker is gone"
printf '  %-34s %4s %9s %9s %12s %12s\n' "" proc "PSS MiB" "own MiB" "wake-ups/s" "cpu ms/min"
agent_start true required 40s
wait_for 20 healthy
want=$(($(answered) + 1))
midlab job --agent bench Echo text=x >/dev/null
wait_for 60 reached "$want"
wait_for 20 no_workers
rest "midd, workers gone" "$MIDD"
agent_stop
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
say "  made by: ONLY=rest IDLE=$IDLE test/bench/run.sh (smaps_rollup: PSS shares out what several processes map, own is private to it; voluntary switches of all threads)"
}

# --- 4. latency -------------------------------------------------------------------------------------

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

# --- 5. the inventory of this machine -----------------------------------------------------------------

# timed NAME COMMAND...: wall and processor time of a command and what it started.
timed() {
	local name=$1 t
	shift
	command -v "$1" >/dev/null || { say "  SKIPPED: $1 is not installed (packaging/deps/bench.sh)"; return 0; }
	t=$( { TIMEFORMAT='%R %U %S'; time "$@" >"$W/out" 2>/dev/null; } 2>&1) || true
	echo "$t" | awk -v n="$name" -v b="$(wc -c <"$W/out")" '{printf "  %-34s %9.0f %9.0f %9d\n", n, $1*1000, ($2+$3)*1000, b/1024}'
}
ask_inventory() {
	say
	say "A full inventory of this machine, $(dpkg-query -W 2>/dev/null | wc -l) packages"
	printf '  %-34s %9s %9s %9s\n' "" "wall ms" "cpu ms" "output kB"
	timed "midctl run: facts, no map" midctl run LocalInventory --no-daemon --probes "$B/probes" --json
	cp "$W/out" "$W/facts.json"
	timed fusioninventory fusioninventory-inventory
	timed facter facter --json
	say "  midd's sections and rows: $(jq -r '[to_entries[] | select(.value | type == "object") | .key + (if .value.items? then " \(.value.items | length)" else "" end)] | join(", ")' "$W/facts.json")"
	say "  made by: ONLY=inventory test/bench/run.sh (time; output is not of the same depth)"
}

for q in ${ONLY:-road answer rest latency inventory}; do
	"ask_$q"
done
