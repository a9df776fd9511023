# SPDX-License-Identifier: Apache-2.0
# inventory - a full inventory of this machine: its cost, and what each tool returned. Sourced.

# timed NAME FILE COMMAND...: a command and all it started; the output goes to FILE.
timed() {
	local name=$1 file=$2
	shift 2
	command -v "$1" >/dev/null || { say "  SKIPPED: $1 is not installed (make bench-deps)"; return 0; }
	python3 test/bench/measured.py "$name" "$W/returned/$file" "$@"
}
worker_runs() { pgrep -P "$MIDD"; }
# Most PSS of midd and its worker while a job runs, kB.
pss_now() { cat "/proc/$MIDD/smaps_rollup" $(pgrep -P "$MIDD" | sed 's|.*|/proc/&/smaps_rollup|') 2>/dev/null | awk '/^Pss:/{s+=$2} END{print s}'; }
watch_pss() {
	local p most=0
	while [ -e "$W/watching" ]; do
		p=$(pss_now) || p=0
		[ "${p:-0}" -le "$most" ] || { most=$p; echo "$most" >"$W/most"; }
	done
}
inventory_job() { midlab job --agent bench LocalInventory --wait 60 >"$W/returned/midd" 2>/dev/null; }

# in_agent NAME IDLE: as a job in a running agent, RUNS times; the worker waits IDLE for the next one.
in_agent() {
	local n=${RUNS:-10} c0 t0 idle
	WORKER_IDLE=$2 agent_start true required 1s
	wait_for 20 healthy
	[ "$2" = 1s ] || inventory_job
	wait_for 20 no_children "$2"
	idle=$(pss_now)
	c0=$(cpu "$MIDD") t0=$(now)
	touch "$W/watching"
	: >"$W/most"
	if [ "${WATCH:-}" ]; then watch_pss & fi
	for _ in $(seq "$n"); do inventory_job; wait_for 20 no_children "$2"; done
	rm -f "$W/watching"
	awk -v n="$1" -v k="$n" -v c0="$c0" -v c1="$(cpu "$MIDD")" -v t0="$t0" -v t1="$(now)" -v m="$(cat "$W/most")" -v i="$idle" -v b="$(wc -c <"$W/returned/midd")" \
		'BEGIN{printf "  %-34s %9.0f %9.0f %9s %9d\n", n, (t1-t0)/k*1000, (c1-c0)/k*1000, m == "" ? "-" : sprintf("+%.1f", (m-i)/1024), b/1024}'
	agent_stop
}
no_children() { [ "$1" != 1s ] || ! worker_runs; }
node_exporter() {
	local c0 t0 p
	command -v prometheus-node-exporter >/dev/null || { say "  SKIPPED: prometheus-node-exporter is not installed (make bench-deps)"; return 0; }
	prometheus-node-exporter --web.listen-address=127.0.0.1:19100 --log.level=error >"$W/exporter.log" 2>&1 &
	p=$!
	echo $p >"$W/exporter.pid"
	wait_for 10 curl -s -o /dev/null http://127.0.0.1:19100/metrics
	c0=$(cpu $p) t0=$(now)
	for _ in $(seq 20); do curl -s http://127.0.0.1:19100/metrics >"$W/returned/node_exporter"; done
	awk -v n="node_exporter, a scrape of figures" -v c0="$c0" -v c1="$(cpu $p)" -v t0="$t0" -v t1="$(now)" -v m="$(awk '/^VmHWM/{print $2}' /proc/$p/status)" -v b="$(wc -c <"$W/returned/node_exporter")" \
		'BEGIN{printf "  %-34s %9.0f %9.0f %9.1f %9d\n", n, (t1-t0)/20*1000, (c1-c0)/20*1000, m/1024, b/1024}'
	kill $p
}
ask_inventory() {
	mkdir -p "$W/returned"
	say
	say "A full inventory of this machine, $(dpkg-query -W 2>/dev/null | wc -l) packages"
	printf '  %-34s %9s %9s %9s %9s\n' "" "wall ms" "cpu ms" "MiB" "output kB"
	in_agent "midd, a job, worker warm" 1h
	WATCH=1 RUNS=3 in_agent "the same, memory above idle" 1h
	in_agent "midd, a job, worker begun for it" 1s
	timed "midctl run --no-daemon, facts" midctl_run midctl run LocalInventory --no-daemon --probes "$B/probes" --json
	node_exporter
	timed fusioninventory fusioninventory fusioninventory-inventory
	timed glpi-agent glpi glpi-inventory --json
	timed ohai ohai ohai
	timed facter facter facter --json
	mkdir -p "$W/ocs"
	timed ocsinventory ocs ocsinventory-agent --stdout --basevardir="$W/ocs"
	timed "ansible setup" ansible ansible -i localhost, -c local -m setup localhost
	say "  made by: ONLY=inventory test/bench/run.sh (wall of a job includes midlab's polling; MiB: the largest process, midd's above idle)"
	say
	say "What each returned: how often a class's marks stand in its output"
	python3 test/bench/returned.py "$W/returned"
	say "  made by: test/bench/returned.py"
}
