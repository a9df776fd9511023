#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make check-windows: the programs for Windows, made here and run by wine against a lab, a sshd and
# a snmpd on this machine. 77: not run, and why. WINEPREFIX is kept between runs: making it takes up to a minute.
. "$(dirname "$0")/scenario/lib.sh"
command -v x86_64-w64-mingw32-gcc >/dev/null || skip_all "NOT RUN: mingw-w64 is missing: apt-get install --no-install-recommends gcc-mingw-w64-x86-64-posix libz-mingw-w64-dev"
[ -f build/deps/windows/versions ] || skip_all "NOT RUN: the libraries for Windows are missing: packaging/deps/windows.sh build/deps/windows"
WIN=build/windows
nice "${MAKE:-make}" -s HOST=windows B="$WIN" all >"$W/build" 2>&1 || { grep -E 'error|undefined' "$W/build" | head -20; die "make HOST=windows: see above"; }
WIN=$(cd "$WIN" && pwd)
PATH=/usr/lib/wine:$PATH
command -v wine64 >/dev/null && command -v wineserver64 >/dev/null || skip_all "NOT RUN: wine is missing: apt-get install --no-install-recommends wine64 wine"
export WINEPREFIX=${WINEPREFIX:-$HOME/.cache/midd-wine} WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=d;mshtml=d'
unset DISPLAY

# Nothing of wine's is piped: its services would hold the pipe.
win() { timeout "${WIN_SECONDS:-60}" wine64 "$@" <"${WIN_IN:-/dev/null}" >"$W/out" 2>"$W/err"; }
midctl() { win "$WIN/bin/midctl.exe" --control "//./pipe/$PIPE" "$@"; }
says() { cat "$W/out" "$W/err"; }
cleanup_more() { wineserver64 -k 2>/dev/null || true; }
seen() { echo "seen: $*"; }

mkdir -p "$WINEPREFIX"
if ! [ -f "$WINEPREFIX/system.reg" ]; then
	WIN_SECONDS=300 win wineboot -i || true
	win winecfg -v win10 || true
fi
wineserver64 -p || true	# one that runs already is as good
PIPE=midd-test-$$

# --- no release of old libraries ----------------------------------------------------

mkdir -p "$W/libs"
sed 's/ .*/ 99:1/; s/^openssl .*/openssl 1.0-1/' build/deps/windows/versions >"$W/libs/versions"
if "${MAKE:-make}" HOST=windows WIN="$W/libs" release >"$W/out" 2>&1; then die "a release was made: $(cat "$W/out")"; fi
has "$(cat "$W/out")" "openssl 1.0-1 is older than"
equal "$(grep -c 'is older than' "$W/out")" 1
sed -i 's/ .*/ 99:1/' "$W/libs/versions"
packaging/deps/windows.sh --release "$W/libs"
seen "make release HOST=windows refuses a library that is older than Linux' own, and names it"

# --- an agent in the foreground ------------------------------------------------------

lab_init
lab_start --enroll-days 90
mkdir -p "$W/exec"
printf '@echo off\r\nset /p job=\r\necho {"output":"good day"}\r\n' >"$W/exec/greet.cmd"
echo '{"topic":"Greet","program":"greet.cmd","repeatable":true}' >"$W/exec/greet.json"
printf '@echo off\r\n:again\r\nping -n 60 127.0.0.1 >nul\r\ngoto again\r\n' >"$W/exec/stubborn.cmd"
echo '{"topic":"Stubborn","program":"stubborn.cmd","repeatable":false,"timeout_ms":1500}' >"$W/exec/stubborn.json"
printf 'allow SSHCommand 127.0.0.0/8,::1 * *\nallow Command local * *\n' >"$W/rules"
# Its private key lies in the clear, and so does the key of its store, as one of an older midd did.
mkdir -p -m 700 "$W/demo/state"
(umask 077; cp "$W/lab/agents/demo.key" "$W/demo/own.key"; head -c 32 /dev/urandom >"$W/demo/state/rest.key")
is_locked() { [ "$(head -n 1 "$1")" = "-----BEGIN MIDD LOCKED SECRET-----" ]; }
agent_config demo <<Y
workers:
  probes: Z:$WIN/probes
  exec: Z:$W/exec
