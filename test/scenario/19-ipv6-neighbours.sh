# SPDX-License-Identifier: Apache-2.0
# Nobody can try all of a /64. A discovery of one asks the hosts that midd's own host has among its neighbours, and those that these see
# behind them; the makers of hardware are looked up, and one on our link that drops all that comes is there all the same. A range that nobody sees anything of is refused in words.
HOSTS=1
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
ip netns list >/dev/null 2>&1 || skip_all "cannot make networks of its own (ip netns)"
command -v nft >/dev/null || skip_all "needs nft (apt-get install nftables)"
NS=six$$
cleanup_more() { for n in near far; do ip netns del "$NS-$n" 2>/dev/null || true; done; }
# near is on our link, far only on near's; far's way to us leads through near.
ip netns add "$NS-near"
ip netns add "$NS-far"
ip link add us type veth peer name eth0 netns "$NS-near" address 00:1b:21:00:00:01	# a prefix of Intel's
ip -n "$NS-near" link add eth1 type veth peer name eth0 netns "$NS-far"
ip addr add fd00:61::1/64 dev us nodad
ip link set us up
ip -n "$NS-near" addr add fd00:61::2/64 dev eth0 nodad
ip -n "$NS-near" addr add fd00:62::2/64 dev eth1 nodad
ip -n "$NS-far" addr add fd00:62::f00d/64 dev eth0 nodad
for n in near far; do for d in lo eth0; do ip -n "$NS-$n" link set $d up; done; done
ip -n "$NS-near" link set eth1 up
ip netns exec "$NS-near" sysctl -qw net.ipv6.conf.all.forwarding=1
ip route add fd00:62::/64 via fd00:61::2
ip -n "$NS-far" route add default via fd00:62::2
sed -i 's/^ListenAddress .*/ListenAddress ::/' "$W/sshd.conf"
sed -i 's/hostname .*/hostname "host-$(echo "$3" | tr -d :)"/' "$W/keys/as-host"
for n in near far; do
	ip netns exec "$NS-$n" "$SSHD" -D -e -f "$W/sshd.conf" 2>>"$W/sshd.log" &
	echo $! >"$W/sshd-$n.pid"
done
answers6() { timeout 1 bash -c ": </dev/tcp/fd00:61::2/22" && timeout 2 bash -c ": </dev/tcp/fd00:62::f00d/22"; }
wait_for 20 answers6
lab_init
lab_start
agent_config </dev/null
hosts_agent

has "$(ctl discover fd00:99::/64 2>&1 || true)" "this host's table of neighbours has none of it"
has "$(ctl discover fd00:61::/64 fd00:62::/64 --dry-run)" "1 address that policy allows: fd00:61::2"
id=$(ctl discover fd00:61::/64 fd00:62::/64 --ports ssh --json | jq -r .id)
wait_for 60 ended "$id"
equal "$(ctl discovery "$id" --json | jq -r '.targets | sort_by(.address)[] | "\(.address) \(.state)"' | paste -sd,)" \
	"fd00:61::1 failed,fd00:61::2 done,fd00:62::f00d done"	# near sees us, too; its own second address is not asked
wait_for 20 delivered
equal "$(lab table cmdb_ci_linux_server --json | jq -r 'map(.name) | sort | join(" ")')" "host-fd00612 host-fd0062f00d"
has "$(ctl run Scan ranges=fd00:61::/64 ports=ssh --json)" '"mac_address":"00:1b:21:00:00:01"'
[ ! -e /usr/lib/udev/hwdb.d/20-OUI.hwdb ] || has "$(ctl run Scan ranges=fd00:61::/64 ports=ssh --json)" '"mac_vendor":"Intel Corporate"'

# It lets nothing in, and answers ARP.
ip addr add 10.61.0.1/24 dev us
ip -n "$NS-near" addr add 10.61.0.2/24 dev eth0
printf 'table inet mute { chain in { type filter hook input priority 0; ip daddr 10.61.0.2 drop; }; }\n' | ip netns exec "$NS-near" nft -f -
equal "$(ctl run Scan ranges=10.61.0.2-10.61.0.3 ports=22,80 dead=true --json | jq -c '.hosts[] | [.address, .alive, .mac_address]' | paste -sd' ')" \
	'["10.61.0.2",true,"00:1b:21:00:00:01"] ["10.61.0.3",false,null]'
pass
