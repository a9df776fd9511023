# SPDX-License-Identifier: Apache-2.0
# SNMP by hand: a community is taken without midd and never from a job; what was recorded is played
# back without the agent; raw lines are snmpwalk's; a million rows need less than 64 MB.
. "$(dirname "$0")/lib.sh"
PORT=$((20000 + ($$ + 5100) % 12000))
"$B/test/peers/snmp_rows" $PORT 1000000 >"$W/rows.log" 2>&1 &
echo $! >"$W/rows.pid"
wait_for 10 grep -q ready "$W/rows.log"
table='oid_spec_list=table ifTable ifIndex,ifDescr'
alone() {
	"$B/bin/midctl" --control "$W/none" run "$@" --worker "$B/bin/midd-worker" --probes "$B/probes" --maps share/map --exec share/exec
}

# Nobody is there but the agent.
alone SNMP --source 127.0.0.9 port=$PORT community=any max_values=2000 --record "$W/some.snmprec" "$table" >"$W/some.xml" 2>"$W/some.err" || true
has "$(cat "$W/some.err")" "more than is taken"
[ "$(grep -o '<ifEntry instance=' "$W/some.xml" | wc -l)" -ge 900 ] || die "max_values=2000 left $(wc -c <"$W/some.xml") bytes"
equal "$(stat -c %a "$W/some.snmprec")" 600
has "$(head -40 "$W/some.snmprec")" '1.3.6.1.2.1.2.2.1.1.7|2|7'
has "$(head -60 "$W/some.snmprec")" '1.3.6.1.2.1.2.2.1.2.7|4|port 7'
if alone SNMP --source 127.0.0.9 port=$PORT "$table" >"$W/out" 2>&1; then die "answered without a community"; fi

# With midd: the community that is given is the only one that counts, and a job can give none.
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
snmp: { rate: 10000 }
Y
agent_start
has "$(ctl run SNMP --source 127.0.0.9 port=$PORT community=any oid_spec_list='get ifDescr.1000000')" '>port 1000000</ifDescr>'
has "$(run_job SNMP --source 127.0.0.9 port=$PORT community=any oid_spec_list='get ifDescr.1' 2>&1 || true)" 'no credential'
ctl run SNMP --source 127.0.0.9 port=$PORT community=any max_values=100 --raw "$table" >"$W/raw" 2>/dev/null || true
equal "$(sed -n 3p "$W/raw")" '.1.3.6.1.2.1.2.2.1.1.3 = INTEGER: 3'

# Every row, and what the worker needed for them.
ctl run SNMP --source 127.0.0.9 port=$PORT community=any "$table" >"$W/all.xml"
equal "$(grep -o '<ifEntry instance=' "$W/all.xml" | wc -l)" 1000000
has "$(tail -c 200 "$W/all.xml")" '<ifEntry instance="1000000"><ifIndex>1000000</ifIndex><ifDescr>port 1000000</ifDescr></ifEntry></ifTable></snmp>'
most=0
for pid in $(ctl status --json | jq '.workers[].pid'); do
	kb=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' /proc/"$pid"/status)
	[ "$kb" -le $most ] || most=$kb
done
[ "$most" -gt 0 ] && { [ "$most" -lt 65536 ] || [ -n "${SAN:-}" ]; } || die "a worker needed $most kB"
agent_stop

# The agent is gone; its recording answers.
kill "$(cat "$W/rows.pid")"
rm -f "$W/rows.pid"
alone SNMP --replay "$W/some.snmprec" "$table" >"$W/again.xml"
equal "$(grep -c 'port 900<' "$W/again.xml")" 1
has "$(cat "$W/again.xml")" 'version="recorded"><ifTable><ifEntry instance="1"><ifIndex>1</ifIndex><ifDescr>port 1</ifDescr></ifEntry>'
pass
