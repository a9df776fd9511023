# SPDX-License-Identifier: Apache-2.0
# An instance in trouble is not pressed: a claim it does not take is made again
# after ever longer pauses, and an attached payload that is slow is fetched once.
# Those that can't be had, four at a time, keep no fifth from its turn.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
equal "$(run_job Echo text=warm)" warm

lab fault claim:500:3 >/dev/null
before=$(date +%s%N)
job Echo text=patient >/dev/null
wait_for 40 all_answered 2 Echo
took=$((($(date +%s%N) - before) / 1000000))
[ "$took" -ge 2000 ] || die "four claims within $took ms"
each_once Echo 2

echo "<see_attachment/>" >"$W/stub"
lab fault attachment:stall=2:1000 >/dev/null
id=$(job Echo --payload "$W/stub")
wait_for 40 all_answered 3 Echo
each_once Echo 3
left=$(lab fault --list --json)
asked=$((1000 - $(printf %s "$left" | jq '[.. | .left? // empty | tonumber] | add')))
[ "$asked" -le 4 ] || die "its attachment was asked for $asked times"

lab fault --clear attachment:500:1000000 >/dev/null
ctl pause >/dev/null
for _ in 1 2 3 4 5 6 7 8 9; do id=$(job Echo --payload "$W/stub"); done
ctl resume >/dev/null
wait_for 20 grep -q "job $id: its payload attachment can't be had" "$W/demo/midd.log"
lab fault --clear >/dev/null
wait_for 60 all_answered 12 Echo
each_once Echo 12
agent_stop
pass
