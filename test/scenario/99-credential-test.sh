# SPDX-License-Identifier: Apache-2.0
# One credential tried on one host, by job and by hand: it worked, was refused, the host was not
# reached, or it was not tried and why; and what an answer tells of the credentials that were tried.
RULES='allow * 127.0.0.0/8,::1 * *'
. "$(dirname "$0")/lib.sh"
command -v snmpd >/dev/null || skip_all "there is no snmpd (apt-get install snmpd)"
. "$(dirname "$0")/sshd.sh"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/k"
cat "$W/keys/k.pub" >"$W/home/.ssh/authorized_keys"
add() { ctl creds add "$@" >/dev/null; }
printf canary-password | add good --type ssh_password --user "$ACCOUNT"
printf canary-wrong | add bad --type ssh_password --user "$ACCOUNT" --order 1
add key --type ssh_private_key --user "$ACCOUNT" <"$W/keys/k"
printf canary-password | add far --type ssh_password --user "$ACCOUNT" --ranges 10.0.0.0/8
printf canary-community | add lan --type snmp
printf canary-other | add lan2 --type snmp
v3() { jq -n --arg k "$2" '{user: "disco", auth_protocol: "SHA", auth_key: $k, priv_protocol: "AES128", priv_key: $k}' | add "$1" --type snmpv3 --user disco; }
v3 three canary-phrase-1
v3 three2 canary-phrase-2
printf x | add web --type basic --user x
all() { [ "$(ctl creds list --json | jq length)" = 9 ]; }
wait_for 10 all
result() { ctl creds test "$@" || true; }

# SSH: by exactly that one, though another would have worked, and on a connection of its own.
has "$(result good 127.0.0.5 "$PORT")" "worked: good on 127.0.0.5"
has "$(result key 127.0.0.5 "$PORT")" "worked: key on 127.0.0.5"
has "$(result bad 127.0.0.5 "$PORT")" "refused: bad on 127.0.0.5"
has "$(result bad 127.0.0.5 "$PORT")" "refused: bad on 127.0.0.5"	# asked again, so tried again
has "$(result good 127.0.0.6 "$PORT")" "unreachable: good on 127.0.0.6"
has "$(result far 127.0.0.5 "$PORT")" "not tried: far on 127.0.0.5"
has "$(result web 127.0.0.5 "$PORT" 2>&1)" "no probe can try one of its type"
has "$(result nobody 127.0.0.5 "$PORT" 2>&1)" "there is no credential nobody"
ctl creds test good >/dev/null
ctl creds test good 127.0.0.5 "$PORT" --json >"$W/out"
equal "$(jq -r '"\(.result) \(.user) \(.port)"' "$W/out")" "worked $ACCOUNT $PORT"
run_job SSHCredentialTest --source 127.0.0.5 port="$PORT" credential_id=bad >"$W/out"
equal "$(jq -r .result "$W/out")" refused
run_job SSHCredentialTest --source 127.0.0.5 port="$PORT" >"$W/out" 2>&1 && die "it tested none"
has "$(cat "$W/out")" credential_id

# What was tried, in an answer: asked for, or where none helped; and no secret in it.
HOST=::1 ssh_job name='echo x' credentials_debug=true --json >"$W/debug"
has "$(cat "$W/debug")" credentials_debug
has "$(cat "$W/debug")" 'name=\"bad\"'
has "$(cat "$W/debug")" 'result=\"refused\"'
has "$(cat "$W/debug")" 'result=\"worked\"'
ssh_job name='echo x' credential_id=bad --json >"$W/debug2" 2>&1 || true
has "$(cat "$W/debug2")" credentials_debug
if ssh_job name='echo x' --json | grep credentials_debug; then die "nobody asked what was tried"; fi
sed -i 's/^creds: {/creds: { debug: true,/' "$W/demo/midd.d/50-test.yaml"
kill -HUP "$(agent_pid)"
asks_always() { ssh_job name='echo x' --json | grep -q credentials_debug; }
wait_for 10 asks_always

# The guard: an account that has failed often is not tried, whoever asks.
sed -i 's/lock_failures: 1000/lock_failures: 2/' "$W/demo/midd.d/50-test.yaml"
kill -HUP "$(agent_pid)"
reloaded() { [ "$(grep -c 'midd: reloaded' "$W/demo/midd.log")" -ge 2 ]; }
wait_for 10 reloaded
tries=$(grep -c 'Failed password' "$W/sshd.log")
has "$(result bad 127.0.0.5 "$PORT")" "failed too often"
has "$(result good 127.0.0.5 "$PORT")" "not tried: good"
equal "$(grep -c 'Failed password' "$W/sshd.log")" "$tries" "tries of an account that rests"

# SNMP: communities and version 3.
cat >"$W/snmpd.conf" <<S
agentXSocket none
rocommunity canary-community
createUser disco SHA canary-phrase-1 AES canary-phrase-1
rouser disco priv
S
snmpd -f -Lf "$W/snmpd.log" -C -c "$W/snmpd.conf" --persistentDir="$W/snmp" udp:127.0.0.5:$((PORT + 1)) &
echo $! >"$W/snmpd.pid"
snmp() { result "$1" 127.0.0.5 $((PORT + 1)); }
answers_lan() { snmp lan | grep -q '^worked: lan'; }
wait_for 10 answers_lan
has "$(snmp three)" "worked: three on 127.0.0.5"
has "$(snmp three2)" "refused: three2 on 127.0.0.5"
has "$(snmp lan2)" "unreachable: lan2 on 127.0.0.5"

ctl log -n 1000 >"$W/shown" 2>&1
for f in "$W/debug" "$W/debug2" "$W/shown" "$W/demo/midd.log" "$W"/demo/state/*; do
	if grep -qa canary- "$f"; then die "a secret stands in $f"; fi
done
agent_stop
pass
