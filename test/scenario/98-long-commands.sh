# SPDX-License-Identifier: Apache-2.0
# SSHCommandLong on a host that goes away and comes back: it is looked at until it answers again,
# and what it says comes once. A cancelled one is ended there, with all it has started.
SSHD_LINES='ListenAddress 127.0.0.1'
RULES='allow * 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
printf canary-password | only password --type ssh_password
chown -R "$ACCOUNT" "$W/home"
long() { job SSHCommandLong --source "${HOST:-127.0.0.5}" port="${AT:-$PORT}" name="$1"; }
answered() { [ "$(answers "$1")" -ge 1 ]; }
error_text() { lab table ecc_queue "response_to=$1" --fields error_string --json | jq -r '.[0].error_string'; }
began() { [ -e "$W/home/$1" ]; }
of_account() { pgrep -u "$ACCOUNT" -f "$1"; }
none_of() { ! of_account "$1" >/dev/null; }

# The server goes, with all its connections, while the command runs; later it is there again.
run_job SSHCommandLong --source 127.0.0.5 port="$PORT" name='touch begun; while [ ! -e go ]; do sleep 0.1; done; echo over; echo x >>times' >"$W/answer" 2>&1 &
waits=$!
wait_for 20 began begun
kill "$(cat "$W/sshd.pid")"
pkill -u "$ACCOUNT" -x sshd || true
looks() { [ "$(grep -c 'connection to the long command is lost' "$W/demo/midd.log")" -ge "$1" ]; }
wait_for 30 looks 2
touch "$W/home/go"
rm -f "$W/sshd.pid"
serve
wait $waits
equal "$(cat "$W/answer")" over
equal "$(wc -l <"$W/home/times")" 1 "times it ran"

# Cut while its output is fetched: all of it comes, and once.
"$B/test/peers/bad_net" "$PORT" "$W/orders" >"$W/net.port" &
echo $! >"$W/net.pid"
wait_for 10 test -s "$W/net.port"
echo answer cut 1500000 2 >"$W/orders"
kill -HUP "$(cat "$W/net.pid")"
run_job SSHCommandLong --source 127.0.0.1 port="$(cat "$W/net.port")" name='seq 300000' >"$W/answer"
seq 300000 | cmp - "$W/answer"
equal "$(cat "$W/orders.done")" 2 "times it was cut"

# Cancelled: ended with its children, also one that does not want to end; its folder is gone.
id=$(long 'touch two; sleep 4711 & sh -c "trap \"\" TERM; while :; do sleep 0.3 </dev/null; done" stubborn; echo never')
wait_for 20 began two
of_account stubborn >/dev/null
[ -d "$W/home/.midd/$id" ] || die "there is no folder of the job"
ctl job cancel "$id" >/dev/null
wait_for 20 answered "$id"
has "$(error_text "$id")" cancel
none_of 'sleep 4711' || die "its child still runs"
none_of stubborn || die "what does not want to end still runs"
[ ! -e "$W/home/.midd/$id" ] || die "its folder is still there"
if grep -q 'may still run' "$W/demo/midd.log"; then die "midd says that it may still run"; fi

# While midd stops it goes on, as it always did.
id=$(long 'touch three; while [ ! -e go3 ]; do sleep 0.1; done; echo went on')
wait_for 20 began three
agent_stop
of_account 'go3' >/dev/null || die "it was ended with midd"
touch "$W/home/go3"
agent_start
wait_for 20 answered "$id"
equal "$(error_text "$id")" ""
agent_stop
pass