paths:
  state: Z:$W/demo/state
  control: //./pipe/$PIPE
instance:
  ca: Z:$W/lab/ca.pem
  cert: Z:$W/lab/agents/demo.pem
  key: Z:$W/demo/own.key
seal:
  instance_cert: Z:$W/lab/seal.pem
policy: { loopback: true, rules: Z:$W/rules }
Y
wine64 "$WIN/bin/midd.exe" --config "Z:$W/demo/midd.yaml" </dev/null >"$W/demo/midd.log" 2>&1 &
echo $! >"$W/agent.pid"
wait_for 40 midctl version
midctl status --json && die "healthy, with no sandbox: $(says)"	# 1: partial, and it says why
equal "$(jq -r .health "$W/out")" partial "$(says)"
has "$(cat "$W/out")" "Windows has a job object"
midctl spool --json || die "midctl spool: $(says)"
[ "$(jq .disk_free "$W/out")" -gt 0 ] || die "how much room the disk has is not known: $(says)"
seen "midctl.exe status over the control pipe"
id=$(job Echo text=hello)
processed() { [ "$(job_state "$id")" = processed ]; }
wait_for 20 processed
midctl job show "$id" --json || die "midctl job show: $(says)"
equal "$(jq -r .stage "$W/out")" done
equal "$(run_job Echo text=again)" again
seen "an Echo job, and its road by midctl.exe"

# --- secrets on the disk -----------------------------------------------------------------

is_locked "$W/demo/state/rest.key" || die "the key of the store was not taken over"
has "$(cat "$W/demo/midd.log")" "rest.key lay in the clear and is locked to this machine now"
has "$(cat "$W/demo/midd.log")" "own.key lies in the clear"
midctl doctor --config "Z:$W/demo/midd.yaml" --json || true
has "$(jq -r '.[] | select(.hop == "files") | .remedy' "$W/out")" 'midctl protect "Z:'
equal "$(jq -r '[.[] | select(.state == "bad") | .hop] | join(" ")' "$W/out")" "" "$(says)"
midctl protect "Z:$W/demo/own.key" --json || die "protect: $(says)"
equal "$(jq -r '.[0].was_open' "$W/out")" true
is_locked "$W/demo/own.key" || die "protect did not lock it"
if grep -q "PRIVATE KEY" "$W/demo/own.key"; then die "the key can be read in it"; fi
midctl protect "Z:$W/demo/own.key" || die "a second time: $(says)"
has "$(says)" "was locked already"
opens_no() { # FILE SENTENCE
	if midctl protect "Z:$1"; then die "$1 was opened?"; fi
	has "$(says)" "$2"
}
(umask 077; sed '4s/^..../AgAA/' "$W/demo/own.key" >"$W/changed.key"; sed 's/^Machine: .*/Machine: elsewhere/' "$W/changed.key" >"$W/copied.key")
opens_no "$W/changed.key" "can't be opened"
(umask 077; cat "$W/lab/agents/demo.pem" "$W/lab/agents/demo.key" >"$W/both.pem")
opens_no "$W/both.pem" "holds a certificate too"
opens_no "$W/copied.key" "was locked by the machine elsewhere, and this is"
seen "keys locked by DPAPI: that of the store taken over, the private one told of and locked by midctl protect; copies refused: $(says)"

# --- this machine, by the calls of Windows -------------------------------------------------

run_job LocalInventory >"$W/facts.json"
equal "$(jq -r .os.kernel_name "$W/facts.json")" Windows_NT
for s in interfaces addresses routes block_devices filesystems processes sockets services users; do
	[ "$(jq ".$s.items | length" "$W/facts.json")" -ge 1 ] || die "section $s: $(jq -c ".$s" "$W/facts.json")"
done
[ "$(jq '[.cpu.cores // 0, .memory.mem_total_bytes // 0] | min' "$W/facts.json")" -ge 1 ] || die "cpu, memory: $(jq -c '[.cpu, .memory]' "$W/facts.json")"
equal "$(jq -r '[.processes.items[] | select(.name == "midd.exe")] | length' "$W/facts.json")" 1
[ "$(jq '[.sockets.items[] | select(.process == "midd.exe" and .state == "established")] | length' "$W/facts.json")" -ge 1 ] ||
	die "midd's own connection has no owner: $(jq -c .sockets "$W/facts.json")"
