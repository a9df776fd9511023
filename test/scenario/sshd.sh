# SPDX-License-Identifier: Apache-2.0
# A real sshd with an account, keys and a configuration of its own; after lib.sh.
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$SSHD" ] || skip_all "there is no sshd (apt-get install openssh-server)"
[ "$(id -u)" -eq 0 ] || skip_all "needs root to run an sshd that takes passwords"
ACCOUNT=midd-test-$$
# Two scenarios that change the accounts at once would refuse each other; each may have an /etc of its own (run.sh), and the
# processes of two accounts of one number would be killed together.
accounts() { flock -w 60 /run/lock/midd-accounts "$@"; }
drop_account() { pkill -KILL -u "$ACCOUNT" 2>/dev/null || true; accounts userdel -f "$ACCOUNT" >/dev/null 2>&1 || true; cleanup; }
trap drop_account EXIT
accounts useradd -u $((20000 + $$ % 40000)) -M -d "$W/home" -s /bin/sh "$ACCOUNT"
chmod 711 "$W"
mkdir -p "$W/home/.ssh" "$W/keys" /run/sshd
echo "$ACCOUNT:canary-password" | accounts chpasswd
lab_init
lab_start

# The server: on one address, with a configuration of its own.
for t in ed25519 ecdsa rsa; do ssh-keygen -q -t $t -N '' -f "$W/keys/host_$t"; done
cat >"$W/sshd.conf" <<S
Port $((20000 + $$ % 12000))
ListenAddress 127.0.0.5
ListenAddress ::1
HostKey $W/keys/host_ed25519
PidFile none
UsePAM no
StrictModes no
AuthorizedKeysFile $W/home/.ssh/authorized_keys
PasswordAuthentication yes
KbdInteractiveAuthentication no
MaxStartups 200
MaxSessions 1
MaxAuthTries 2
PrintMotd no
${SSHD_LINES:-}
S
PORT=$(awk '/^Port/{print $2}' "$W/sshd.conf")
serve() { # further lines
	[ ! -f "$W/sshd.pid" ] || { kill "$(cat "$W/sshd.pid")"; wait "$(cat "$W/sshd.pid")" 2>/dev/null || true; }
	"$SSHD" -D -e -f "$W/sshd.conf" "$@" 2>>"$W/sshd.log" &
	echo $! >"$W/sshd.pid"
	wait_for 10 bash -c ": </dev/tcp/127.0.0.5/$PORT"
}
serve
cat >"$W/rules" <<R
${RULES:-allow SSHCommand 127.0.0.0/8,::1 * *}
R
agent_config <<Y
policy: { loopback: true, rules: $W/rules }
creds: { refused: 0s, lock_failures: 1000 }
Y
agent_start
ssh_job() { run_job SSHCommand --source "${HOST:-127.0.0.5}" port="$PORT" "$@"; }
error_of() { ssh_job "$@" >"$W/out" 2>&1 && die "it succeeded: $*"; cat "$W/out"; }
only() { # the one credential from here on
	for n in $(ctl creds list --json | jq -r '.[].name'); do ctl creds remove "$n" >/dev/null; done
	ctl creds add "$@" --user "$ACCOUNT" >/dev/null
	there() { [ "$(ctl creds list --json | jq -r '[.[].name] | join(" ")')" = "$1" ]; }
	wait_for 10 there "$1"
}

