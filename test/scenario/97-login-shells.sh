# SPDX-License-Identifier: Apache-2.0
# UnixFacts whatever the account's login shell is; and what root alone may run: asked by sudo where
# it lets the account without a password, else said to need privilege.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
echo canary-password | only the-password --type ssh_password
nobody() { ! pgrep -u "$ACCOUNT"; }
facts() { ctl run UnixFacts --source 127.0.0.5 port="$PORT" --json "$@"; }

ln -s "$(command -v busybox)" "$W/ash"
seen=0
for shell in /bin/dash "$W/ash" /bin/bash /bin/mksh /bin/ksh93 /bin/zsh /bin/tcsh /bin/bsd-csh; do
	[ -x "$shell" ] || { echo "there is no $shell here"; continue; }
	accounts usermod -s "$shell" "$ACCOUNT"
	pkill -u "$ACCOUNT" || true
	wait_for 10 nobody
	facts sections=os,users,filesystems >"$W/facts.json" || die "$shell"
	equal "$(jq -r '.os.kernel_name, (.users.items | map(select(.name == "root")) | length), (.filesystems.items | length > 0)' "$W/facts.json" | xargs)" \
		"Linux 1 true" "$shell"
	seen=$((seen + 1))
done
[ $seen -ge 4 ] || die "only $seen shells"

# Who owns a socket: not told to this account, but to root.
facts sections=sockets >"$W/facts.json"
equal "$(jq -r .sockets.needs_privilege "$W/facts.json")" true
command -v sudo >/dev/null && command -v ss >/dev/null && [ -d /etc/sudoers.d ] || { echo "no sudo or ss: the rest is left out"; agent_stop; pass; }
drop_rule() { rm -f "/etc/sudoers.d/$ACCOUNT"; drop_account; }
trap drop_rule EXIT
echo "$ACCOUNT ALL=(root) NOPASSWD: $(command -v ss)" >"/etc/sudoers.d/$ACCOUNT"
chmod 440 "/etc/sudoers.d/$ACCOUNT"
server="[.sockets.items[] | select(.local_port == $PORT and .state == \"listen\")][0]"
facts sections=sockets >"$W/facts.json"
equal "$(jq -r "$server.process" "$W/facts.json")" sshd "by sudo"
facts sections=sockets sudo=false >"$W/facts.json"
equal "$(jq -r "$server.needs_privilege" "$W/facts.json")" true "sudo=false"
agent_stop
pass
