#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a whole discovery costs (make bench-pipeline): HOSTS addresses are scanned, each host tells its facts over SSH, all become
# CIs in the lab; then once more, with nothing changed. The hosts are one real sshd on as many loopback addresses: what this
# machine answers to midd's questions is kept, and told under a name of its own for each address. Needs root and openssh-server.
set -eu
B=$(cd "${B:-build}" && pwd)
HOSTS=${HOSTS:-500}
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$SSHD" ] && [ "$(id -u)" = 0 ] || { echo "bench-pipeline: SKIPPED: needs root and an sshd (apt-get install openssh-server)" >&2; exit 0; }
if [ -z "${INSIDE:-}" ]; then INSIDE=1 B=$B HOSTS=$HOSTS exec unshare -n bash "$0"; fi
ip link set lo up
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
. test/bench/lib.sh
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$W/host"
ssh-keygen -q -t ed25519 -N '' -f "$W/user"
cat >"$W/as-host" <<-'S'
	#!/bin/bash
	# The first answer to the script of facts is kept, without the mark that this login wants.
	cd "${0%/*}"
	set -- $SSH_CONNECTION
	name=${3#127.2.}
	if [[ $SSH_ORIGINAL_COMMAND =~ a=([0-9a-f]{16})\;\ b=([0-9a-f]{16}) ]]; then
		mark=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
		[ -e kept ] || unshare --uts --mount --pid --fork --mount-proc sh -c 'mount -t sysfs none /sys; mount -t tmpfs none /var/lib/dpkg
			hostname this-is-the-name; exec sh -c "$SSH_ORIGINAL_COMMAND"' | sed "s/$mark/@MARK@/" >kept
		exec sed "s/@MARK@/$mark/; s/this-is-the-name/host-${name/./-}/g" kept
	fi
	exec sh -c "$SSH_ORIGINAL_COMMAND"
S
chmod 755 "$W/as-host"
"$SSHD" -D -e -f /dev/null -o ListenAddress=0.0.0.0 -o HostKey="$W/host" -o PidFile=none -o UsePAM=no -o StrictModes=no \
	-o MaxStartups=2000 -o AuthorizedKeysFile="$W/user.pub" -o ForceCommand="$W/as-host" 2>"$W/sshd.log" &
echo $! >"$W/sshd.pid"
nft 'table ip to_hosts { chain out { type filter hook output priority 0; ip daddr 127.2.0.0/16 counter; }; }'
sent() { nft -j list table ip to_hosts | jq -r '[.. | .counter? // empty][0] | "\(.packets) \(.bytes)"'; }

begin() {
	lab_start
	mkdir -p "$W/midd/midd.d"
	echo 'policy: { loopback: true }' >"$W/midd/midd.d/50-bench.yaml"
	agent_start true
	wait_for 20 healthy
	midlab creds add key --agent bench --type ssh_private_key --user "$(id -un)" <"$W/user" >/dev/null
	midctl creds reload >/dev/null
	wait_for 10 sh -c "midctl creds list --json | jq -e 'length == 1'"
}
delivered() { [ "$(midctl spool --json | jq .results)" = 0 ]; }
peak() { local p kb=0; for p in "$@"; do kb=$((kb + $(awk '/^VmHWM/{print $2}' "/proc/$p/status" 2>/dev/null || echo 0))); done; echo $kb; }
discover() { # NAME RANGE...
	local name=$1 start took all before after from to ok
	shift
	before=$(cpu "$MIDD") from=$(sent) start=$(now)
	midctl discover "$@" --watch >"$W/said" 2>&1 || { tail -5 "$W/said"; exit 1; }
	took=$(now)
	workers=$(pgrep -P "$MIDD" | tr '\n' ' ')
	wait_for 600 delivered
	all=$(now) after=$(cpu "$MIDD") to=$(sent) ok=$(grep -c ' done ' "$W/said" || true)
	# shellcheck disable=SC2086
	echo "$name $HOSTS $ok $start $took $all $before $after $from $to $(peak "$MIDD") $(peak $workers)" |
		awk '{printf "  %-8s %5d %8.1f %9.1f %9.1f %9.1f %9.1f %9.0f %9.1f %9.1f\n", $1, $3, $5 - $4, $6 - $4, $3 / ($6 - $4), $8 - $7,
			($8 - $7) * 1000 / $2, ($11 - $9) / $2, ($12 - $10) / $2 / 1000, ($13 + $14) / 1024}'
	grep ' failed ' "$W/said" || true
}
begin
midctl discover 127.2.9.9 --ports ssh --watch >/dev/null	# its answer is kept
agent_stop
kill "$(cat "$W/lab.pid")"; wait "$(cat "$W/lab.pid")" || true
rm -rf "$W/lab"
begin
ranges=
for i in $(seq 0 250 $((HOSTS - 1))); do
	n=$((HOSTS - i > 250 ? 250 : HOSTS - i))
	ranges="$ranges 127.2.$((i / 250)).1-127.2.$((i / 250)).$n"
done
echo "$HOSTS hosts, facts of $(($(wc -c <"$W/kept") / 1000)) kB each (load $(cut -d' ' -f1 /proc/loadavg)):"
printf '  %-8s %5s %8s %9s %9s %9s %9s %9s %9s %9s\n' '' 'done' 'asked s' 'in CMDB s' 'hosts/s' 'cpu s' 'cpu ms ea' 'packets' 'kB ea' 'peak MB'
# shellcheck disable=SC2086
discover first $ranges
# shellcheck disable=SC2086
discover second $ranges
echo "  in the CMDB: $(midlab table cmdb_ci_linux_server --json --limit 10000 | jq length) hosts, $(midlab table cmdb_ci --fields sys_id --json --limit 1000000 | jq length) CIs in all"
