# SPDX-License-Identifier: Apache-2.0
#
# company - a small company in network namespaces (test/data/company/hosts says who is in it): three networks
# 10.88.1-3.0/24 behind a router; hosts with a real sshd and a name, a serial number, an /etc, processes
# and connections of their own; captured systems behind an sshd; devices that speak SNMP, whose tables describe exactly this
# net; a firewall, a tarpit, a host whose key has changed, a clone. Sourced; needs root.
#
#	company_up FOLDER	all of it; the caller's own network gets 10.88.0.2 and the way there
#	company_down		its programs and namespaces go
#
# In FOLDER: user and user.pub, which let in as root; known_hosts with the key that old-1 had before; macs.
. "$(dirname "${BASH_SOURCE[0]}")/unix_root.sh"
COMPANY_HOSTS=$(cd "$(dirname "${BASH_SOURCE[0]}")/../data/company" && pwd)/hosts
COMPANY_ID=cmp$$

company_rows() { grep -v '^#' "$COMPANY_HOSTS"; }
company_ns() { echo "$COMPANY_ID-$1"; }
company_devices() { company_rows | awk -v n="$1" '$1 == n && $5 ~ /^(switch|router|printer|ups)$/ && !($5 == "router" && n != 1) {print $4 "=10.88." $1 "." $2}'; }

company_needs() { # says what is missing
	local p
	[ "$(id -u)" -eq 0 ] || { echo "needs root for namespaces"; return 1; }
	for p in ip busybox python3 nft ssh-keygen; do command -v $p >/dev/null || { echo "needs $p"; return 1; }; done
	[ -x /usr/sbin/sshd ] || { echo "there is no sshd (apt-get install openssh-server)"; return 1; }
}

# --- wires ---------------------------------------------------------------------------------

# NAME MAC of everybody: of captured systems the one they tell of.
company_macs() {
	local net last port name kind more mac
	company_rows | while read -r net last port name kind more; do
		mac=
		[ ! -f "test/data/hosts/$kind/expected.json" ] || mac=$(jq -r '[.interfaces.items[]? | select(.kind != "loopback") | .mac // empty] | first // empty' "test/data/hosts/$kind/expected.json")
		echo "$name ${mac:-$(printf '02:c0:%02x:%02x:00:00' "$net" "$last")}"
	done
}

