# SPDX-License-Identifier: Apache-2.0
# Servers that mean ill, or die in the middle: one job fails with a sentence that can be shown, the
# worker lives, no credential was sent, and the next job on a good host is done.
SSHD_LINES='ListenAddress 127.0.0.1'
RULES='allow * 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
printf canary-password | only password --type ssh_password
equal "$(ssh_job name='echo good')" good
worker() { pgrep -P "$(agent_pid)" midd-worker | sort | tr '\n' ' '; }
before=$(worker)

for way in flood line escapes junk huge kexinit old mute; do
	python3 "$(dirname "$0")/../peers/bad_ssh.py" 127.0.0.6 $way >"$W/bad.port" &
	bad=$!
	there() { [ -s "$W/bad.port" ]; }
	wait_for 10 there
	run_job SSHCommand --source 127.0.0.6 port="$(cat "$W/bad.port")" name='echo x' >"$W/out" 2>&1 && die "$way: it succeeded"
	has "$(cat "$W/out")" "127.0.0.6 port"
	if tr -d '\n\t -~' <"$W/out" | grep -q .; then die "$way: what is no text stands in the answer: $(cat -v "$W/out")"; fi
	kill $bad
	wait $bad 2>/dev/null || true
	: >"$W/bad.port"
	ctl hostkeys remove 127.0.0.6 >/dev/null 2>&1 || true
done

# A good server, whose answers end at byte K: in the greeting, the key exchange, the login, the command.
touch "$W/orders"
"$B/test/peers/bad_net" "$PORT" "$W/orders" >"$W/net.port" &
net=$!
there() { [ -s "$W/net.port" ]; }
wait_for 10 there
harmed=0
for order in 'cut 1' 'reset 10' 'cut 41' 'cut 300' 'reset 1000' 'cut 1400' 'reset 1800' 'cut 2100' 'reset 2300' 'cut 2600'; do
	echo "answer $order 1" >"$W/orders"
	rm -f "$W/orders.done"
	kill -HUP $net
	run_job SSHCommand --source 127.0.0.1 port="$(cat "$W/net.port")" name='echo whole; sleep 0.1; echo answer' >"$W/out" 2>&1 || true
	grep -qE '^answer$|127.0.0.1' "$W/out" || die "$order: $(cat "$W/out")"
	grep -q '^answer$' "$W/out" || harmed=$((harmed + 1))
done
[ $harmed -ge 5 ] || die "only $harmed of ten were cut"
kill $net
equal "$(ssh_job name='echo still good')" "still good"
equal "$(worker)" "$before" "workers"
grep -q 'canary' "$W/demo/midd.log" && die "a secret stands in the log"
agent_stop
pass
