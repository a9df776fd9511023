# SPDX-License-Identifier: Apache-2.0
# UnixFacts of systems that are no Linux. Behind a real sshd stands the folder test/data/hosts/SYSTEM
# as a root of its own: its files, a small shell, and programs that print what that system's do. All
# facts of it are seen, in one login, and the record in the CMDB is of that system's class.
. "$(dirname "$0")/lib.sh"
. test/peers/unix_root.sh
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$SSHD" ] || skip_all "there is no sshd (apt-get install openssh-server)"
command -v busybox >/dev/null || skip_all "there is no busybox"
unshare -r true 2>/dev/null || [ "$(id -u)" -eq 0 ] || skip_all "may not make a root of its own"
mkdir -p "$W/keys"
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/host"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/user"

unix_enter "$W/root" "$W/enter"
PORT=$((20000 + $$ % 12000))
"$SSHD" -D -e -f /dev/null -p $PORT -o ListenAddress=127.0.0.7 -o HostKey="$W/keys/host" -o PidFile=none -o UsePAM=no \
	-o StrictModes=no -o AuthorizedKeysFile="$W/keys/user.pub" -o ForceCommand="$W/enter" 2>>"$W/sshd.log" &
echo $! >"$W/sshd.pid"
wait_for 10 bash -c ": </dev/tcp/127.0.0.7/$PORT"
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
Y
agent_start
ctl creds add key --type ssh_private_key --user "$(id -un)" <"$W/keys/user" >/dev/null
one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
wait_for 10 one

in_cmdb() { [ "$(lab table "$2" "name=$1" --json | jq length)" = 1 ]; }
seen() { # SYSTEM CLASS
	local s
	unix_root "$1" "$W/root-$1"
	ln -sfn "$W/root-$1" "$W/root"
	ctl run UnixFacts --source 127.0.0.7 port=$PORT --json >"$W/$1.json"
	for s in $(jq -r 'keys[]' "test/data/hosts/$1/expected.json"); do
		equal "$(jq -cS ".$s" "$W/$1.json")" "$(jq -cS ".$s" "test/data/hosts/$1/expected.json")" "$1: $s"
	done
	job UnixFacts --source 127.0.0.7 port=$PORT >/dev/null
	wait_for 20 in_cmdb "$(jq -r .host.hostname "$W/$1.json")" "$2"
	lab table "$2" --fields name,os,os_version,ram --json | jq -c '.[0]'
}
seen freebsd cmdb_ci_unix_server
seen macos cmdb_ci_osx_server
seen solaris cmdb_ci_solaris_server
seen aix cmdb_ci_aix_server
seen hpux cmdb_ci_hpux_server
equal "$(lab table cmdb_ci_file_system "mount_point=/tank/data" --json | jq length)" 1 "file systems of FreeBSD"
agent_stop
pass
