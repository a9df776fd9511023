# SPDX-License-Identifier: Apache-2.0
# Ways over SSH: as root by sudo and doas, through another host, on a connection that is kept,
# several commands in one login, other login shells, PAM's questions, servers that mean ill.
RULES='allow * 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
command -v sudo >/dev/null && command -v doas >/dev/null || skip_all "there is no sudo or no doas (apt-get install sudo opendoas)"
SUDOERS=/etc/sudoers.d/$ACCOUNT
drop_all() { rm -f "$SUDOERS"; [ ! -f "$W/doas.conf" ] || mv "$W/doas.conf" /etc/doas.conf; [ -z "${DOAS_OURS:-}" ] || rm -f /etc/doas.conf; drop_account; }
trap drop_all EXIT
sudoers() { printf '%s\n' "$@" >"$SUDOERS.new" && chmod 440 "$SUDOERS.new" && mv "$SUDOERS.new" "$SUDOERS"; }
printf canary-password | only password --type ssh_password
logins() { grep -c 'Accepted' "$W/sshd.log"; }

# A connection is kept for the next job; one that died meanwhile is made anew.
equal "$(ssh_job name='echo one')" one
n=$(logins)
for i in 1 2 3 4 5; do equal "$(ssh_job name="echo $i")" "$i"; done
equal "$(logins)" "$n" "logins for five more jobs"
pkill -u "$ACCOUNT"
nobody() { ! pgrep -u "$ACCOUNT" >/dev/null; }
wait_for 10 nobody
equal "$(ssh_job name='echo anew')" anew
equal "$(logins)" $((n + 1)) "logins after it died"

# Several commands in one login; what they read is empty; a parameter is one value, whatever it holds.
several() { run_job MultiProbe --source 127.0.0.5 port="$PORT" "$@"; }
several command_1='echo a; echo b >&2; exit 2' command_2='cat; echo end' >"$W/several"
equal "$(jq -c '.commands | map([.command, .exit_status, .stdout, .stderr])' "$W/several")" \
	'[["echo a; echo b >&2; exit 2",2,"a\n","b\n"],["cat; echo end",0,"end\n",""]]'
equal "$(ssh_job name='printf %s "${what}"' what='$(id); `id`; "'"'"'; echo gone')" '$(id); `id`; "'"'"'; echo gone'

# As root. Without a rule for us; with one and the password; without password; one part only.
has "$(error_of name='id -u' must_sudo=true)" "$ACCOUNT is not in the sudoers"
sudoers "$ACCOUNT ALL=(root) ALL"
equal "$(ssh_job name='echo to-err >&2; id -u; cat' must_sudo=true)" 0
equal "$(ssh_job name='id -un; ${sudo:id -un}; ${sudo:id -u}' | tr '\n' ' ')" "$ACCOUNT root 0 "
equal "$(ssh_job name='echo Password: ; id -u' must_sudo=true | tr '\n' ' ')" "Password: 0 "
sudoers "Defaults:$ACCOUNT requiretty" "$ACCOUNT ALL=(root) ALL"
equal "$(ssh_job name='id -u' must_sudo=true)" 0
run_job UnixFacts --source 127.0.0.5 port="$PORT" sections=os must_sudo=true >"$W/facts"
equal "$(jq -r .os.kernel_release "$W/facts")" "$(uname -r)"
sudoers "$ACCOUNT ALL=(root) NOPASSWD: ALL"
equal "$(ssh_job name='id -u' must_sudo=true)" 0
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/k"
cat "$W/keys/k.pub" >"$W/home/.ssh/authorized_keys"
only key --type ssh_private_key <"$W/keys/k"
equal "$(ssh_job name='id -u' must_sudo=true)" 0
sudoers "$ACCOUNT ALL=(root) ALL"
has "$(error_of name='id -u' must_sudo=true)" "password is required"
jq -n --rawfile k "$W/keys/k" '{private_key: $k, password: "canary-wrong"}' >"$W/fields"
only both --type ssh_private_key <"$W/fields"
has "$(error_of name='id -u' must_sudo=true)" "not the one that is asked for"

# doas asks on a terminal only.
printf canary-password | only password --type ssh_password
if [ -f /etc/doas.conf ]; then cp -p /etc/doas.conf "$W/doas.conf"; else DOAS_OURS=yes; fi
echo "permit $ACCOUNT as root" >/etc/doas.conf
mkdir "$W/bin"
ln -s "$(command -v doas)" "$W/bin/doas"
for c in id stty cat sh; do ln -s "$(command -v $c)" "$W/bin/$c"; done
equal "$(ssh_job name='id -u; echo done' must_sudo=true path_override="replace:$W/bin" | tr '\n' ' ')" "0 done "

# Facts that only root may read: doas is asked by its file what it lets us without a password.
sockets() { run_job UnixFacts --source 127.0.0.5 port="$PORT" sections=sockets | jq -c '.sockets.needs_privilege'; }
equal "$(sockets)" true
echo "permit nopass $ACCOUNT as root" >/etc/doas.conf
equal "$(sockets)" null

