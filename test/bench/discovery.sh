#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a scan costs (make bench-discovery RIG=DIR): 5,000 addresses and 10 ports of each, 6,500 of them open, beside
# others that do the same; then with two ports dropped, then pings. The rig (RIG: run-scan.sh and its two minimal scanners)
# makes the network and counts what is missed and wrong. Needs root.
set -eu
B=$(cd "${B:-build}" && pwd)
RIG=${RIG:-../shared/bench/snmp}
CASES=${CASES:-lo lofilt icmp}
[ -x "$RIG/run-scan.sh" ] || { echo "bench-discovery: SKIPPED: name the folder of the rig: RIG=DIR" >&2; exit 0; }
for p in nmap masscan pnscan fping zmap; do
	command -v $p >/dev/null || echo "bench-discovery: MISSING: $p (make bench-deps)" >&2
done
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
# An agent of its own, whose start and end are part of the time; its instance is not there.
"$B/bin/midlab" init "$W/lab" --agent bench >/dev/null
cat >"$W/scan" <<-S
	#!/bin/bash
	d=\$(mktemp -d "$W/midd.XXXXXX")
	cat >"\$d/midd.yaml" <<-Y
		name: bench
		instance: { url: "https://127.0.0.1:9", ca: $W/lab/ca.pem, cert: $W/lab/agents/bench.pem, key: $W/lab/agents/bench.key }
		seal: { mode: required, instance_cert: $W/lab/seal.pem }
		results: { disk_min: 0 B }
		workers: { probes: $B/probes }
		policy: { loopback: true }
		paths: { state: \$d/state, control: \$d/control }
	Y
	"$B/bin/midd" --config "\$d/midd.yaml" >"\$d/log" 2>&1 & midd=\$!
	until "$B/bin/midctl" --control "\$d/control" version >/dev/null 2>&1; do sleep 0.02; done
	ranges=\$(awk -F. '{n = \$1 "." \$2 "." \$3; if (!(n in a)) a[n] = \$0; z[n] = \$0} END {for (n in a) printf "%s-%s ", a[n], z[n]}' "\$TARGETS")
	"$B/bin/midctl" --control "\$d/control" run Scan ranges="\$ranges" ports="\$1" banners=false names=false rate=0 window=4000 per_network=60000 --json |
		grep -vE '^\{"schema"|^\]' | sed 's/,\$//' | jq -r --arg p "\$1" 'if \$p == "icmp" then select(.alive) | .address
			else .address as \$a | .ports[]? | select(.result == "open") | "\(\$a) \(.port)" end'
	kill \$midd; wait \$midd
S
chmod +x "$W/scan"
for c in $CASES; do
	case $c in
	icmp) mine="midd|icmp|alive|$W/scan icmp" ;;
	*) mine="midd|tcp|pairs|$W/scan \$PORTS" ;;
	esac
	"$RIG/run-scan.sh" "$c" --rounds "${ROUNDS:-3}" --only "${OTHERS:-.}" -c "$mine"
done
