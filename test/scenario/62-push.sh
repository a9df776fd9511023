# SPDX-License-Identifier: Apache-2.0
# The instance says at once that there is work: a job starts while midd asks
# every 40 s only. The lab is restarted and its channel misbehaves: push comes
# back by itself, or polling does without, and nothing is asked in a busy loop.
. "$(dirname "$0")/lib.sh"
PUSH=true POLL_MAX=40s
push_is() { [ "$(ctl status --json | jq -r .push.state)" = "$1" ]; }
push_why() { ctl status --json | jq -r .push.why; }
up_again() { lab fault --clear >/dev/null; agent_stop; agent_start; wait_for 20 push_is up; }
lab_init
lab_start --log
agent_config </dev/null
agent_start
wait_for 20 push_is up
has "$(ctl status)" "push      up"

# Idle, the next poll is far away; each job is answered within seconds all the same.
resting() { [ "$(ctl status --json | jq .instance.last_poll_ms)" -gt 300 ]; }
for i in 1 2 3; do
	wait_for 10 resting
	t0=$(date +%s%N)
	lab job --agent demo --wait 10 Echo text=$i >/dev/null
	[ $((($(date +%s%N) - t0) / 1000000)) -lt 5000 ] || die "push did not make job $i start"
done

# The lab goes and comes back; so does push. Meanwhile it is named as down, and is an event.
lab_kill
wait_for 10 push_is down
lab_start --log
wait_for 30 push_is up
has "$(ctl log --json)" "no push"
lab job --agent demo --wait 10 Echo text=again >/dev/null

# It forgets its client: a handshake later all is well.
lab fault connect:unknown >/dev/null
lab job --agent demo --wait 10 Echo text=known >/dev/null
wait_for 10 push_is up

# Answers at once, and messages by the thousand: two questions a second at most, after a first burst.
calls() { grep -c "POST /amb 200" "$W/lab.log" || true; }
polls() { grep -c "GET /api/now/table/ecc_queue 200" "$W/lab.log" || true; }
for fault in at-once flood; do
	lab fault "connect:$fault:1000" >/dev/null
	job Echo text=wake >/dev/null
	n=$(calls) p=$(polls) t0=$(date +%s%N)
	more() { [ "$(calls)" -ge $((n + 12)) ]; }
	wait_for 20 more
	ms=$((($(date +%s%N) - t0) / 1000000)) made=$(($(calls) - n)) asked=$(($(polls) - p))
	[ "$made" -le $((14 + ms / 400)) ] || die "$fault: $made connects in $ms ms"
	[ "$asked" -le $((40 + ms / 50)) ] || die "$fault: $asked polls in $ms ms"
	lab fault --clear >/dev/null
done
lab job --agent demo --wait 10 Echo text=flooded >/dev/null

# A channel that is refused, for ever: polling goes on at poll.max, push rests.
lab fault subscribe:refuse:100 >/dev/null
lab_stop
lab_start --log --fault subscribe:refuse:100
wait_for 30 push_is down
said() { case $(push_why) in *"$1"*) ;; *) false ;; esac; }
wait_for 20 said "This channel is not for you"
lab job --agent demo --wait 60 Echo text=polled >/dev/null
has "$(ctl status)" "push      down"

# Garbage and worse: push is down for a while, and jobs are answered.
up_again
lab fault connect:garbage:3 >/dev/null
lab job --agent demo --wait 20 Echo text=wake >/dev/null
wait_for 20 said "answer of the push channel"
for fault in endless deep reset never; do
	up_again
	lab fault "connect:$fault:2" >/dev/null
	lab job --agent demo --wait 20 Echo text=$fault >/dev/null
	wait_for 20 push_is down
	lab job --agent demo --wait 20 Echo text=$fault >/dev/null
done
agent_stop
pass