in_cmdb() { [ "$(lab table cmdb_ci_computer "osSTARTSWITHMicrosoft Windows" --json | jq length)" = 1 ]; }
wait_for 20 in_cmdb
for t in cmdb_ci_network_adapter cmdb_ci_ip_address cmdb_ci_disk cmdb_ci_file_system cmdb_running_process cmdb_tcp u_os_service u_local_user; do
	n=$(lab table "$t" --limit 5000 --json | jq length)
	[ "$n" -ge 1 ] || die "no $t"
	said="${said:-} $t $n,"
done
seen "LocalInventory: $(lab table cmdb_ci_computer --fields name,os,os_version --json | jq -c '.[0]') with${said%,}"

# --- a host over SSH, a device over SNMP ----------------------------------------------------

HOST_PORT=$((20000 + $$ % 12000))
creds() { # NAME TYPE FILE [FLAG...]: added, and arrived
	local before
	before=$(creds_count)
	WIN_IN=$3 midctl creds add "$1" --type "$2" "${@:4}" || die "creds add $1: $(says)"
	more() { [ "$(creds_count)" -gt "$before" ]; }
	wait_for 10 more
}
creds_count() { midctl creds list --json; jq length "$W/out"; }
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$SSHD" ] || die "there is no sshd (apt-get install openssh-server)"
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
mkdir -p "$W/keys"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/host"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/user"
"$SSHD" -D -e -f /dev/null -p "$HOST_PORT" -o ListenAddress=127.0.0.7 -o HostKey="$W/keys/host" -o PidFile=none -o UsePAM=no \
	-o StrictModes=no -o AuthorizedKeysFile="$W/keys/user.pub" 2>>"$W/sshd.log" &
echo $! >"$W/sshd.pid"
creds key ssh_private_key "$W/keys/user" --user "$(id -un)"
equal "$(run_job SSHCommand --source 127.0.0.7 port="$HOST_PORT" name='echo by SSH from Windows')" "by SSH from Windows"
seen "SSHCommand on a sshd of Linux"
run_job UnixFacts --source 127.0.0.7 port="$HOST_PORT" >"$W/unix.json"
equal "$(jq -r .os.kernel_name "$W/unix.json")" Linux
servers() { [ "$(lab table cmdb_ci_linux_server --json | jq length)" = 1 ]; }
wait_for 30 servers
seen "UnixFacts: $(lab table cmdb_ci_linux_server --fields name,os --json | jq -c '.[0]')"

SNMPD=$(command -v snmpd || echo /usr/sbin/snmpd)
[ -x "$SNMPD" ] || die "there is no snmpd (apt-get install snmpd snmp)"
printf 'agentaddress udp:127.0.0.9:%s\nrocommunity open-sesame\nsysLocation cellar\ncreateUser s256aes SHA-256 auth-phrase-1 AES priv-phrase-1\nrouser s256aes priv\n' \
	"$HOST_PORT" >"$W/snmpd.conf"
mkdir -p "$W/persist"
SNMP_PERSISTENT_DIR=$W/persist "$SNMPD" -f -C -c "$W/snmpd.conf" -Lf "$W/snmpd.said" -I -smux >/dev/null 2>&1 &
echo $! >"$W/snmpd.pid"
wait_for 10 snmpget -v2c -c open-sesame -r 0 -t 1 127.0.0.9:"$HOST_PORT" 1.3.6.1.2.1.1.1.0
printf open-sesame >"$W/community"
creds community snmp "$W/community"
snmp() { run_job SNMP --source 127.0.0.9 port="$HOST_PORT" "$@"; }
has "$(snmp oid_spec_list='get sysLocation.0')" cellar
has "$(snmp oid_spec_list='walk system')" cellar
seen "SNMP: get and walk on a snmpd"

# --- a scan, programs -------------------------------------------------------------------------

