# SPDX-License-Identifier: Apache-2.0
# SSHCommand against a real sshd: keys of every kind, passwords, a jump of the host key, what
# the command says and how it ends, sudo, limits of time and size.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"

# Each kind of key, in both formats, with and without a pass phrase.
: >"$W/home/.ssh/authorized_keys"
key() { ssh-keygen -q "${@:2}" -f "$W/keys/$1" && cat "$W/keys/$1.pub" >>"$W/home/.ssh/authorized_keys"; }
key ed25519 -t ed25519 -N ''
key ecdsa -t ecdsa -b 384 -N ''
key rsa -t rsa -b 2048 -N ''
key rsapem -t rsa -b 2048 -m PEM -N ''
key locked -t ed25519 -N canary-phrase
key lockedpem -t ecdsa -m PEM -N canary-phrase
for k in ed25519 ecdsa rsa rsapem; do
	only $k --type ssh_private_key <"$W/keys/$k"
	equal "$(ssh_job name="echo by $k")" "by $k"
done
for k in locked lockedpem; do
	jq -n --rawfile k "$W/keys/$k" '{private_key: $k, passphrase: "canary-phrase"}' >"$W/fields"
	only $k --type ssh_private_key <"$W/fields"
	equal "$(ssh_job name="echo by $k")" "by $k"
done
HOST=::1
equal "$(ssh_job name='echo by IPv6')" "by IPv6"
unset HOST

# Passwords; also where the server only asks questions; a wrong one first, which ends the connection.
printf canary-password | only password --type ssh_password
equal "$(ssh_job name='echo by password')" "by password"
printf wrong | ctl creds add before --type ssh_password --user "$ACCOUNT" --order 1 >/dev/null
printf wrong | ctl creds add before2 --type ssh_password --user "$ACCOUNT" --order 2 >/dev/null
printf wrong | ctl creds add before3 --type ssh_password --user "$ACCOUNT" --order 3 >/dev/null
all_four() { [ "$(ctl creds list --json | jq length)" = 4 ]; }
wait_for 10 all_four
equal "$(ssh_job name='echo the fourth')" "the fourth"
has "$(ctl creds why 127.0.0.5)" "worked here last"
only password --type ssh_password <<<canary-password

# What it says and how it ends.
equal "$(ssh_job name='printf a; exit 3')" a
equal "$(ssh_job name='echo "$PATH"')" /usr/sbin:/usr/bin:/bin:/sbin
equal "$(ssh_job name='echo "$PATH"' path_override=append:/opt/x)" /usr/sbin:/usr/bin:/bin:/sbin:/opt/x
cat >"$W/text" <<'T'
echo "it's \"quoted\"" $((1+1)) `echo here`
T
equal "$(ssh_job name="$(cat "$W/text")")" "it's \"quoted\" 2 here"
equal "$(ssh_job name='[ -t 1 ] && echo a terminal' run_in_terminal=true | tr -d '\r')" "a terminal"
equal "$(ssh_job name='head -c 3000000 /dev/zero | tr "\0" x' | tr -d "\n" | wc -c)" 3000000
has "$(error_of name='sleep 60' command_timeout_ms=500)" "command_timeout_ms"
has "$(error_of name='sleep 60' channel_timeout_ms=500)" "channel_timeout_ms"
has "$(ctl run SSHCommand --source 127.0.0.5 port="$PORT" --name 'sleep 60' --timeout 700ms 2>&1 || true)" \
	"SSHCommand: 127.0.0.5: not done within 0.7 s: it is logged in, and the command still runs (timeout)"
has "$(error_of name='echo x' path_override=nonsense)" "path_override must be"
has "$(error_of name='echo x' port=70000)" "port"

# Many at once, on one server that allows one session a connection.
ssh_many=$(job SSHCommand --count 60 --source 127.0.0.5 port="$PORT" name='echo many' | head -n 1)
before=$(outputs_in processed SSHCommand)
many() { [ "$(lab table ecc_queue "queue=output^topic=SSHCommand^state=ready" --json | jq length)" = 0 ] && [ "$(lab table ecc_queue "queue=output^topic=SSHCommand^state=processing" --json | jq length)" = 0 ]; }
wait_for 60 many
equal "$(lab table ecc_queue "queue=input^response_to=$ssh_many" --fields error_string --json | jq -r '.[0].error_string')" ""

