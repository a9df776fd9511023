#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# net.sh - the network cuts, resets, stalls or dribbles when byte K of the
# requests or of the answers has passed: handshake, question, claim, delivery.
# Each of the jobs given meanwhile has exactly one answer.
#
#   test/crash/net.sh all                    every 40th byte to 12,000 (make crash-net)
#   test/crash/net.sh sample                 a few K for each way and side
#   test/crash/net.sh SIDE WAY K             one, to look at it again
. "$(dirname "${BASH_SOURCE[0]}")/../scenario/lib.sh"

PER_POINT=6
lab_init
lab_start
: >"$W/orders"
"$B/test/peers/bad_net" "$LAB_PORT" "$W/orders" >"$W/net.port" &
echo $! >"$W/net.pid"
wait_for 10 test -s "$W/net.port"
LAB_URL=https://localhost:$(cat "$W/net.port")
agent_config <<-Y
	instance: { total: 1s }
Y
agent_start
healthy() { ctl status >/dev/null; }
wait_for 20 healthy

points=0 harmed=0
order() {
	rm -f "$W/orders.done"
	echo "$*" >"$W/orders"
	kill -HUP "$(cat "$W/net.pid")"
	wait_for 5 test -s "$W/orders.done"
}
point() {	# SIDE WAY K: two connections are harmed there
	order "$1" "$2" "$3" 2
	job Echo --count $PER_POINT text="$*" >/dev/null
	points=$((points + 1))
	wait_for 40 all_answered $((points * PER_POINT)) Echo
	harmed=$((harmed + $(cat "$W/orders.done")))
	each_once Echo $((points * PER_POINT)) || die "again with test/crash/net.sh $*"
}
every() {	# K...
	local side way k
	for k in "$@"; do
		for side in request answer; do
			for way in cut reset stall dribble; do
				point $side $way "$k"
			done
		done
	done
}

case ${1:-all} in
all) every $(seq 0 40 12000) ;;
sample) every 0 400 2500 6000 ;;
*) point "$@" ;;
esac
order request none 0 0
wait_for 10 healthy
echo "$points points, $harmed connections harmed, each of $((points * PER_POINT)) jobs has one answer"
[ "$harmed" -ge "$points" ] || die "only $harmed connections were harmed"
agent_stop
pass
