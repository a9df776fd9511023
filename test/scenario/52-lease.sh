# SPDX-License-Identifier: Apache-2.0
# An agent that is cut off from the instance begins nothing more of a discovery, since another one may have it by then; nor after a
# kill and a start, until it has heard. When the instance is there again it goes on, and asks no host twice.
: "${HOSTS:=5}"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
hosts_serve
lab_init
lab_start --heartbeat 1
agent_config <<-Y
	policy: { loopback: true }
	discovery: { at_once: 1 }
Y
hosts_agent
n=$(lab discover "127.2.0.1-127.2.0.$HOSTS" --agent demo --with ports=ssh)
row() { lab table discovery_status "number=$n" --json | jq -c '.[0]'; }
begun() { [ "$(logins)" -ge 1 ]; }
wait_for 20 begun
lab_stop
held() { ctl status --json | jq -e '[.. | .why? // empty | strings | select(test("may have given this discovery to another"))] | length > 0'; }
wait_for 20 held
asked=$(logins)
[ "$asked" -lt "$HOSTS" ] || die "all were asked before it was cut off"
agent_kill
agent_start
wait_for 10 held
equal "$(logins)" "$asked" "logins while the instance was away"
lab_start --heartbeat 1
over() { row | jq -e '.state == "Completed" and .u_done == "5"' >/dev/null; }
wait_for 40 over
equal "$(logins)" "$HOSTS" "logins in all"
pass
