# SPDX-License-Identifier: Apache-2.0
# SnmpFacts against recorded devices: `test/corpus-snmp.sh FOLDER`. The recordings are
# played on loopback addresses by FOLDER/tools/snmpreplay.py and asked over UDP by an agent,
# as devices are; test/corpus_snmp.py compares with FOLDER/snmp/expected.json.
folder=$(cd "${1:-${CORPUS:-../shared/corpus}}" 2>/dev/null && pwd) || folder=none
shift || true
if [ ! -f "$folder/snmp/expected.json" ]; then
	echo "corpus: SKIPPED: $folder/snmp/expected.json is not there" >&2
	exit 0
fi
. "$(dirname "$0")/scenario/lib.sh"
PORT=$((20000 + ($$ + 3100) % 12000))
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
Y
agent_start
printf public | ctl creds add replay --type snmp >/dev/null
one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
wait_for 10 one
python3 "$folder/tools/snmpreplay.py" --port $PORT --spread 127.77.0.1 --map "$W/map.json" "$folder/snmp" >"$W/replay.log" 2>&1 &
echo $! >"$W/replay.pid"
wait_for 60 test -s "$W/map.json"
status=0
python3 "$(dirname "${BASH_SOURCE[0]}")/corpus_snmp.py" --midctl "$B/bin/midctl" --control "$W/$AGENT/control" \
	--port $PORT --map "$W/map.json" "$@" "$folder/snmp" || status=$?
# The CMDB takes all of what the maps make of each of them: no part is refused, and none is set aside.
for a in $(jq -r '.[].address' "$W/map.json" | sort -u); do job SnmpFacts --source "$a" port=$PORT >/dev/null; done
devices=$(lab table ecc_queue "queue=output^topic=SnmpFacts" --fields sys_id --limit 5000 --json | jq length)
taken() { [ "$(outputs_in processed SnmpFacts)" = "$devices" ] && [ "$(ctl spool --json | jq .results)" = 0 ]; }
wait_for 60 taken
lab table discovery_log --fields message --json | jq -r '.[].message' >"$W/refused"
lab table cmdb_ire_incomplete_payloads --fields message --json | jq -r '.[].message' >>"$W/refused"
echo "snmp: $devices devices are in the CMDB, $(wc -l <"$W/refused") payloads of them were not taken whole"
[ ! -s "$W/refused" ] || { cut -c1-400 "$W/refused"; status=1; }
agent_stop
[ $status = 0 ] || { trap - ERR; FAILED=$status; exit $status; }
pass