run_job Scan --source scan ranges=127.0.0.6-127.0.0.8 ports="$HOST_PORT" dead=true rate=0 >"$W/scan.json"
equal "$(jq -c '[.hosts[] | [.alive, .ports[0].result]]' "$W/scan.json")" '[[true,null],[true,"open"],[true,null]]' "$(cat "$W/scan.json")"
seen "Scan: an open port, and two hosts that are there as they refuse"
run_job Scan --source scan ranges=127.0.0.6-127.0.0.8 ports=icmp dead=true rate=0 >"$W/ping.json"
equal "$(jq -c '[.no_ping, ([.hosts[] | .alive])]' "$W/ping.json")" '[null,[true,true,true]]' "$(cat "$W/ping.json")"
seen "Scan by ping, without a socket for it"
equal "$(run_job Command --source local name="'Z:$WIN/bin/midctl.exe' --version" | tr -d '\r' | cut -d' ' -f1)" midctl
equal "$(run_job Greet | tr -d '\r')" "good day"
if run_job Stubborn >"$W/said" 2>&1; then die "it ended well?"; fi
has "$(cat "$W/said")" "not done within"
seen "Command, and an exec probe; one that never ends is ended at its time"

# --- installed by the MSI, as a service ---------------------------------------------------------

command -v wixl >/dev/null || { echo "NOT RUN: the MSI and the service: wixl is missing: apt-get install --no-install-recommends wixl msitools"; pass; }
DATA=$WINEPREFIX/drive_c/ProgramData/midd HOME_DIR="$WINEPREFIX/drive_c/Program Files/midd"
kill "$(cat "$W/agent.pid")"	# the one in the foreground
rm "$W/agent.pid"
packaging/windows/build.sh "$WIN" 0.1.0 "$W/midd-1.msi"
packaging/windows/build.sh "$WIN" 0.1.1 "$W/midd-2.msi"
equal "$(msiinfo export "$W/midd-1.msi" ServiceInstall | awk -F'\t' '$2 == "midd" { print $5, $9, $11 }')" "2 NT AUTHORITY\LocalService --service"
has "$(msiinfo export "$W/midd-1.msi" Upgrade)" "{6D1DDC6E-60B5-4A5E-9B0D-5A6D69646421}"
installed() { # sc's words for the state of the service
	win sc query midd || return 1
	tr -d '\r' <"$W/out" | awk '$1 == "STATE" { print $4 }'
}
state_is() { [ "$(installed)" = "$1" ]; }
msi() { WIN_SECONDS=120 win msiexec "$1" "Z:$2" /qn || die "msiexec $1: $(says)"; }
midd() { win "$HOME_DIR/midd.exe" "$1" || die "midd $1: $(says)"; }
leftovers() { # of a run before this one that was broken off
	local product
	win reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s || return 0
	for product in $(tr -d "\r" <"$W/out" | awk '/Uninstall.[{]/ { k = substr($0, index($0, "{")) } $1 == "DisplayName" && $3 == "midd" { print k }'); do
		win msiexec /x "$product" /qn || true
		win reg delete "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\$product" /f || true
	done
}
leftovers
cleanup_more() {
	win "$WIN/bin/midd.exe" stop || true
	win "$WIN/bin/midd.exe" uninstall || true
	rm -rf "$HOME_DIR"
	rm -rf "$DATA"
	wineserver64 -k 2>/dev/null || true
}
rm -rf "$DATA"
msi /i "$W/midd-1.msi"
[ -f "$HOME_DIR/probes/local.dll" ] || die "no probes in $HOME_DIR"
wait_for 20 state_is STOPPED
if win "$HOME_DIR/midd.exe" start; then die "it starts without a configuration"; fi
has "$(says)" "midctl enroll"
seen "msiexec /i: the service is there, and stays down without a configuration: $(says)"

