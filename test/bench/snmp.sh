#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a device costs over SNMP (make bench-snmp FARM=farm.c): the production module
# driven by probe_run.c against a farm of made-up devices on loopback addresses
# 127.64.x.y, in a network of its own. Needs root, and the farm's source.
set -eu
B=$(cd "${B:-build}" && pwd)
FARM=${FARM:-../shared/bench/snmp/farm.c}
[ -f "$FARM" ] || { echo "bench-snmp: SKIPPED: give the source of the farm: FARM=farm.c" >&2; exit 0; }
if [ -z "${INSIDE:-}" ]; then
	gcc -O2 -w -o "$B/farm" "$FARM" -lcrypto
	gcc -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -O2 -Iinclude -o "$B/probe_run" test/bench/probe_run.c -ldl
	INSIDE=1 B=$B FARM=$FARM exec unshare -n bash "$0"
fi
W=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$W"' EXIT
ip link set lo up
"$B/farm" --port 161 --life 300 2>"$W/farm.log" &
until grep -q varbinds "$W/farm.log"; do sleep 0.05; done
for i in $(seq 0 4999); do echo "127.64.$((i / 250)).$((i % 250 + 1))"; done >"$W/5000"
head -1000 "$W/5000" >"$W/1000"
head -100 "$W/5000" >"$W/100"
get='oid_spec_list=get sysDescr.0,sysObjectID.0,sysName.0'
walk=$'oid_spec_list=walk system\nwalk ifTable\nwalk ifXTable'
farm() { echo "set $*" >/dev/udp/127.0.0.1/19161; }
run() { # WHAT TOPIC DEVICES AT-ONCE COMMUNITY [NAME=VALUE...]
	timeout 60 "$B/probe_run" "$B/probes/snmp.so" share/exec "$2" "$W/$3" 161 "$5" "$4" "${@:6}" | jq -r --arg what "$1" '
		"\($what): \(.targets) devices, \(.ok) answered, \(.seconds) s, \(.cpu_ms) CPU ms a device, \(.targets / .seconds | floor) devices/s, \(.peak_kb / 1024 | floor) MB"'
}
for _ in 1 2 3; do run "get, 5000" SNMP 5000 100000 public "$get"; done
run "v3 authPriv get, 1000" SNMP 1000 100000 bench:authpass123:privpass123 "$get"
run "walk, 1000" SNMP 1000 100 public "$walk"
run "SnmpFacts, 1000" SnmpFacts 1000 100 public
farm loss=5
run "get, 1000, 5 % lost" SNMP 1000 100000 public timeout=1000 "$get"
farm loss=0 delay=50
run "walk, 100, 50 ms away" SNMP 100 100 public "$walk"
farm delay=0 dead=95
run "get, 5000, 95 % dead" SNMP 5000 100000 public timeout=1000 "$get"
