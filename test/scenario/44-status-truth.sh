# SPDX-License-Identifier: Apache-2.0
# Each fault stands in midctl status within five seconds, with exit status 1,
# and is gone from it within five seconds after its repair.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<-Y
	instance: { total: 1s, connect: 1s }
Y
agent_start

look() { ctl status --json >"$W/status" 2>/dev/null && EXIT=0 || EXIT=$?; }
healthy() { look; [ $EXIT = 0 ]; }
named() { look; [ $EXIT = 1 ] && jq -r '.problems[] | .what, .why' "$W/status" | grep -qE "$1"; }
ms() { echo $(($(date +%s%N) / 1000000)); }
hang() { kill -STOP "$(cat "$W/lab.pid")"; }
go_on() { kill -CONT "$(cat "$W/lab.pid")"; }
no_more() { lab fault --clear; }
send() { job Echo --count 3 text=x; }
given() { lab fault "$1:100000"; send; }
many() { lab fault "$1:100000"; job Echo --count 20 text=x; }	# so that some of the answers go together
paused() { ctl pause; }
resumed() { ctl resume; }
other_ca() {
	lab_stop
	mv "$W/lab" "$W/right"
	lab_init
	lab_start
}
right_ca() {
	lab_stop
	rm -rf "$W/lab"
	mv "$W/right" "$W/lab"
	lab_start
}
wait_for 20 healthy

# How it comes | what status says | how it is repaired
while IFS='|' read -r fault words repair; do
	t0=$(ms)
	$fault >/dev/null
	wait_for 5 named "$words"
	t1=$(ms)
	$repair >/dev/null
	wait_for 5 healthy
	printf '%-28s named after %4d ms, gone after %4d ms\n' "$fault" $((t1 - t0)) $(($(ms) - t1))
done <<'F'
lab_kill|not reached|lab_start
hang|did not answer in time|go_on
other_ca|certificate|right_ca
paused|paused|resumed
given poll:500|500|no_more
given poll:429=1|Rate limit|no_more
given poll:503=1|503|no_more
given poll:cut=10|cut off|no_more
given poll:reset|closed|no_more
given any:401|401|no_more
many batch:500|500|no_more
given claim:500|500|no_more
F
settled() { [ "$(outputs_in processed Echo)" -ge 41 ]; }
wait_for 20 settled
each_once Echo 41
agent_stop
pass
