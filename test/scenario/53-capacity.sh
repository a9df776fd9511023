# SPDX-License-Identifier: Apache-2.0
# An agent tells the instance what it can do and how much at once: of a cluster who can do three times as much gets three times as
# many discoveries, and one that asks for a way only some know goes to those. Rows of an operator count, and midd's own go.
. "$(dirname "$0")/lib.sh"
lab_init --agent big --agent small
lab_start
# AGENT SLOTS WAYS: an agent of so many slots.
conf() {
	agent_config "$1" <<-Y
		policy: { loopback: true }
		jobs: { interactive: 1, expedited: 1, standard: $(($2 - 2)) }
		discovery: { ways: "$3" }
		report: { refresh: 1s }
	Y
}
conf big 12 "ssh=UnixFacts, snmp=SnmpFacts"; agent_start big
conf small 4 "snmp=SnmpFacts"; agent_start small
lab cluster add east big small
can() { lab table ecc_agent_capability "agent.name=$1^capability=$2" --json | jq -e 'length == 1' >/dev/null; }
says() { [ "$(lab table ecc_agent_status "mid_server.name=$1" --json | jq -r '.[0].u_slots')" = "$2" ]; }
for a in big small; do wait_for 10 can $a SNMP; wait_for 10 can $a UnixFacts; done
can big SSH
! can small SSH || die "small knows no way to ask by SSH"
wait_for 10 says big 12
wait_for 10 says small 4
lab report --json | jq -e '[.load[] | [."mid_server.name", .u_slots]] == [["big","12"],["small","4"]]' >/dev/null || die "midlab report does not say what each can do"

who() { lab table discovery_status "number=$1" --fields mid_server.name --json | jq -r '.[0]["mid_server.name"]'; }
given() { [ "$(who "$1")" != "" ]; }
slow="ports=1-40 rate=20"
for i in 1 2 3 4 5 6 7 8; do lab discover "127.0.$i.1-127.0.$i.9" --cluster east --with "$slow" >>"$W/runs"; done
for n in $(cat "$W/runs"); do wait_for 10 given "$n"; who "$n"; done | sort | uniq -c | awk '{print $2, $1}' >"$W/shared"
equal "$(tr '\n' ' ' <"$W/shared")" "big 6 small 2 "

# By capability, whoever has less to do.
for i in 11 12 13; do
	n=$(lab discover "127.0.$i.1" --cluster east --capability SSH)
	wait_for 10 given "$n"
	equal "$(who "$n")" big
done
n=$(lab discover 127.0.14.1 --cluster east --capability vCenter)
why() { lab table discovery_status "number=$n" --fields u_why --json | jq -r '.[0].u_why'; }
waits() { why | grep -q "has not the capability"; }
wait_for 5 waits

# What an operator has written for an agent is all it may be given.
row=$(printf '{"agent": "%s", "name": "by hand", "capability": "SNMP"}' "$(lab table ecc_agent name=big --json | jq -r '.[0].sys_id')")
curl -sS --cacert "$W/lab/ca.pem" -u "admin:$(cat "$W/lab/admin.password")" -H 'Content-Type: application/json' -d "$row" "$LAB_URL/api/now/table/ecc_agent_capability" >/dev/null
agent_kill big
agent_start big
only_by_hand() { [ "$(lab table ecc_agent_capability agent.name=big --fields name --json | jq -c 'map(.name)')" = '["by hand"]' ]; }
wait_for 10 only_by_hand
pass
