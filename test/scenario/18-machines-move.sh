# SPDX-License-Identifier: Apache-2.0
# Machines that are given another address from discovery to discovery are one CI each, which says where they are now, also when they come
# back to an address they have had. One whose place another machine has taken is marked absent, though its address answers.
HOSTS=4
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
command -v nft >/dev/null || skip_all "needs nft (apt-get install nftables)"
# Who is at an address: NAME SERIAL MAC, in a network of its own.
cat >"$W/keys/as-host" <<-'S'
	#!/bin/bash
	set -- $SSH_CONNECTION
	d=${0%/*}
	read -r name serial mac <"$d/who-$3"
	hostname "$name"
	mount -t tmpfs none /var/lib/dpkg
	ip link add eth0 address "$mac" type veth peer name other
	ip addr add "10.50.0.${3##*.}/24" dev eth0
	ip link set eth0 up
	mount -t sysfs none /sys	# of this network
	cp -dr /sys/class/net "$d/net.$$"
	mount -t tmpfs none /sys/class
	mkdir -p /sys/class/dmi/id
	mv "$d/net.$$" /sys/class/net
	echo "$name" | md5sum | cut -c1-32 >"$d/id-$3"
	mount --bind "$d/id-$3" /etc/machine-id
	[ ! -e /.dockerenv ] || mount --bind /dev/null /.dockerenv	# where this runs in a container, the hosts do not
	echo "$serial" >/sys/class/dmi/id/product_serial
	exec sh -c "$SSH_ORIGINAL_COMMAND"
S
sed -i 's/unshare --uts/unshare --net --uts/' "$W/sshd.conf"
hosts_serve
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
	discovery: { stale_after: 2 }
Y
nft add table inet away
nft 'add chain inet away in { type filter hook output priority 0; }'
at() { # ADDRESS WHO...: the others are empty
	local n i=0 w
	nft flush chain inet away in
	for w in "$@"; do
		i=$((i + 1))
		case $w in
		-) nft add rule inet away in ip daddr "127.2.0.$i" reject with icmp host-unreachable ;;
		*) n=$(printf '%d' "'$w"); echo "$w SN-$w 02:50:00:00:00:$(printf %02x "$n")" >"$W/keys/who-127.2.0.$i" ;;
		esac
	done
	id=$(begin)
	wait_for 40 ended "$id"
	wait_for 20 delivered
}
cmdb() { lab table cmdb_ci_linux_server --fields name,serial_number,ip_address,install_status --json |
	jq -r 'sort_by(.name)[] | "\(.name) \(.ip_address | sub("10.50.0."; "")) \(.install_status)"' | paste -sd,; }
hosts_agent
at a b c -
equal "$(cmdb)" "a 1 1,b 2 1,c 3 1"
at - b c a
equal "$(cmdb)" "a 4 1,b 2 1,c 3 1" "a has moved"
at a b c -
equal "$(cmdb)" "a 1 1,b 2 1,c 3 1" "a is back at its old address"
at c b a -
equal "$(cmdb)" "a 3 1,b 2 1,c 1 1" "two have changed places"
at c d a -
equal "$(cmdb)" "a 3 1,b 2 1,c 1 1,d 2 1" "another machine is where b was"
at c d a -
equal "$(cmdb)" "a 3 1,b 2 100,c 1 1,d 2 1" "nobody has seen b, twice"
equal "$(ctl discovery "$id" --json | jq -c .missed)" '[{"who":"name=b serial=sn-b","times":2}]'
has "$(ctl discovery "$id")" "not found: name=b serial=sn-b, 2 times in a row"
at c d a b
equal "$(cmdb)" "a 3 1,b 4 1,c 1 1,d 2 1" "b is in use again"
equal "$(lab table cmdb_ci_linux_server --json | jq length)" 4
pass
