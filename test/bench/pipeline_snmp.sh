#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a discovery of network devices costs (make bench-pipeline): HOSTS made-up devices that speak SNMP on loopback addresses are
# found and inventoried by midd, and by FusionInventory's netdiscovery and netinventory, from which GLPI Agent's come. Needs
# root, the source of the farm (FARM=farm.c), and for the others their package (make bench-deps).
set -eu
B=$(cd "${B:-build}" && pwd)
HOSTS=${HOSTS:-500}
FARM=${FARM:-../shared/bench/snmp/farm.c}
[ "$(id -u)" = 0 ] || { echo "bench-pipeline: SKIPPED: a network of its own needs root" >&2; exit 0; }
[ -f "$FARM" ] || { echo "bench-pipeline: devices SKIPPED: give the source of the farm: FARM=farm.c" >&2; exit 0; }
if [ -z "${INSIDE:-}" ]; then gcc -O2 -w -o "$B/farm" "$FARM" -lcrypto; INSIDE=1 B=$B HOSTS=$HOSTS FARM=$FARM exec unshare -n bash "$0"; fi
ip link set lo up
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
. test/bench/lib.sh
"$B/farm" --port 161 --life 600 2>"$W/farm.log" & echo $! >"$W/farm.pid"
wait_for 10 grep -q varbinds "$W/farm.log"
for ((i = 0; i < HOSTS; i++)); do echo "127.64.$((i / 250)).$((i % 250 + 1))"; done >"$W/hosts"
nft 'table ip to_hosts { chain out { type filter hook output priority 0; ip daddr 127.64.0.0/16 counter; }; }'
packets() { nft -j list table ip to_hosts | jq -r '[.. | .counter? // empty][0].packets'; }
row() { printf '  %-34s %6d %8.1f %9.1f %9.1f %9.1f %9.0f %9s\n' "$@"; }

lab_start
mkdir -p "$W/midd/midd.d"
echo 'policy: { loopback: true }' >"$W/midd/midd.d/50-bench.yaml"
agent_start true
wait_for 20 healthy
midlab creds add snmp --agent bench --type snmp --user - <<<public >/dev/null
midctl creds reload >/dev/null
wait_for 10 sh -c "midctl creds list --json | jq -e 'length == 1'"
delivered() { [ "$(midctl spool --json | jq .results)" = 0 ]; }
midd_row() {
	local from before start took
	from=$(packets) before=$(cpu "$MIDD") start=$(now)
	# shellcheck disable=SC2046
	midctl discover $(cat "$W/hosts") --ports snmp --watch >"$W/said" 2>&1 || { tail -5 "$W/said"; exit 1; }
	wait_for 600 delivered
	took=$(awk "BEGIN{print $(now) - $start}")
	row "$1" "$(sed -n 's/.*answer: \([0-9]*\) in the CMDB.*/\1/p' "$W/said")" "$took" "$(awk "BEGIN{print $HOSTS / $took}")" "$(awk "BEGIN{print $(cpu "$MIDD") - $before}")" \
		"$(awk "BEGIN{print ($(cpu "$MIDD") - $before) * 1000 / $HOSTS}")" "$((($(packets) - from) / HOSTS))" "$(awk '/^VmHWM/ { printf "%.1f", $2 / 1024 }' "/proc/$MIDD/status")"
}
other_row() { # NAME COMMAND: its result is files in $W/out
	local from start TIMEFORMAT='%R %U %S'
	from=$(packets)
	rm -rf "$W/out"; mkdir "$W/out"
	{ time timeout 600 bash -c "$2" >"$W/other.out" 2>"$W/other.err"; } 2>"$W/time" || { tail -3 "$W/other.err"; return 0; }
	# shellcheck disable=SC2046
	set -- "$1" $(cat "$W/time")
	row "$1" "$(find "$W/out" -type f | wc -l)" "$2" "$(awk "BEGIN{print $HOSTS / $2}")" "$(awk "BEGIN{print $3 + $4}")" "$(awk "BEGIN{print ($3 + $4) * 1000 / $HOSTS}")" "$((($(packets) - from) / HOSTS))" -
}
echo "$HOSTS devices over SNMP (load $(cut -d' ' -f1 /proc/loadavg)):"
printf '  %-34s %6s %8s %9s %9s %9s %9s %9s\n' '' found 'wall s' 'a second' 'cpu s' 'cpu ms ea' 'packets' 'peak MB'
midd_row "midd, first: facts, CIs, delivered"
midd_row "midd, second"
if command -v fusioninventory-netdiscovery >/dev/null; then
	other_row "fusioninventory netdiscovery" "fusioninventory-netdiscovery --first 127.64.0.1 --last $(tail -1 "$W/hosts") --community public --threads 20 --save '$W/out'"
	other_row "fusioninventory netinventory" "xargs -P 2 -I{} sh -c 'fusioninventory-netinventory --host {} --community public >$W/out/{}.xml' <'$W/hosts'"
fi
