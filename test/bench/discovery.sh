#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a scan costs (make bench-discovery): 5,000 addresses and 10 ports of each, 6,500 of them open, in a second network
# namespace behind a veth pair, beside others that ask the same; then with two of the ports dropped; then pings. CASES=lossy: dropped,
# and a net that loses packets.
# RIG=DIR: a folder with the least that is possible (scan.c, synscan.c), as two more rows. Needs root.
set -eu
B=$(cd "${B:-build}" && pwd)
CASES=${CASES:-tcp dropped icmp}
RIG=${RIG:-../shared/bench/snmp}
[ "$(id -u)" = 0 ] || { echo "bench-discovery: SKIPPED: making network namespaces needs root" >&2; exit 0; }
W=$(mktemp -d "${TMPDIR:-/tmp}/midd-bench.XXXXXX")
here=midd-scan-$$ there=midd-open-$$ open=
cleanup() {
	[ -z "$open" ] || kill "$open" 2>/dev/null || true
	ip netns del $here 2>/dev/null || true
	ip netns del $there 2>/dev/null || true
	rm -rf "$W"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
near() { ip netns exec $here "$@"; }
far() { ip netns exec $there "$@"; }

network() {
	ip netns add $here
	ip netns add $there
	near ip link add ve0 type veth peer name ve1 netns $there
	near ip link set lo up
	far ip link set lo up
	near ip link set ve0 address 02:00:00:00:00:0a up
	far ip link set ve1 address 02:00:00:00:00:0b up
	near ip addr add 10.200.0.1/24 dev ve0
	far ip addr add 10.200.0.2/24 dev ve1
	near ip route add 10.64.0.0/16 via 10.200.0.2
	far ip route add local 10.64.0.0/16 dev lo
	near ip neigh replace 10.200.0.2 lladdr 02:00:00:00:00:0b dev ve0
	far ip neigh replace 10.200.0.1 lladdr 02:00:00:00:00:0a dev ve1
	near sysctl -qw net.ipv4.ping_group_range="0 2147483647"
	for i in $(seq 0 4999); do echo "10.64.$((i / 250)).$((1 + i % 250))"; done >"$W/targets"
	ip netns exec $there python3 test/bench/scan_open.py ve1 "$W/targets" >"$W/open.log" 2>&1 &
	open=$!
	until grep -qs ready "$W/open.log"; do
		kill -0 $open 2>/dev/null || { cat "$W/open.log"; exit 1; }
		sleep 0.1
	done
}

# An agent of its own, whose start and end are part of the time; its instance is not there.
"$B/bin/midlab" init "$W/lab" --agent bench >/dev/null
RANGES=$(for i in $(seq 0 19); do printf '10.64.%d.1-10.64.%d.250 ' "$i" "$i"; done)
cat >"$W/midd.yaml" <<-Y
	name: bench
	instance: { url: "https://127.0.0.1:9", ca: $W/lab/ca.pem, cert: $W/lab/agents/bench.pem, key: $W/lab/agents/bench.key }
	seal: { mode: required, instance_cert: $W/lab/seal.pem }
	results: { disk_min: 0 B }
	workers: { probes: $B/probes }
	paths: { state: $W/state, control: $W/control }
Y
# Waiting takes no process here: what others do not need is not midd's.
cat >"$W/scan" <<-S
	#!/bin/bash
	exec {never}<> <(:)
	rm -f "$W/control" "$W/raw.sock"
	# With midd-raw: as the service manager starts it, one for each connection.
	raw= helper=false
	[ "\${2:-}" != raw ] || { helper=true; systemd-socket-activate --accept --inetd -l "$W/raw.sock" "$B/bin/midd-raw" \$MIDD_RAW_RATE >"$W/raw.log" 2>&1 & raw=\$!; }
	"$B/bin/midd" --config "$W/midd.yaml" >"$W/log" 2>&1 & midd=\$!
	until [ -S "$W/control" ]; do read -rt 0.005 -u \$never || true; done
	"$B/bin/midctl" --control "$W/control" run Scan ranges="\${3:-$RANGES}" ports="\$1" raw=\$helper banners=false names=false rate=0 window=4000 per_network=60000 --json
	kill \$midd; wait \$midd
	[ -z "\$raw" ] || { kill \$raw; wait \$raw; }
S
chmod +x "$W/scan"
export LEAST=$W/least IFACE=ve0 SOURCE=10.200.0.1 GATEWAY=02:00:00:00:00:0b
mkdir "$LEAST"
for p in scan synscan; do
	[ ! -f "$RIG/$p.c" ] || gcc -O2 -w -o "$LEAST/$p" "$RIG/$p.c"
done
network
near "$W/scan" icmp none 10.64.0.1 >"$W/first.json"	# its store is made
for c in $CASES; do
	case $c in
	tcp) say="5,000 addresses, 10 ports of each" ;;
	dropped) say="the same, two of the ten ports dropped"
		far nft 'table inet f { chain in { type filter hook input priority 0; tcp dport { 135, 445 } drop; }; }' ;;
	lossy) say="the same, and one packet in 20 lost, at random"
		far nft 'table inet f { chain in { type filter hook input priority 0; tcp dport { 135, 445 } drop; }; }'
		far nft 'table inet l { chain in { type filter hook input priority 0; numgen random mod 20 0 drop; }; }' ;;
	icmp) say="5,000 addresses, a ping of each" ;;
	esac
	echo "$say (load $(cut -d' ' -f1 /proc/loadavg)):"
	near python3 test/bench/scan_rows.py "$c" "$W/targets" "$W/scan"
	[ "$c" != lossy ] || far nft delete table inet l
done
