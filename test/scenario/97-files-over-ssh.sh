# SPDX-License-Identifier: Apache-2.0
# FileProbe against a real sshd: files fetched, put and listed over SFTP; connections cut in the
# middle, midd killed in the middle, a full disk, wrong hashes, and what policy allows.
SSHD_LINES='Subsystem sftp internal-sftp
ListenAddress 127.0.0.1'
RULES='allow * 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
printf canary-password | only password --type ssh_password
chmod 755 "$W"
D=$W/home/files
mkdir "$D"
chown -R "$ACCOUNT" "$W/home"
probe() { ctl run FileProbe --source "${HOST:-127.0.0.5}" port="${AT:-$PORT}" "$@"; }
no() { probe "$@" >"$W/out" 2>&1 && die "it succeeded: $*"; cat "$W/out"; }
by_job() { run_job FileProbe --source "${HOST:-127.0.0.5}" port="${AT:-$PORT}" "$@"; }
sum() { sha256sum "$1" | cut -d' ' -f1; }
note() { jq -r ".notes.$1 // \"\""; }

# Fetched: by job, as base64 with its hash; by hand, as it is; a part of it; what /proc says has no size.
head -c 50000000 /dev/urandom >"$D/fifty"
head -c 300001 /dev/urandom >"$D/small"
: >"$D/empty"
by_job path="$D/small" >"$W/got"
base64 -d <"$W/got" | cmp - "$D/small"
probe path="$D/fifty" encoding=text sha256="$(sum "$D/fifty")" >"$W/got"
cmp "$W/got" "$D/fifty"
probe path="$D/small" encoding=text offset=1000 length=70000 >"$W/got"
tail -c +1001 "$D/small" | head -c 70000 | cmp - "$W/got"
equal "$(probe path="$D/empty" --json | note sha256)" "$(sum "$D/empty")"
has "$(probe path=/proc/version encoding=text)" "$(uname -r)"

# Put: anew with a mode; over what is there only if asked; the same again is no harm; what is empty.
put() { probe action=put path="$D/put" "$@"; }
put content=one mode=0640 >/dev/null
equal "$(cat "$D/put") $(stat -c %a "$D/put")" "one 640"
has "$(no action=put path="$D/put" content=two)" "overwrite=true"
equal "$(put content=one --json | note unchanged)" true
put content=two overwrite=true >/dev/null
equal "$(cat "$D/put") $(stat -c %a "$D/put")" "two 640"
put content= overwrite=true >/dev/null
equal "$(stat -c %s "$D/put")" 0
has "$(no action=put path="$D/x" content=abc sha256="$(sum "$D/small")")" "nothing was sent"
has "$(no path="$D/small" sha256="$(sum "$D/put")")" "expected was"

# Listed.
probe action=list path="$D" --json >"$W/got"
equal "$(jq -r '.entries[] | select(.name == "fifty") | "\(.size) \(.type)"' "$W/got")" "50000000 file"

# What goes wrong says so.
has "$(no path=/nonesuch)" "no such file"
has "$(no path=/etc/shadow)" "may not do that"
has "$(no action=put path=/etc/midd-test content=x)" "may not do that"
has "$(no path="$D")" "is a folder"
has "$(no path=/tmp/../etc/passwd)" "a path is absolute"
has "$(no path="$D/put" action=eat)" "get, put or list"
ln -s small "$D/link"
has "$(no action=put path="$D/link" content=x overwrite=true)" "no plain file"

# A connection that is cut in the middle: it goes on where it was, both ways.
"$B/test/peers/bad_net" "$PORT" "$W/orders" >"$W/net.port" &
echo $! >"$W/net.pid"
wait_for 10 test -s "$W/net.port"
HOST=127.0.0.1 AT=$(cat "$W/net.port")
order() {
	rm -f "$W/orders.done"
	echo "$*" >"$W/orders"
	kill -HUP "$(cat "$W/net.pid")"
	wait_for 5 test -s "$W/orders.done"
}
order answer cut 20000000 2
probe path="$D/fifty" encoding=text >"$W/got"
cmp "$W/got" "$D/fifty"
equal "$(cat "$W/orders.done")" 2 "times it was cut"
# Its time is over in the middle: it is said how far it was.
order answer stall 20000000 1
no path="$D/fifty" encoding=text --timeout 2s >/dev/null
grep -aqE '127.0.0.1: not done within 2 s: it is logged in, and [1-9][0-9]* of 50000000 bytes have come' "$W/out" || die "$(tail -c 400 "$W/out")"
order answer none 0 0
head -c 700000 "$D/fifty" >"$W/content"
put_job() { # PATH [PORT]: all of $W/content; too long for an argument
	printf '<parameters><parameter name="port" value="%s"/><parameter name="action" value="put"/><parameter name="path" value="%s"/>
		<parameter name="content_base64" value="%s"/></parameters>' "${AT:-$PORT}" "$1" "$(base64 -w0 "$W/content")" >"$W/payload"
	job FileProbe --source "${HOST:-127.0.0.5}" --payload "$W/payload"
}
answered() { [ "$(answers "$1")" -ge 1 ]; }
order request reset 400000 1
id=$(put_job "$D/cut")
wait_for 20 answered "$id"
cmp "$W/content" "$D/cut"
equal "$(cat "$W/orders.done")" 1 "times it was cut"
grep -q 'the part of .*/cut there has .* it goes on from there' "$W/demo/midd.log" || die "the put did not go on where it was"