# What "ip" is to do: namespaces first, then links, which stand in the router's and lead away from there.
company_wires() { # FOLDER STEP
	local net last port name kind more r
	r=$(company_ns router)
	company_rows | while read -r net last port name kind more; do
		case $2/$kind in
		*/router | *-*/switch | */printer | */ups) ;;
		names/switch) echo "netns add $(company_ns "net$net")" ;;
		names/*) echo "netns add $(company_ns "$name")" ;;
		links/switch)
			echo "link add br$net type bridge"; echo "link set br$net up"; echo "addr add 10.88.$net.1/24 dev br$net"
			echo "link add d$net type veth peer name eth0 netns $(company_ns "net$net")"; echo "link set d$net master br$net up" ;;
		links/*)
			echo "link add h$net.$last type veth peer name eth0 address $(awk -v n="$name" '$1 == n {print $2}' "$1/macs") netns $(company_ns "$name")"
			echo "link set h$net.$last master br$net up" ;;
		esac
	done
}
company_address() { # NAMESPACE NET ADDRESS...
	local ns=$1 net=$2 a
	shift 2
	{ for a in "$@"; do echo "addr add $a/24 dev eth0"; done
	  echo "link set lo up"; echo "link set eth0 up"; echo "route add default via 10.88.$net.1"; } | ip -n "$ns" -batch -
}
company_net() { # FOLDER
	local net last port name kind more r
	r=$(company_ns router)
	{ echo "netns add $r"; company_wires "$1" names; } | ip -batch -
	company_wires "$1" links | ip -n "$r" -batch -
	ip link add company0 type veth peer name home netns "$r"
	printf 'addr add 10.88.0.2/24 dev company0\nlink set company0 up\nroute add 10.88.0.0/16 via 10.88.0.1\n' | ip -batch -
	printf 'addr add 10.88.0.1/24 dev home\nlink set home up\nlink set lo up\n' | ip -n "$r" -batch -
	ip netns exec "$r" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	printf 'table inet f { chain forward { type filter hook forward priority 0; ip daddr 10.88.2.0/24 tcp dport { 135, 445 } drop; }; }\n' | ip netns exec "$r" nft -f -
	for net in 1 2 3; do
		company_address "$(company_ns net$net)" $net $(company_devices $net | grep -v router | sed 's/.*=//')
	done
	company_rows | while read -r net last port name kind more; do
		case $kind in router | switch | printer | ups) ;; *) company_address "$(company_ns "$name")" "$net" "10.88.$net.$last" ;; esac
	done
}

# --- who is there ----------------------------------------------------------------------------

company_begin() { # NAMESPACE COMMAND...: it goes with company_down
	local ns=$1
	shift
	ip netns exec "$ns" "$@" >>"$COMPANY/programs.out" 2>&1 &
	echo $! >>"$COMPANY/pids"
}

company_sshd() { # KEY USERS: its configuration
	cat <<-S
		HostKey $1
		PidFile none
		UsePAM no
		StrictModes no
		AuthorizedKeysFile $2
		MaxStartups 100
	S
}

# An /etc with little in it: what all of these need, and what says who this one is.
company_etc() { # NAME KIND FOLDER
	local e=$3 release
	mkdir -p "$e"
	cp -a /etc/alternatives "$e/" 2>/dev/null || true
	cp -p /etc/ld.so.cache /etc/nsswitch.conf "$e/" 2>/dev/null || true
	printf 'root:x:0:0:root:/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n' >"$e/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$e/group"
	echo "root:*:19000:0:99999:7:::" >"$e/shadow"
	echo "$1" >"$e/hostname"
	echo "127.0.0.1 localhost" >"$e/hosts"
	echo "$1" | md5sum | cut -c1-32 >"$e/machine-id"
	case $2 in
	debian) release='Debian GNU/Linux|debian|12|12 (bookworm)' ;;
	ubuntu) release='Ubuntu|ubuntu|22.04|22.04.4 LTS (Jammy Jellyfish)' ;;
	rocky) release='Rocky Linux|rocky|9.3|9.3 (Blue Onyx)' ;;
	suse) release='SLES|sles|15.5|15-SP5' ;;
	alpine) release='Alpine Linux|alpine|3.19.1|3.19.1' ;;
	esac
	awk -F'|' '{printf "NAME=\"%s\"\nID=%s\nVERSION_ID=\"%s\"\nVERSION=\"%s\"\nPRETTY_NAME=\"%s %s\"\n", $1, $2, $3, $4, $1, $4}' <<<"$release" >"$e/os-release"
}

company_dmi() { # NAME FOLDER
	local n=${1^^}
	mkdir -p "$2"
	echo "Example Computers" >"$2/sys_vendor"
	echo "Server 100" >"$2/product_name"
	echo "CMP-$n" >"$2/product_serial"
	echo "$1" | md5sum | sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/' >"$2/product_uuid"
}

# Runs in the host's own namespaces, as its first process: makes a root with this machine's programs and little else of it, then its
# own programs and sshd in there.
company_host_script() {
	cat <<-'S'
		set -eu
		d=$1 name=$2 more=$3 r=$1/root
		hostname "$name"
		mount -t tmpfs host "$r"
		mkdir -p "$r/proc" "$r/sys/class/dmi" "$r/sys/devices" "$r/sys/kernel" "$r/dev" "$r/run/sshd" "$r/tmp" "$r/root" "$r/var/lib"
		cp -a "$d/etc" "$r/etc"
		cp -r "$d/dmi" "$r/sys/class/dmi/id"
		cp -dr /sys/class/net "$r/sys/class/"
		for x in usr bin sbin lib lib32 lib64 libx32; do
			if [ -L /$x ]; then cp -d /$x "$r/"; elif [ -d /$x ]; then mkdir "$r/$x"; mount --bind /$x "$r/$x"; fi
		done
		mount -t tmpfs none "$r/usr/lib/systemd/system"
		for x in dev sys/devices sys/kernel; do mount --bind "/$x" "$r/$x"; done
		mount -t proc proc "$r/proc"
		case $more in
		serves=*) chroot "$r" python3 /etc/talk.py "${more#serves=}" & ;;
		calls=*) chroot "$r" python3 /etc/talk.py client "${more#calls=}" & ;;
		esac
		exec chroot "$r" /usr/sbin/sshd -D -e -f /etc/sshd.conf
	S
}
# A program that serves, or one that is its client and stays connected.
company_talk() {
	cat <<-'P'
		import socket, sys, time
		name, where = (sys.argv[1:] if sys.argv[1] == 'client' else sys.argv[1].split(':'))
		with open('/proc/self/comm', 'w') as f:
		    f.write(name)
		if name != 'client':
		    server, held = socket.create_server(('', int(where))), []
		    while True:
		        held.append(server.accept())
		while True:
		    try:
		        held = socket.create_connection(where.split(':'))
		        held.recv(1)
		    except OSError:
		        time.sleep(0.1)
	P
}

company_host() { # NAME KIND MORE
	local d=$COMPANY/$1
	mkdir -p "$d/root"
	if [ -d "test/data/hosts/$2" ]; then
		company_sshd "$COMPANY/keys/$1" "$COMPANY/user.pub" >"$d/sshd.conf"
		unix_root "$2" "$d/root"
		unix_enter "$d/root" "$d/enter"
		echo "ForceCommand $d/enter" >>"$d/sshd.conf"
		company_begin "$(company_ns "$1")" /usr/sbin/sshd -D -e -f "$d/sshd.conf"
		return
	fi
	company_etc "$1" "$2" "$d/etc"
	company_sshd /etc/key /etc/user.pub >"$d/etc/sshd.conf"
	cp "$COMPANY/keys/$1" "$d/etc/key"
	cp "$COMPANY/user.pub" "$COMPANY/talk.py" "$d/etc/"
	case $3 in clone=*) company_dmi "${3#clone=}" "$d/dmi" ;; *) company_dmi "$1" "$d/dmi" ;; esac
	company_begin "$(company_ns "$1")" unshare -m -u -p -f --kill-child --mount-proc bash "$COMPANY/host.sh" "$d" "$1" "${3:-}"
}

company_people() {
	local net last port name kind more
	while read -r net last port name kind more; do
		case $kind in
		router | switch | printer | ups) ;;
		mute)
			printf 'table inet f { chain in { type filter hook input priority 0; policy drop; icmp type echo-request accept; }; }\n' |
				ip netns exec "$(company_ns "$name")" nft -f - ;;
		tarpit) company_begin "$(company_ns "$name")" python3 "$COMPANY/tarpit.py" ;;
		*) company_host "$name" "$kind" "$more" ;;
		esac
		[ "$more" != changed ] || echo "10.88.$net.$last $(cut -d' ' -f1,2 "$COMPANY/keys/other.pub")" >>"$COMPANY/known_hosts"
	done < <(company_rows)
}

# Devices answer for each network from one namespace; the router where it is.
company_devices_begin() {
	local net words
	python3 test/peers/company_devices.py "$COMPANY_HOSTS" "$COMPANY/macs" "$COMPANY/devices"
	for net in 1 2 3; do
		words=$(company_devices $net | grep -v router | awk -F= -v d="$COMPANY/devices" '{print $2 "=" d "/" $1 ".snmprec"}')
		company_begin "$(company_ns net$net)" python3 test/peers/snmp_recorded.py 161 $words
	done
	words=; for net in 1 2 3; do words="$words 10.88.$net.1=$COMPANY/devices/router-1.snmprec"; done
	company_begin "$(company_ns router)" python3 test/peers/snmp_recorded.py 161 $words
}

company_is_up() {
	local net last port name kind more
	[ "$(grep -c ready "$COMPANY/programs.out")" -ge 4 ] || return 1
	while read -r net last port name kind more; do
		case $kind in router | switch | printer | ups | mute) continue ;; esac
		timeout 1 bash -c ": </dev/tcp/10.88.$net.$last/22" 2>/dev/null || return 1
	done < <(company_rows)
	# Who calls is connected.
	[ "$(ip netns exec "$(company_ns db-1)" ss -Htn state established sport = 5432 | wc -l)" -ge 2 ] &&
		[ "$(ip netns exec "$(company_ns db-2)" ss -Htn state established sport = 5432 | wc -l)" -ge 1 ]
}

company_up() {
	local name kind more
	COMPANY=$1
	mkdir -p "$COMPANY/keys" "$COMPANY/devices" /run/sshd
	: >"$COMPANY/pids"; : >"$COMPANY/programs.out"; : >"$COMPANY/known_hosts"
	company_macs >"$COMPANY/macs"
	company_host_script >"$COMPANY/host.sh"
	company_talk >"$COMPANY/talk.py"
	cat >"$COMPANY/tarpit.py" <<-'P'
		import socket, time
		server, held = socket.create_server(('', 22)), []
		while True:
		    held.append(server.accept())
	P
	ssh-keygen -q -t ed25519 -N '' -f "$COMPANY/user"
	for name in other $(company_rows | awk '$5 !~ /^(router|switch|printer|ups|mute|tarpit)$/ {print $4}'); do
		ssh-keygen -q -t ed25519 -N '' -f "$COMPANY/keys/$name"
	done
	company_net "$COMPANY"
	company_people
	company_devices_begin
	wait_for 30 company_is_up
}

company_down() {
	local ns
	# By SIGKILL: unshare waits for its child through the others, which dies with it.
	kill -KILL $(cat "$COMPANY/pids" 2>/dev/null) 2>/dev/null || true
	for ns in $(ip netns list | awk -v p="$COMPANY_ID-" 'index($1, p) == 1 {print $1}'); do ip netns del "$ns"; done
}
