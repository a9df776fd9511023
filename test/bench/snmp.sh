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
	for floor in rawudp rawv3; do
		if [ -f "$(dirname "$FARM")/$floor.c" ]; then gcc -O2 -w -o "$B/$floor" "$(dirname "$FARM")/$floor.c" -lcrypto; fi
	done
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
# The floor: one socket, no library, as the folder of the farm has it.
floor() { # WHAT PROGRAM DEVICES [OPTION...]
	[ -x "$B/$2" ] || return 0
	local n TIMEFORMAT='%R %U %S'
	n=$(wc -l <"$W/$3")
	{ time timeout 60 "$B/$2" ${MODE:+"$MODE"} "$W/$3" "${@:4}" >"$W/floor.out" 2>/dev/null; } 2>"$W/floor.time"
	awk -v what="$1" -v n="$n" -v ok="$(wc -l <"$W/floor.out")" '{ printf "    floor %s: %d devices, %d answered, %.3f s, %.4f CPU ms a device\n", what, n, ok, $1, ($2 + $3) * 1000 / n }' "$W/floor.time"
}
for _ in 1 2 3; do run "get, 5000" SNMP 5000 100000 public "$get"; done
MODE=get floor "get, 5000" rawudp 5000
run "v3 authPriv get, 1000" SNMP 1000 100000 bench:authpass123:privpass123 "$get"
MODE='' floor "v3 authPriv get, 1000" rawv3 1000
run "walk, 1000" SNMP 1000 100 public "$walk"
MODE=walk floor "walk, 1000" rawudp 1000 -k 4
run "SnmpFacts, 1000" SnmpFacts 1000 100 public
farm loss=5
run "get, 1000, 5 % lost" SNMP 1000 100000 public timeout=1000 "$get"
MODE=get floor "get, 1000, 5 % lost" rawudp 1000 -t 1000 -r 2
farm loss=0 delay=50
run "walk, 100, 50 ms away" SNMP 100 100 public "$walk"
MODE=walk floor "walk, 100, 50 ms away" rawudp 100 -k 4
farm delay=0 dead=95
run "get, 5000, 95 % dead" SNMP 5000 100000 public timeout=1000 "$get"
MODE=get floor "get, 5000, 95 % dead" rawudp 5000 -t 1000 -r 2 -w 8192
