# SPDX-License-Identifier: Apache-2.0
# A host that sends a gigabyte, one whose command never lets go, one that falls silent and one that is slow: memory
# stays bounded, what was said is kept. WHOLE=1 (make scale-ssh) takes the whole gigabyte to the instance.
BYTES=1000000000
SEAL=at-rest		# so that the lab shows the pages as they are
RULES='allow SSHCommand 127.0.0.0/8 * *'
SSHD_LINES='ListenAddress 127.0.0.1'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
printf canary-password | only password --type ssh_password
cat >>"$W/demo/midd.d/50-test.yaml" <<Y
results: { max: $([ -n "${WHOLE:-}" ] && echo 2 GB || echo 16 MB) }
workers: { max: 1, idle: 10m }
Y
agent_stop
agent_start
equal "$(ssh_job name='echo first')" first
worker=$(pgrep -P "$(agent_pid)" midd-worker)
peak() { awk '/^VmHWM/{print int($2 / 1024)}' "/proc/$1/status"; }
bounded() {
	echo "at most: worker $(peak "$worker") MB, midd $(peak "$(agent_pid)") MB"
	[ -z "${SAN:-}" ] || return 0	# the sanitizers have memory of their own
	[ "$(peak "$worker")" -lt "$1" ] || die "the worker had $(peak "$worker") MB"
	[ "$(peak "$(agent_pid)")" -lt "$2" ] || die "midd had $(peak "$(agent_pid)") MB"
}
nothing_runs() { ! pgrep -u "$ACCOUNT" -x "$1" >/dev/null; }
delivered() { [ "$(ctl job show "$1" --json | jq -r .stage)" = done ]; }
api() { curl -sS -f --cacert "$W/lab/ca.pem" --cert "$W/lab/agents/admin.pem" --key "$W/lab/agents/admin.key" "$LAB_URL/api/now/table/ecc_queue?$1"; }

id=$(job SSHCommand --source 127.0.0.5 port="$PORT" name="head -c $BYTES /dev/zero | tr '\0' '\176'")
start=$(date +%s.%N)
wait_for 500 delivered "$id"
wait_for 10 nothing_runs head
got=0 offset=0
while :; do
	n=$(api "sysparm_query=queue=input^response_to=$id&sysparm_fields=payload&sysparm_limit=20&sysparm_offset=$offset" | tr -cd '~' | wc -c)
	[ "$n" -gt 0 ] || break
	got=$((got + n)) offset=$((offset + 20))
done
if [ -n "${WHOLE:-}" ]; then
	awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN{printf "a gigabyte in %.0f s\n", b - a}'
	equal "$got" $BYTES "bytes at the instance"
else
	has "$(ctl job show "$id")" "larger than results.max"
	[ "$got" -gt 10000000 ] && [ "$got" -lt 17000000 ] || die "$got bytes were kept of 16 MB"
fi
bounded 40 200

# What it began holds its output open: the channel never ends.
ssh_job name='sleep 77 & echo started' channel_timeout_ms=500 >"$W/out" 2>&1 && die "it succeeded"
has "$(cat "$W/out")" channel_timeout_ms
has "$(cat "$W/out")" started
pkill -u "$ACCOUNT" -x sleep

# A server that falls silent after the login, and one that says a byte at a time.
touch "$W/orders"
"$B/test/peers/bad_net" "$PORT" "$W/orders" >"$W/net.port" &
echo $! >"$W/net.pid"
there() { [ -s "$W/net.port" ]; }
wait_for 10 there
order() { echo "answer $*" >"$W/orders"; rm -f "$W/orders.done"; kill -HUP "$(cat "$W/net.pid")"; }
by_net() { run_job SSHCommand --source 127.0.0.1 port="$(cat "$W/net.port")" "$@"; }
order stall 2600 1
by_net name='head -c 2000 /dev/zero | tr "\0" x; sleep 1' channel_timeout_ms=1000 >"$W/out" 2>&1 && die "it succeeded"
has "$(cat "$W/out")" channel_timeout_ms
order dribble 2300 1
equal "$(by_net name='head -c 200 /dev/zero | tr "\0" x' | tr -d '\n' | wc -c)" 200
equal "$(cat "$W/orders.done")" 1 "connections that were slow"
equal "$(ssh_job name='echo still good')" "still good"
equal "$(pgrep -P "$(agent_pid)" midd-worker)" "$worker" "the worker"
pass
