# SPDX-License-Identifier: Apache-2.0
# LocalInventory: the agent collects this machine, the CMDB gets its record with
# related items, and a second run changes nothing but what has changed.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
run_job LocalInventory >"$W/facts.json"
jq -e .os "$W/facts.json" >/dev/null
servers() { [ "$(lab table cmdb_ci_linux_server --json | jq length)" -eq 1 ]; }
wait_for 30 servers
name=$(lab table cmdb_ci_linux_server --fields name --json | jq -r '.[0].name')
[ -n "$name" ] || die "the record has no name"
processes() { [ "$(lab table cmdb_running_process --json | jq length)" -ge 3 ]; }
wait_for 30 processes
[ "$(lab table cmdb_rel_ci --json | jq length)" -ge 1 ] || die "no relations"
# A machine with a way to the network has an address, also inside the sandbox.
if jq -e '[.routes.items[]? | select(.gateway)] | length > 0' "$W/facts.json" >/dev/null; then
	[ "$(lab table cmdb_ci_ip_address "nic.cmdb_ci.name=$name" --json | jq length)" -ge 1 ] || die "no addresses"
fi
run_job LocalInventory >/dev/null
wait_for 30 servers
equal "$(lab table cmdb_ci_linux_server --json | jq length)" 1

# By hand, without the daemon, the same facts and nothing else on standard output.
"$B/bin/midctl" run LocalInventory --no-daemon --json >"$W/byhand.json"
jq -e . "$W/byhand.json" >/dev/null
agent_stop
pass