# Through another host, which has a key and a credential of its own.
sed "s/^ListenAddress 127.*/ListenAddress 127.0.0.8/; /::1/d; s/ed25519/ecdsa/" "$W/sshd.conf" >"$W/jump.conf"
"$SSHD" -D -e -f "$W/jump.conf" 2>>"$W/jump.log" &
echo $! >"$W/jump.pid"
wait_for 10 bash -c ": </dev/tcp/127.0.0.8/$PORT"
equal "$(ssh_job name='echo "$SSH_CONNECTION" | cut -d" " -f1,3' proxy_jump="127.0.0.8:$PORT")" "127.0.0.1 127.0.0.5"
grep -q Accepted "$W/jump.log" || die "the host on the way was not used"
has "$(ctl hostkeys list)" 127.0.0.8
equal "$(ssh_job name='head -c 2000000 /dev/zero | tr "\0" x' proxy_jump="127.0.0.8:$PORT" | tr -d '\n' | wc -c)" 2000000
has "$(error_of name=x proxy_jump="169.254.169.254")" policy
has "$(error_of name=x proxy_jump="127.0.0.9:1")" "host on the way"
has "$(error_of name=x proxy_jump="me@host")" "user comes from the credential"
kill "$(cat "$W/jump.pid")"

# What it had said when its time was up is kept, and it does not go on there.
ssh_job name='echo early; sleep 4711' command_timeout_ms=700 >"$W/out" 2>&1 && die "it did not end"
has "$(cat "$W/out")" command_timeout_ms
has "$(cat "$W/out")" early
gone() { ! pgrep -u "$ACCOUNT" -f 'sleep 4711' >/dev/null; }
wait_for 10 gone

# A long command: begun once, goes on while midd is killed and started anew, collected once.
chown "$ACCOUNT" "$W/home"
long() { run_job SSHCommandLong --source 127.0.0.5 port="$PORT" "$@"; }
long name="echo begun >>$W/home/begun; echo to-err >&2; until [ -f $W/home/go ]; do sleep 0.1; done; echo \"\${what}\"; exit 7" what="it's over" \
	>"$W/answer" 2>"$W/answer.err" &
waits=$!
begun() { [ -s "$W/home/begun" ]; }
wait_for 10 begun
agent_kill
agent_start
touch "$W/home/go"
wait $waits || true
equal "$(cat "$W/answer")" "it's over"
has "$(cat "$W/answer.err")" to-err
equal "$(wc -l <"$W/home/begun")" 1 "times it was begun"
long name='echo ${sudo:id}' >"$W/out" 2>&1 && die "it was begun"
has "$(cat "$W/out")" "use must_sudo"

# A rule for a command is none for it as root, nor from another PATH.
printf 'allow SSHCommand * * id -u\ndeny * * * *id -un*\n' >"$W/rules"
kill -HUP "$(agent_pid)"
narrow() { [ "$(ctl policy show --json | jq '.rules | length')" = 2 ]; }
wait_for 10 narrow
equal "$(ssh_job name='id -u')" "$(id -u "$ACCOUNT")"
has "$(error_of name='id -u' must_sudo=true)" 'as root (must_sudo: ${sudo:...} in a rule)'
has "$(error_of name='id -u' path_override="prepend:$W/bin")" "no rule allows"
has "$(error_of name='id -un' must_sudo=true)" "line 2 of the rules denies"
printf 'allow SSHCommand * * *\n' >"$W/rules"
kill -HUP "$(agent_pid)"
wide() { [ "$(ctl policy show --json | jq '.rules | length')" = 1 ]; }
wait_for 10 wide

# Login shells that are no POSIX shells, or small ones.
ln -s "$(command -v busybox)" "$W/ash"
for shell in /bin/csh /bin/dash /bin/bash "$W/ash"; do
	accounts usermod -s $shell "$ACCOUNT"
	pkill -u "$ACCOUNT" || true
	wait_for 10 nobody
	equal "$(ssh_job name='for i in 1 2; do printf "$i!"; done; echo '"'it''s'"'')" "1!2!its"
done

# PAM's questions instead of a password; an account that may run one thing only.
sed -i 's/^UsePAM no/UsePAM yes/; s/^PasswordAuthentication yes/PasswordAuthentication no/; s/^KbdInteractiveAuthentication no/KbdInteractiveAuthentication yes/' "$W/sshd.conf"
serve
pkill -u "$ACCOUNT" || true
wait_for 10 nobody
equal "$(ssh_job name='echo asked')" asked
echo "ForceCommand echo forced" >>"$W/sshd.conf"
serve
pkill -u "$ACCOUNT" || true
wait_for 10 nobody
equal "$(ssh_job name='echo mine')" forced
has "$(run_job UnixFacts --source 127.0.0.5 port="$PORT" 2>&1 || true)" 'no facts but "forced"'

for f in "$W/demo/midd.log" "$W"/demo/state/* "$W/sshd.log"; do
	if grep -qaE 'canary-p|canary-w' "$f"; then die "a secret stands in $f"; fi
done
agent_stop
pass