[ -d "$DATA/lib" ] || die "the installation has made no $DATA"
enroll_token "$W/token" --agent demo
enroll_begin timeout 90 wine64 "$HOME_DIR/midctl.exe" enroll "$LAB_URL" demo --ca "Z:$W/lab/ca.pem" --token-file "Z:$W/token" </dev/null
equal "$(lab enroll list --json | jq -r '.[0].words')" "$(tr -d '\r' <"$W/enroll.log" | sed -n 's/^words *//p')"
enroll_approve
has "$(cat "$W/enroll.log")" "next     midd start"
is_locked "$DATA"/credentials/agent-*.key || die "the new key is not locked"
seen "midctl enroll: the same words at both ends, a key that DPAPI has locked, a login with it"
cat >"$DATA/midd.d/50-test.yaml" <<Y	# the same agent goes on
poll: { min: 100ms, max: 500ms, push: false }
results: { disk_min: 0 B }
cert: { renew_before: 400d }	# at once
policy: { loopback: true, rules: "Z:$W/rules" }
paths: { state: "Z:$W/demo/state" }
Y
midd start
equal "$(installed)" RUNNING
PIPE=midd
midctl version || die "midctl: $(says)"
equal "$(run_job Echo text=service)" service
run_job LocalInventory >"$W/facts.json"
equal "$(jq -r '[.packages.items[] | select(.name == "midd") | .version] | join(" ")' "$W/facts.json")" 0.1.0 "the software of the MSI"
equal "$(jq -r '[.services.items[] | select(.name == "midd") | .state, .enabled, .user] | join(" ")' "$W/facts.json")" \
	"running auto NT AUTHORITY\LocalService"
equal "$(run_job SSHCommand --source 127.0.0.7 port="$HOST_PORT" name='echo by the service')" "by the service"
is_renewed() { grep -q "BEGIN CERTIFICATE" "$W/demo/state/renewed.pem"; }
wait_for 30 is_renewed
grep -q "BEGIN MIDD LOCKED SECRET" "$W/demo/state/renewed.pem" || die "the renewed key is not locked"
if grep -q "PRIVATE KEY" "$W/demo/state/renewed.pem"; then die "the renewed key can be read"; fi
seen "midd start; Echo, LocalInventory and SSHCommand by the service; its certificate renewed, with a new key that is locked"
win "$HOME_DIR/midctl.exe" doctor --json || true
equal "$(jq -r '[.[] | select(.state == "bad" or (.hop | IN("files", "certificate", "login", "role", "workers")) and .state != "ok") | .hop] | join(" ")' "$W/out")" "" "$(says)"
the_pid() { midctl version --json && jq -r .midd.pid "$W/out"; }
old=$(the_pid)
midctl restart || die "midctl restart: $(says)"
has "$(says)" "restarted: midd"
[ "$(the_pid)" != "$old" ] || die "the same process answers: $old"
equal "$(installed)" RUNNING
old=$(the_pid)
has "$(lab job --agent demo SystemCommand --source restart --priority 0 --wait 20)" restarting
another() { [ "$(the_pid)" != "$old" ]; }
wait_for 30 another
equal "$(run_job Echo text=afresh)" afresh
midd restart
equal "$(installed)" RUNNING
seen "midctl doctor; midctl restart, a restart by the instance, midd restart"
midd pause
equal "$(installed)" PAUSED
midd resume
equal "$(installed)" RUNNING
win net stop midd || die "net stop: $(says)"
equal "$(installed)" STOPPED
win net start midd || die "net start: $(says)"
wait_for 20 state_is RUNNING
seen "midd pause and resume, net stop and net start"

msi /i "$W/midd-2.msi"
wait_for 30 state_is RUNNING
equal "$(run_job Echo text=upgraded)" upgraded
win reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s || true
equal "$(tr -d '\r' <"$W/out" | awk '$1 == "DisplayVersion" { print $3 }')" 0.1.1 "one entry, of the new version"
seen "an upgrade by MSI: the service runs again, one entry"
midd stop
equal "$(installed)" STOPPED
msi /x "$W/midd-2.msi"
if win sc query midd; then die "the service is still there"; fi
[ ! -e "$HOME_DIR/midd.exe" ] || die "its files are still there"
seen "msiexec /x: no service, no files; what is in ProgramData stays: $(ls "$DATA" | paste -sd' ')"

# --- the same without an MSI ---------------------------------------------------------------------

verb() { win "$WIN/bin/midd.exe" "$1" || die "midd $1: $(says)"; }
verb install
verb recover
verb start
equal "$(run_job Echo text=installed)" installed
verb stop
verb uninstall
if win sc query midd; then die "the service is still there"; fi
seen "midd install, recover, start, stop, uninstall"
pass
