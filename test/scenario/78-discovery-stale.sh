# SPDX-License-Identifier: Apache-2.0
# A host that two discoveries in a row look for in vain (discovery.stale_after) is marked absent in the CMDB, keeps the date on
# which it was last seen and is not deleted; when it answers again it is there again. One that answers at another address is not gone.
HOSTS=3
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
hosts_serve
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
	discovery: { stale_after: 2 }
Y
hosts_agent
host() { lab table cmdb_ci_linux_server "name=$1" --fields "$2" --json | jq -r "map(.$2 // \"\") | join(\" \")"; }
look() { # the hosts once more, and one in a network of its own
	id=$(begin 127.2.1.9)
	wait_for 40 ended "$id"
	wait_for 20 delivered
}
away() { away_at "127.2.0.$1"; }
away_at() { nft add rule inet away in ip daddr "$1" reject with icmp host-unreachable; }
nft add table inet away 2>/dev/null || skip_all "cannot make a firewall (nft)"
nft 'add chain inet away in { type filter hook output priority 0; }'

look
equal "$(host host-2 install_status)" 1
seen=$(host host-2 last_discovered)
away 2
away_at 127.2.1.9
look
equal "$(host host-2 install_status)" 1 "missed once"
agent_kill
agent_start
look
equal "$(host host-2 install_status)" 100 "missed twice"
equal "$(host host-2 u_stale)" true
equal "$(host host-2 last_discovered)" "$seen"
equal "$(host host-1 install_status) $(host host-3 install_status)" "1 1"
equal "$(host host-1 u_stale)" ""
equal "$(host host-9 install_status)" 1 "nobody answers in its whole network"
# What was not looked for is not missed.
nft flush chain inet away in
away 1
for _ in 1 2; do ctl discover 127.2.0.3 --ports ssh --json | jq -r .id >"$W/id"; wait_for 40 ended "$(cat "$W/id")"; done
equal "$(host host-1 install_status)" 1 "in none of the ranges"

nft flush chain inet away in
look
equal "$(host host-2 install_status) $(host host-2 u_stale)" "1 false" "back again"
[ "$(host host-2 last_discovered)" \> "$seen" ] || die "last_discovered stays $seen"
equal "$(lab table cmdb_ci_linux_server --json | jq length)" 4
pass