# The host's key is another one: nothing is sent to it, until somebody says it is right.
has "$(ctl hostkeys list)" 127.0.0.5
tries=$(grep -c 'Accepted\|Failed' "$W/sshd.log")
sed -i "s|host_ed25519|host_ecdsa|" "$W/sshd.conf"
serve
pkill -u "$ACCOUNT"			# a connection that is open was judged when it was made
nobody() { ! pgrep -u "$ACCOUNT" >/dev/null; }
wait_for 10 nobody
has "$(error_of name='echo x')" "is not the one that is stored"
equal "$(grep -c 'Accepted\|Failed' "$W/sshd.log")" "$tries" "logins tried with a changed key"
has "$(ctl hostkeys list)" offered
ctl hostkeys accept 127.0.0.5 >/dev/null
equal "$(ssh_job name='echo trusted')" trusted

# Strict: nobody is believed at first sight. A known_hosts file is, also with hidden names.
ctl hostkeys remove 127.0.0.5 >/dev/null
sed -i 's/^creds: {/creds: { hostkeys: strict,/' "$W/demo/midd.d/50-test.yaml"
kill -HUP "$(agent_pid)"
strict() { grep -q 'midd: reloaded' "$W/demo/midd.log"; }
wait_for 10 strict
pkill -u "$ACCOUNT"
wait_for 10 nobody
has "$(error_of name='echo x')" "creds.hostkeys is strict"
ssh-keyscan -p "$PORT" 127.0.0.5 2>/dev/null >"$W/known"
[ -s "$W/known" ] || die "ssh-keyscan says nothing"
ssh-keygen -q -H -f "$W/known" >/dev/null 2>&1
grep -q '^|1|' "$W/known" || die "the names are not hidden"
printf '# ours\n*.example ssh-ed25519 AAAA\nweb1 nonsense\n' >>"$W/known"
lines=$(grep -c '^|1|' "$W/known")
ctl hostkeys import "$W/known" >"$W/out" 2>&1 && die "nothing was left out"
has "$(cat "$W/out")" "is a pattern"
has "$(cat "$W/out")" "HOST TYPE BASE64"
has "$(cat "$W/out")" "from now on: $lines of"
equal "$(ssh_job name='echo from the file')" "from the file"
# Removed, it is found under its hidden name; the same key under another name is named.
awk '/^\|1\|/ { print "other.example", $2, $3 }' "$W/known" >"$W/other"
ctl hostkeys import "$W/other" >/dev/null
ctl hostkeys remove 127.0.0.5 "$PORT" >"$W/out"
has "$(cat "$W/out")" "the same key is still trusted as other.example port 22"
pkill -u "$ACCOUNT"
wait_for 10 nobody
has "$(error_of name='echo x')" "creds.hostkeys is strict"
ctl hostkeys remove other.example >/dev/null
ctl hostkeys remove other.example >"$W/out" 2>&1 && die "it was removed twice"
has "$(cat "$W/out")" "no key is stored under that name"
ctl hostkeys import "$W/known" >/dev/null 2>&1 || true
equal "$(ssh_job name='echo again')" again
ctl audit verify >/dev/null

# Algorithms: what is not offered unless named; what is named and unknown.
conf=$W/demo/midd.d/50-test.yaml
cp "$conf" "$W/conf"
echo "KexAlgorithms diffie-hellman-group16-sha512" >>"$W/sshd.conf"
serve
settle() { # a line of configuration: it is read, and no connection is left
	cp "$W/conf" "$conf"
	echo "$1" >>"$conf"
	reloads=$(grep -c 'midd: reloaded' "$W/demo/midd.log")
	more() { [ "$(grep -c 'midd: reloaded' "$W/demo/midd.log")" -gt "$reloads" ]; }
	kill -HUP "$(agent_pid)"
	wait_for 10 more
	pkill -u "$ACCOUNT" || true
	wait_for 10 nobody
}
settle "ssh: { ciphers: '' }"
has "$(error_of name='echo x')" "no algorithm in common"
settle "ssh: { kex: '+diffie-hellman-group16-sha512' }"
equal "$(ssh_job name='echo by group 16')" "by group 16"
settle "ssh: { kex: 'nonsense' }"
has "$(error_of name='echo x')" "ssh.kex in midd.yaml names no algorithm"

# Nobody there; nobody who speaks SSH.
has "$(HOST=127.0.0.6 error_of name=x)" "refused"
for f in "$W/demo/midd.log" "$W"/demo/state/* "$W/sshd.log"; do
	if grep -qaE 'canary-p' "$f"; then die "a secret stands in $f"; fi
done
agent_stop
pass
