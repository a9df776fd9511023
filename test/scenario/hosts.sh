# SPDX-License-Identifier: Apache-2.0
# hosts - one real sshd on HOSTS addresses of loopback, 127.2.0.1 and up; each has a host name of its own, so that each is a CI
# of its own. Sourced after lib.sh. $W/keys/logins has a line for each login, the address.
: "${HOSTS:=20}"
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$SSHD" ] || skip_all "there is no sshd (apt-get install openssh-server)"
[ "$(id -u)" -eq 0 ] || skip_all "needs root for ports below 1024 and a network of its own"
[ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
unshare --uts --mount --pid --fork --mount-proc true 2>/dev/null || skip_all "needs host names of its own (unshare --uts)"
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
mkdir -p /run/sshd "$W/keys"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/host"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/user"
cat >"$W/keys/as-host" <<-'S'
	#!/bin/sh
	set -- $SSH_CONNECTION
	echo "$3" >>"${0%/*}/logins"
	[ ! -e "${0%/*}/slow-$3" ] || exec sleep 60
	mount -t tmpfs none /var/lib/dpkg		# its packages: it goes quicker without
	hostname "host-${3##*.}"
	exec sh -c "$SSH_ORIGINAL_COMMAND"
S
chmod 755 "$W/keys/as-host"
{
	printf '%s\n' "HostKey $W/keys/host" 'PidFile none' 'UsePAM no' 'StrictModes no' 'MaxStartups 500' 'LogLevel VERBOSE' \
		"AuthorizedKeysFile $W/keys/user.pub" "ForceCommand unshare --uts --mount --pid --fork --mount-proc $W/keys/as-host"
	echo 'ListenAddress 0.0.0.0'
} >"$W/sshd.conf"
hosts_serve() {
	"$SSHD" -D -e -f "$W/sshd.conf" 2>>"$W/sshd.log" &
	echo $! >"$W/sshd.pid"
	wait_for 10 bash -c ": </dev/tcp/127.2.0.$HOSTS/22"
}
hosts_stop() { kill "$(cat "$W/sshd.pid")"; wait "$(cat "$W/sshd.pid")" 2>/dev/null || true; rm -f "$W/sshd.pid"; }
hosts_agent() { # agent_config has been; an agent that has the key
	agent_start
	ctl creds add key --type ssh_private_key --user "$(id -un)" <"$W/keys/user" >/dev/null
	one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
	wait_for 10 one
}
logins() { cat "$W/keys/logins" 2>/dev/null | wc -l; }	# one line each: the address
# What the CMDB holds of all hosts, without what differs each time one looks.
hosts_cmdb() {
	lab table cmdb_ci_linux_server --fields name,os,os_version,cpu_count,serial_number --limit 1000 --json | jq -cS 'sort_by(.name)[]'
	lab table cmdb_rel_ci --fields parent,child,type --limit 100000 --json | jq length
}
begin() { ctl discover "127.2.0.1-127.2.0.$HOSTS" --ports ssh "$@" --json | jq -r .id; }
delivered() { [ "$(ctl spool --json | jq .results)" = 0 ]; }
ended() { ctl discovery "$1" --json | jq -e .ended; }