# midd is killed in the middle: the next life goes on where the part ends. A part that was spoilt is begun anew.
order request stall 400000 1
id=$(put_job "$D/killed")
stalled() { [ "$(cat "$W/orders.done")" = 1 ]; }
wait_for 20 stalled
agent_kill
part=$(ls "$D"/.midd-part-*)
[ "$(stat -c %s "$part")" -gt 100000 ] || die "there is no part"
[ ! -e "$D/killed" ] || die "it is there before it is whole"
order request none 0 0
agent_start
wait_for 20 answered "$id"
cmp "$W/content" "$D/killed"
grep -q 'the part of .*/killed there has .* it goes on from there' "$W/demo/midd.log" || die "the put did not go on where it was"
order request stall 400000 1
id=$(put_job "$D/spoilt")
wait_for 20 stalled
agent_kill
printf X | dd of="$(ls "$D"/.midd-part-*)" bs=1 seek=1000 conv=notrunc status=none
order request none 0 0
agent_start
wait_for 20 answered "$id"
cmp "$W/content" "$D/spoilt"
grep -q 'all is written anew' "$W/demo/midd.log" || die "a spoilt part was not seen"
unset HOST AT

# A file larger than a job: in pieces, each a job; the last one makes it whole. One that does not fit is refused.
whole=$(sum "$D/small")
piece() { head -c $(($1 + $2)) "$D/small" | tail -c "$2" | base64 -w0; }
in_pieces() { probe action=put path="$D/pieces" offset="$1" size=300001 sha256="$whole" content_base64="$(piece "$1" "$2")" --json; }
equal "$(in_pieces 0 90000 | note complete)" false
has "$(probe action=put path="$D/pieces" offset=200000 size=300001 sha256="$whole" content_base64="$(piece 200000 1000)" 2>&1)" "the part there has 90000 bytes"
equal "$(in_pieces 90000 90000 | note complete)" false
in_pieces 180000 90000 >/dev/null
equal "$(in_pieces 270000 30001 | note complete)" true
cmp "$D/small" "$D/pieces"
has "$(no action=put path="$D/never" size=2 sha256="$whole" content=x offset=1)" "does not fit"
probe action=put path="$D/never" size=2 sha256="$whole" content=x >/dev/null
has "$(no action=put path="$D/never" size=2 sha256="$whole" content=x offset=1)" "by its SHA-256"
[ ! -e "$D/never" ] || die "a file with a wrong hash is there"
equal "$(find "$D" -name '.midd-part-*' | wc -l)" 0 "parts left behind"

# A part that somebody else has laid there, who would own the file, is refused. Where anybody may rename, none is gone on with.
mkdir -m 1777 "$D/shared"
lay() { # FILE: the part of "abc" for it, as a stranger would make it
	part=$D/shared/.midd-part-$(printf '%s %s' "$(printf abc | sha256sum | cut -d' ' -f1)" "$1" | sha256sum | head -c 32)
	printf ab >"$part"
	chmod 666 "$part"
}
put_abc() { probe action=put path="$1" content=abc --json; }
lay "$D/shared/x"
has "$(no action=put path="$D/shared/x" content=abc)" "is a file of user 0, and ours are of user"
[ ! -e "$D/shared/x" ] || die "a stranger's part has become the file"
chown "$ACCOUNT" "$part"
equal "$(put_abc "$D/shared/x" | note resumed_at)" 2
chmod 0777 "$D/shared"
lay "$D/shared/y"
equal "$(put_abc "$D/shared/y" | note resumed_at)" ""
equal "$(stat -c %U "$D/shared/x" "$D/shared/y" | sort -u) $(cat "$D/shared/y")" "$ACCOUNT abc"
equal "$(find "$D" -name '.midd-part-*' | wc -l)" 0 "parts left behind"

# A full disk; a server without SFTP; policy.
mkdir "$W/disk"
mount -t tmpfs -o size=256k,mode=777 none "$W/disk"
id=$(put_job "$W/disk/x")
wait_for 20 answered "$id"
has "$(lab table ecc_queue "response_to=$id" --fields error_string --json)" "the disk is full"
umount "$W/disk"
sed -i '/^allow/d' "$W/rules"
printf 'allow FileProbe 127.0.0.0/8 * get %s/home/*\n' "$W" >"$W/rules"
kill -HUP "$(agent_pid)"
denied() { ! probe path=/etc/hostname; }
wait_for 10 denied
probe path="$D/put" encoding=text >/dev/null
has "$(no path=/etc/hostname)" "no rule allows this FileProbe"
has "$(no action=put path="$D/put" content=x)" "no rule allows this FileProbe"
has "$(no path="$D/../../../../etc/hostname")" "a path is absolute"
sed -i '/^Subsystem/d' "$W/sshd.conf"
serve
pkill -u "$ACCOUNT" || true
has "$(no path="$D/put")" "the server has no SFTP"
if grep -qa canary-p "$W/demo/midd.log" "$W"/demo/state/*; then die "a secret stands in the log or the store"; fi
ctl audit verify >/dev/null
agent_stop
pass
