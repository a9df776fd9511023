#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make demo: a stand-in instance hands real jobs to a real agent over mutual
# TLS; results come back sealed, the CMDB record appears, the agent is killed in
# the middle of ten jobs and nothing is lost. KEEP=1 leaves all running.
set -eu
cd "$(dirname "$0")/.."
B=$(cd "${B:-build}" && pwd)
D=$(mktemp -d "${TMPDIR:-/tmp}/midd-demo.XXXXXX")
PATH=$B/bin:$PATH
export MIDD_CONTROL=$D/midd/control MIDLAB_DIR=$D/lab

bold=$(tput bold 2>/dev/null || true) dim=$(tput dim 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true)
[ -t 1 ] || bold='' dim='' plain=''
step() { printf '\n%s── %s%s\n' "$bold" "$*" "$plain"; }
show() { printf '%s$ %s%s\n' "$dim" "$*" "$plain"; "$@"; }
wait_for() {
	local left=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ $left -gt 0 ] || { echo "demo: waited in vain for: $*"; return 1; }
		sleep 0.05
	done
}
stop() {
	status=$?
	if [ "$status" -ne 0 ]; then
		echo "demo: failed (status $status); what the programs said:"
		tail -n 20 "$D"/*.log 2>/dev/null || true
	fi
	for p in agent lab sshd snmpd devices; do
		[ -f "$D/$p.pid" ] && kill -TERM "$(cat "$D/$p.pid")" 2>/dev/null
	done
	wait 2>/dev/null || true
	rm -rf "$D"
	exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

agent_start() {
	midd --config "$D/midd/midd.yaml" >>"$D/midd.log" 2>&1 &
	echo $! >"$D/agent.pid"
	wait_for 20 midctl version
}

step "1. An instance: midlab makes a CA, certificates, a sealing key, users and tables"
midlab init "$D/lab" --agent demo | sed "s|$D|.|g"
midlab serve "$D/lab" --listen 127.0.0.1:0 >"$D/lab.log" 2>&1 &
echo $! >"$D/lab.pid"
wait_for 20 test -s "$D/lab/serve.json"
URL=$(jq -r .url "$D/lab/serve.json")
echo "midlab serves $URL, mutual TLS"

step "2. An agent: midd with its own certificate; it opens no port"
mkdir -p "$D/midd"
cat >"$D/midd/midd.yaml" <<Y
name: demo
instance:
  url: $URL
  ca: ../lab/ca.pem
  cert: ../lab/agents/demo.pem
  key: ../lab/agents/demo.key
seal:
  mode: required                   # only the instance can open results
  instance_cert: ../lab/seal.pem
poll: { min: 200ms, max: 1s }      # a demo is impatient
results: { retry_min: 200ms, disk_min: 0 B }
paths: { state: state, control: control }
policy: { loopback: true, rules: rules }   # this host is its own target here
Y
echo "allow SSHCommand 127.0.0.0/8 * uname -sm" >"$D/midd/rules"
sed 's/^/    /' "$D/midd/midd.yaml"
agent_start
registered() { midctl status --json | jq -e '.health != "problem"'; }	# a layer that this kernel lacks is no problem
wait_for 20 registered
echo "midd runs as pid $(cat "$D/agent.pid")"

step "3. A job: the instance writes a row into the ECC queue and waits for the answer"
show midlab job --agent demo Echo text="hello from the private network" --wait 30

step "4. LocalInventory: the agent collects the machine it runs on; the sealed result comes back"
ID=$(midlab job --agent demo LocalInventory)
answered() { [ "$(midlab table ecc_queue "sys_id=$ID" --fields state --json | jq -r '.[0].state')" = processed ]; }
wait_for 30 answered
echo "as it lies on the instance, before it is opened:"
midlab table ecc_queue "response_to=$ID" --fields payload --json | jq -r '.[0].payload' | cut -c1-230
echo

step "5. The road of that job"
wait_for 20 sh -c "midctl job show $ID --json | jq -e '.stage == \"done\"'"
show midctl job show "$ID"

step "6. The CMDB: the record of this machine, and what belongs to it"
in_cmdb() { [ "$(midlab table cmdb_ci_linux_server --json | jq length)" -ge 1 ]; }
wait_for 30 in_cmdb
show midlab table cmdb_ci_linux_server --fields name,os,os_version,cpu_count,cpu_core_count,ram,serial_number
show midlab table cmdb_ci_network_adapter --fields name,mac_address,ip_address --limit 5
show midlab table cmdb_ci_file_system --fields mount_point,capacity,free_space_bytes --limit 5
show midlab table cmdb_running_process --fields pid,name,command --limit 5
show midlab table cmdb_rel_ci --fields parent,type,child --display --limit 5

step "7. kill -9 in the middle of ten jobs"
midlab job --agent demo Echo --count 10 text="I was there" delay_ms=1500 >/dev/null
busy() { [ "$(midctl status --json | jq '[.lanes[].running] | add')" -ge 5 ]; }
wait_for 20 busy
{ kill -KILL "$(cat "$D/agent.pid")"; wait "$(cat "$D/agent.pid")"; } 2>/dev/null || true
echo "midd was killed with $(midlab table ecc_queue 'queue=output^topic=Echo^state=processing' --json | jq length) jobs under way; it starts again"
agent_start
ten() { [ "$(midlab table ecc_queue 'queue=output^topic=Echo^state=processed' --json | jq length)" -ge 11 ]; }
wait_for 40 ten
midlab table ecc_queue 'queue=input^topic=Echo' --fields response_to --json |
	jq -r 'group_by(.response_to) | map(length) | "\(length - 1) jobs, \(add - 1) answers, at most \(max) to one job"'

# A discovery asks hosts at the ports that everybody has; the demo may have them as root, where nobody else does.
usual=$([ "$(id -u)" = 0 ] && command -v ss >/dev/null && [ -z "$(ss -Hltun '( sport = :22 or sport = :161 )')" ] && echo yes || true)

ssh_host() {
	local sshd port facts before
	sshd=$(command -v sshd || echo /usr/sbin/sshd)
	[ -x "$sshd" ] || { echo "there is no sshd on this machine (openssh-server): left out"; return 0; }
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
	port=${usual:+22}
	port=${port:-$((20000 + $$ % 12000))}
	ssh-keygen -q -t ed25519 -N '' -f "$D/hostkey"
	ssh-keygen -q -t ed25519 -N '' -f "$D/userkey"
	"$sshd" -D -e -f /dev/null -p $port -o ListenAddress=127.0.0.7 -o HostKey="$D/hostkey" -o PidFile=none -o UsePAM=no \
		-o StrictModes=no -o AuthorizedKeysFile="$D/userkey.pub" 2>"$D/sshd.log" &
	echo $! >"$D/sshd.pid"
	wait_for 10 bash -c ": </dev/tcp/127.0.0.7/$port"
	echo "a real sshd on 127.0.0.7, its throw-away key in the instance's store, sealed to the agent:"
	midlab creds add demo-key --type ssh_private_key --user "$(id -un)" <"$D/userkey" >/dev/null
	show midlab creds
	midctl creds reload >/dev/null
	wait_for 10 sh -c "midctl creds list --json | jq -e 'length == 1'"
	show midlab job --agent demo SSHCommand --source 127.0.0.7 port=$port name="uname -sm" --wait 30
	echo "and all that can be known of that host, with one login, into the CMDB; it is this machine again, so it is the same record, seen anew:"
	seen_again() { [ "$(midlab table cmdb_ci_linux_server --fields last_discovered --json | jq -r ".[0].last_discovered")" != "$1" ]; }
	before=$(midlab table cmdb_ci_linux_server --fields last_discovered --json | jq -r ".[0].last_discovered")
	facts=$(midlab job --agent demo UnixFacts --source 127.0.0.7 port=$port)
	wait_for 30 sh -c "midctl job show $facts --json | jq -e '.stage == \"done\"'"
	wait_for 30 seen_again "$before"
	show midlab table cmdb_ci_linux_server --fields name,os,os_version,ip_address,first_discovered,last_discovered
	show midctl creds why 127.0.0.7
	show midctl hostkeys list
}
step "8. A Unix host over SSH: one command, with a credential of the instance, where a rule allows it"
ssh_host

snmp_devices() {
	local snmpd port=${usual:+161} sources="127.0.0.22 127.0.0.23" s
	port=${port:-$((20000 + ($$ + 4000) % 12000))}
	command -v python3 >/dev/null || { echo "there is no python3 to play recorded devices with: left out"; return 0; }
	python3 test/peers/snmp_recorded.py $port 127.0.0.22=test/data/snmp/switch.snmprec 127.0.0.23=test/data/snmp/printer.snmprec >"$D/devices.log" 2>&1 &
	echo $! >"$D/devices.pid"
	wait_for 10 grep -q ready "$D/devices.log"
	snmpd=$(command -v snmpd || echo /usr/sbin/snmpd)
	if [ -x "$snmpd" ]; then
		printf 'agentaddress udp:127.0.0.21:%s\nrocommunity demo-community\nsysName unix-1.example.com\n' $port >"$D/snmpd.conf"
		SNMP_PERSISTENT_DIR=$D/snmpd "$snmpd" -f -C -c "$D/snmpd.conf" -Lf "$D/snmpd.log" -I -smux >/dev/null 2>&1 &
		echo $! >"$D/snmpd.pid"
		wait_for 10 grep -q NET-SNMP "$D/snmpd.log"
		sources="127.0.0.21 $sources"
	else
		echo "there is no snmpd on this machine (snmpd): left out"
	fi
	printf demo-community | midlab creds add demo-community --type snmp >/dev/null
	midctl creds reload >/dev/null
	wait_for 10 sh -c "midctl creds list --json | jq -e 'map(select(.type == \"snmp\")) | length == 1'"
	for s in $sources; do midlab job --agent demo SnmpFacts --source "$s" port=$port --wait 30 >"$D/facts-$s.log" || return 1; done
	known() { [ "$(midlab table cmdb_ci_printer --json | jq length)" -ge 1 ]; }
	wait_for 30 known
	show midlab table cmdb_ci_ip_switch --fields name,model_id,serial_number,firmware_version,ports,stack --display
	show midlab table cmdb_ci_printer --fields name,model_id,serial_number,use_count --display
	show midlab table discovery_device_neighbors --fields origin_interface,neighbor_id,neighbor_interface
	show midlab table cmdb_rel_ci 'type.name=Connects to::Connected by' --fields parent,type,child --display
	show midctl profiles test 127.0.0.22 port=$port
}
step "9. A real snmpd, a switch and a printer over SNMP: what they are, and who is beside them"
snmp_devices

discovery() {
	local hosts=127.0.0.21-127.0.0.23 before
	[ -n "$usual" ] || { echo "it asks at ports 22 and 161, which are not to be had here (not root, or somebody has them): left out"; return 0; }
	[ ! -f "$D/sshd.pid" ] || hosts="127.0.0.7 $hosts"
	show midctl discover $hosts --watch
	show midctl discovery "$(midctl jobs --json | jq -r 'map(select(.topic == "Discover"))[0].id')"
	wait_for 20 sh -c "midctl spool --json | jq -e '.results == 0'"
	show midlab table cmdb_ci_hardware --fields sys_class_name,name,ip_address,serial_number,last_discovered
	before=$(midlab table sys_audit --json --limit 100000 | jq length)
	echo "once more; who has not changed is named, not sent again:"
	show midctl discover $hosts --watch
	wait_for 20 sh -c "midctl spool --json | jq -e '.results == 0'"
		midlab table sys_audit --fields tablename,fieldname --json --limit 100000 |
		jq -r --argjson n "$before" '.[$n:] | "\(length) values of the CMDB have another value now\(if length > 0 then ": " else "" end)\(map("\(.tablename).\(.fieldname)") | unique | join(", "))"'
}
picture() {
	. test/browser.sh
	if ! browser_there; then
		echo "there is no chromium on this machine (BROWSER=1 make deps): no picture; the page is $URL"
	elif mkdir -p build/demo && browser_picture "$D/lab" network build/demo/cmdb.png 1280x800; then
		echo "build/demo/cmdb.png, from $URL/#network: $(midlab table cmdb_rel_ci --json --limit 10000 | jq length) relations in the CMDB"
	else
		echo "chromium could not draw it: no picture; the page is $URL"
	fi
}
step "10. Discovery: from addresses to CIs, without being told what is there"
if bash test/demo-company.sh --can; then
	B=$B unshare -n -m bash test/demo-company.sh
else
	discovery
	picture
fi

step "11. What the operator sees"
wait_for 20 registered
show midctl status

if [ -n "${KEEP:-}" ]; then
	trap - EXIT
	step "It goes on running (KEEP=1). Try:"
	cat <<-T
	    export PATH=$B/bin:\$PATH MIDD_CONTROL=$MIDD_CONTROL MIDLAB_DIR=$MIDLAB_DIR
	    midctl status -w
	    midctl run LocalInventory sections=os,cpu,memory --json | jq .
	    midlab job --agent demo LocalInventory --wait
	    midlab fault insert:500:2        # the instance misbehaves; watch midctl status
	    midlab table cmdb_ci_linux_server
	    xdg-open $URL                    # the lab's web page: user admin, password in $D/lab/admin.password
	    kill $(cat "$D/agent.pid") $(cat "$D/lab.pid"); rm -r $D    # the end
	T
else
	step "Done. KEEP=1 make demo leaves it running."
fi
