# SPDX-License-Identifier: Apache-2.0
# A router that is found on three addresses in two networks is asked once, whichever comes first, and its CI keeps its address. Two
# switches to which somebody has given one engine ID are two: each is asked, each becomes a CI. So are two that have one name.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root for port 161 and a network of its own"
[ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
sysctl -qw net.ipv4.ping_group_range="0 2147483647"

# device NAME MAC SERIAL ADDRESS...
device() {
	local name=$1 mac=$2 serial=$3 i=0 a
	shift 3
	{
		printf '1.3.6.1.2.1.1.1.0|4|Example router RX-3\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.2\n1.3.6.1.2.1.1.5.0|4|%s\n1.3.6.1.2.1.1.7.0|2|6\n' "$name"
		for a in "$@"; do
			i=$((i + 1))
			ip address add "$a/32" dev lo
			printf '1.3.6.1.2.1.2.2.1.1.%d|2|%d\n1.3.6.1.2.1.2.2.1.2.%d|4|eth%d\n1.3.6.1.2.1.2.2.1.3.%d|2|6\n1.3.6.1.2.1.2.2.1.6.%d|4x|%s%02x\n' $i $i $i $i $i $i "$mac" $i
			printf '1.3.6.1.2.1.4.20.1.1.%s|64|%s\n1.3.6.1.2.1.4.20.1.2.%s|2|%d\n1.3.6.1.2.1.4.20.1.3.%s|64|255.255.255.0\n' "$a" "$a" "$a" $i "$a"
		done
		printf '1.3.6.1.2.1.47.1.1.1.1.4.1|2|0\n1.3.6.1.2.1.47.1.1.1.1.5.1|2|3\n1.3.6.1.2.1.47.1.1.1.1.11.1|4|%s\n' "$serial"
		[ -z "${ENGINE:-}" ] || printf '1.3.6.1.6.3.10.2.1.1.0|4x|%s\n' "$ENGINE"
	} | sort -t. -V >"$W/$serial.snmprec"
	for a in "$@"; do echo "$a=$W/$serial.snmprec" >>"$W/words"; done
}
ip link set lo up
device edge-1 02aa0000aa R-1 10.77.1.1 10.77.1.129 10.77.2.1
ENGINE=80000009030200000000ff
device twin-1 02aa0000bb T-1 10.77.1.11
device twin-2 02aa0000cc T-2 10.77.2.12
ENGINE=
device Switch 02aa0000dd N-1 10.77.3.1
device Switch 02aa0000ee N-2 10.77.3.2
# shellcheck disable=SC2046
python3 test/peers/snmp_recorded.py 161 $(cat "$W/words") >"$W/peer.log" 2>&1 &
echo $! >"$W/peer.pid"
wait_for 10 grep -q ready "$W/peer.log"
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
Y
agent_start
printf public | ctl creds add any --type snmp >/dev/null
one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
wait_for 10 one
delivered() { [ "$(ctl spool --json | jq .results)" = 0 ]; }
ended() { ctl discovery "$1" --json | jq -e .ended; }
cmdb() { lab table cmdb_ci_netgear --fields name,serial_number,ip_address --json | jq -r 'sort_by(.name)[] | [.name, .serial_number, .ip_address] | join(" ")'; }
discover() { # RANGE...: how its targets ended, shortly
	id=$(ctl discover "$@" --ports udp:161 --json | jq -r .id)
	wait_for 40 ended "$id"
	wait_for 20 delivered
	ctl discovery "$id" --json | jq -r '.targets | sort_by(.address)[] | "\(.address) \(.state)"' >"$W/targets"
}
# Its further addresses are no further hosts.
has "$(ctl discover 10.77.1.0/24 --ports udp:161 --watch | tail -n 2)" "2 hosts answer: 2 in the CMDB or on their way to it, 0 without facts; 1 more address is theirs"
wait_for 20 delivered
printf '%s\n' "edge-1 R-1 10.77.1.1" "twin-1 T-1 10.77.1.11" "twin-2 T-2 10.77.2.12" >"$W/expected"

discover 10.77.1.0/24 10.77.2.0/24
equal "$(grep -c "done" "$W/targets")" 3 "$(cat "$W/targets")"
equal "$(grep -c "10.77.*1 same\|129 same" "$W/targets")" 2 "$(cat "$W/targets")"
cmdb | diff "$W/expected" - || die "the CMDB is another"

# By another address, and the networks one after the other: the same CIs, and the router once.
discover 10.77.2.0/24
discover 10.77.2.0/24 10.77.1.128/25 10.77.1.0/25
equal "$(grep -c "done" "$W/targets")" 3 "$(cat "$W/targets")"
cmdb | diff "$W/expected" - || die "the CMDB is another"

# Two switches that are called as they came out of their box: two CIs, each with its own serial number, whichever is asked first.
named() { lab table cmdb_ci_netgear nameSTARTSWITHSwitch --fields name,serial_number,ip_address --json | jq -r '.[] | [.name, .serial_number, .ip_address] | join("|")' | sort; }
discover 10.77.3.1-10.77.3.2
named >"$W/named"
equal "$(cut -d'|' -f2,3 "$W/named" | sort | paste -sd' ')" "N-1|10.77.3.1 N-2|10.77.3.2"
equal "$(grep -c "^Switch|" "$W/named") $(grep -cE "^Switch 02:aa:00:00:(dd|ee):01\|" "$W/named")" "1 1" "$(cat "$W/named")"
discover 10.77.3.2
discover 10.77.3.1-10.77.3.2
named | diff "$W/named" - || die "the CMDB is another"
pass
