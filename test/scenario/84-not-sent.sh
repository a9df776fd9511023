# SPDX-License-Identifier: Apache-2.0
# A credential that never left midd counts as no failure: the host key had changed, or the host
# was down, when a kept connection had to be made anew.
RULES='allow SSHCommand 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
cat >"$W/demo/midd.d/50-test.yaml" <<Y
policy: { loopback: true, rules: $W/rules }
creds: { refused: 0s, lock_failures: 2 }
Y
agent_stop
agent_start
printf canary-password | only password --type ssh_password
nobody() { ! pgrep -u "$ACCOUNT" >/dev/null; }
hang_up() { pkill -u "$ACCOUNT" || true; wait_for 10 nobody; }
last_try() { ctl creds why 127.0.0.5 --json | jq -r '.tried[-1] | "\(.result): \(.why)"'; }
usable() { ctl creds why 127.0.0.5 --json | jq -e '.order[0].skipped == null' >/dev/null; }

# Twice in vain is one time too many here.
equal "$(ssh_job name='echo one')" one
sed -i 's/host_ed25519/host_rsa/' "$W/sshd.conf"
for i in 1 2 3; do
	serve
	hang_up
	has "$(error_of name=id)" "is not the one that is stored"
done
equal "$(last_try | cut -d: -f1)" "not tried"
usable || die "an account that nobody asked for was locked: $(ctl creds why 127.0.0.5)"
ctl hostkeys accept 127.0.0.5 "$PORT" >/dev/null
equal "$(ssh_job name='echo two')" two

kill "$(cat "$W/sshd.pid")"
wait "$(cat "$W/sshd.pid")" 2>/dev/null || true
rm "$W/sshd.pid"
hang_up
for i in 1 2; do has "$(error_of name=id)" "127.0.0.5"; done
usable || die "an account was locked by a host that is down: $(ctl creds why 127.0.0.5)"
serve
equal "$(ssh_job name='echo three')" three
agent_stop
pass
