# SPDX-License-Identifier: Apache-2.0
# Records of the instance that are a name only: a program of the operator's, or a vault that
# speaks KV version 2, has the values. Both can fail, and it is said how.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/canaries.sh"
lab_init
lab_start
"$B/bin/midlab" cert "$W/lab" vault --server --host localhost >/dev/null
python3 test/peers/kv_vault.py "$W/lab/vault.pem" "$W/lab/vault.key" "$W/vault.port" >"$W/vault.log" 2>&1 &
echo $! >"$W/vault.pid"
wait_for 10 test -s "$W/vault.port"
VAULT=https://localhost:$(cat "$W/vault.port")
counts() { curl -s --cacert "$W/lab/ca.pem" "$VAULT/counts" | jq ".$1"; }
printf canary-approle >"$W/sid"
chmod 600 "$W/sid"
lab creds add web --user dora --ref web </dev/null >/dev/null

# A program.
cat >"$W/resolver" <<'R'
#!/bin/sh
read -r line
case $line in
*'"id":"web"'*'"type":"ssh_password"'*) printf '{"user":"dora","pswd":"canary-program"}\n' ;;
*) echo "nobody of that name" >&2; exit 1 ;;
esac
R
chmod 755 "$W/resolver"
agent_config <<Y
policy: { loopback: true }
creds: { external: command, command: $W/resolver, refused: 0s, lock_failures: 100 }
Y
agent_start
one() { [ "$(ctl creds list --json | jq length)" = "${1:-1}" ]; }
wait_for 10 one
ctl creds test web >/dev/null
answered() { [ "$(answers "$1")" -ge 1 ]; }
login() { # RIGHT PASSWORD: the error of a job that needs it
	local id
	id=$(job TestCredential --source 127.0.0.2 right="$1")
	wait_for 20 answered "$id"
	lab table ecc_queue "queue=input^response_to=$id" --fields error_string --json | jq -r '.[0].error_string'
}
equal "$(login canary-program)" ""
lab creds add unknown --user nobody --ref unknown </dev/null >/dev/null
ctl creds reload >/dev/null
wait_for 10 one 2
if ctl creds test unknown 2>"$W/err"; then die "a program that failed was believed"; fi
has "$(cat "$W/err")" "resolver ended with 1"
agent_stop

# A vault. Its tokens are good for three reads: midd logs in again by itself.
agent_config <<Y
policy: { loopback: true }
creds: { external: vault, vault_url: "$VAULT", vault_ca: $W/lab/ca.pem, vault_role_id: role, vault_secret_file: $W/sid, refused: 0s, lock_failures: 100 }
Y
agent_start
wait_for 10 one 2
for _ in 1 2 3 4 5 6 7; do ctl creds test web >/dev/null; done
# What went through HTTP and TLS is nowhere in midd's memory any more, but the token in use.
if [ "$(id -u)" -eq 0 ] && [ -z "${SAN:-}" ]; then
	for c in canary-kv canary-approle canary-token-1 canary-token-2; do echo "$c $(printf %s $c | hex)"; done >"$W/canaries"
	look "" "/proc/$(agent_pid)/mem"
	echo "token $(printf canary-token-3 | hex)" >"$W/canaries"
	python3 "$W/find.py" "$W/canaries" "" "/proc/$(agent_pid)/mem" 2>/dev/null | grep -q . || die "nothing is found, not even what must be there"
fi
equal "$(login canary-kv)" ""
[ "$(counts login)" -ge 3 ] || die "$(counts login) logins, expected a new one for each three reads"
[ "$(counts login)" -le 4 ] || die "$(counts login) logins for 8 reads"
if ctl creds test unknown 2>"$W/err"; then die "a name the vault does not know was opened"; fi
has "$(cat "$W/err")" "unknown"
kill "$(cat "$W/vault.pid")"
rm "$W/vault.pid"
if ctl creds test web 2>"$W/err"; then die "a vault that is away gave values"; fi
has "$(cat "$W/err")" "localhost"
for f in "$W/demo/midd.log" "$W"/demo/state/*; do
	if grep -qa canary- "$f"; then die "a secret stands in $f"; fi
done
agent_stop
pass
