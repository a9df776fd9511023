# SPDX-License-Identifier: Apache-2.0
# lib - what the questions of make bench share: a lab, an agent, ways to measure. Sourced.
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
agent_start() {	# BATCH SEAL POLL_MAX; also POLL_MIN, PUSH and WORKER_IDLE
	mkdir -p "$W/midd"
	cat >"$W/midd/midd.yaml" <<-Y
		name: bench
		instance: { url: "$URL", ca: $W/lab/ca.pem, cert: $W/lab/agents/bench.pem, key: $W/lab/agents/bench.key, batch: $1 }
		seal: { mode: ${2:-required}, instance_cert: $W/lab/seal.pem }
		poll: { min: ${POLL_MIN:-100ms}, max: ${3:-1s}, push: ${PUSH:-true} }
		results: { disk_min: 0 B }
		workers: { idle: ${WORKER_IDLE:-2s}, probes: $B/probes }
		paths: { state: $W/midd/state, control: $W/midd/control }
	Y
	midd --config "$W/midd/midd.yaml" >>"$W/midd.log" 2>&1 &
	echo $! >"$W/midd.pid"
	MIDD=$!
}
agent_stop() { kill "$MIDD"; wait "$MIDD" || true; rm -f "$W/midd.pid"; rm -rf "$W/midd"; }
healthy() { [ "$(midctl status --json | jq -r .health)" = healthy ]; }
push_up() { [ "$(midctl status --json | jq -r .push.state)" = up ]; }
answered() {
	curl -s -o /dev/null -D - --cacert "$W/lab/ca.pem" --cert "$W/lab/agents/admin.pem" --key "$W/lab/agents/admin.key" \
		"$URL/api/now/table/ecc_queue?sysparm_limit=1&sysparm_fields=sys_id&sysparm_query=queue%3Doutput%5Etopic%3DEcho%5Estate%3Dprocessed" |
		tr -d '\r' | awk 'tolower($1)=="x-total-count:"{print $2}'
}
reached() { [ "$(answered)" -ge "$1" ]; }
