# SPDX-License-Identifier: Apache-2.0
# Network devices: jobs of the instance make CIs of a switch and a printer; the profiles are
# listed, checked and tried, on a device and on a recording of it.
. "$(dirname "$0")/lib.sh"
PORT=$((20000 + ($$ + 5100) % 12000))
DATA=$(cd test/data/snmp && pwd)
python3 test/peers/snmp_recorded.py $PORT 127.0.0.22="$DATA/switch.snmprec" 127.0.0.23="$DATA/printer.snmprec" >"$W/devices.log" 2>&1 &
echo $! >"$W/devices.pid"
wait_for 10 grep -q ready "$W/devices.log"
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
Y
agent_start
printf any | ctl creds add any --type snmp >/dev/null
one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
wait_for 10 one

for s in 22 23; do run_job SnmpFacts --source 127.0.0.$s port=$PORT >/dev/null; done
in_cmdb() { [ "$(lab table cmdb_ci_ip_switch --json | jq length)" = 2 ] && [ "$(lab table cmdb_ci_printer --json | jq length)" = 1 ]; }
wait_for 20 in_cmdb
equal "$(lab table cmdb_ci_ip_switch name=access-7.example.com --json | jq -r '.[0] | [.serial_number, .firmware_version, .ports, .stack] | join(" ")')" "EXS1700042 4.2.1 10 true"
equal "$(lab table cmdb_rel_ci 'type.name=Connects to::Connected by^child.name=core-1.example.com' --json | jq length)" 1
equal "$(lab table discovery_printer_supplies --json | jq length)" 2

alone() { "$B/bin/midctl" profiles "$@"; }
ctl profiles test 127.0.0.22 port=$PORT >"$W/asked"
alone test "$DATA/switch.snmprec" >"$W/recorded"
equal "$(cat "$W/asked")" "$(cat "$W/recorded")"
has "$(cat "$W/asked")" "model       EX-2410"
has "$(cat "$W/asked")" "standard: entity model"
equal "$(alone test "$DATA/ups.snmprec" --json | jq -c '[.class, .model, .ups.minutes_left]')" '["ups","UP-3000",42]'
[ "$(alone list --json | jq length)" -gt 400 ] || die "few profiles"
has "$(alone list)" "cisco-nxos"
for f in share/profiles/*.yaml; do has "$(alone check "$f")" "no mistake"; done
printf -- '- name: a\n  class: switch\n  serial: "get one"\n- name: b\n  shade: red\n' >"$W/bad.yaml"
if alone check "$W/bad.yaml" >"$W/out" 2>&1; then die "a bad file passed"; fi
has "$(cat "$W/out")" "bad.yaml line 3: get, first and count are followed by an OID"
has "$(cat "$W/out")" "bad.yaml line 5: a key is name"
if alone test "$W/bad.yaml" >"$W/out" 2>&1; then die "no recording was read"; fi
has "$(cat "$W/out")" "line 1 is none of a recording"
agent_stop
kill "$(cat "$W/devices.pid")"
pass
