# SPDX-License-Identifier: Apache-2.0
# SNMP agents that lie: loops, wrong ids, answers from elsewhere, cut and flipped
# messages, tooBig, genErr, doubles, losses, delay. Each is told as it is, none stops the others.
. "$(dirname "$0")/lib.sh"
PORT=$((20000 + ($$ + 4200) % 12000))
FAULTS="clean loop wrongid foreign flip cut toobig generr dup drop slow big v1only dead tardy"
n=0
words=
for f in $FAULTS; do
	n=$((n + 1))
	words="$words 127.0.4.$n=$f"
	eval "at_$f=127.0.4.$n"
done
# shellcheck disable=SC2086
python3 test/peers/snmp_hostile.py $PORT $words >"$W/peer.log" 2>&1 &
echo $! >"$W/peer.pid"
wait_for 10 grep -q ready "$W/peer.log"
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
Y
agent_start
printf public | ctl creds add any --type snmp >/dev/null
one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
wait_for 10 one

# Three seconds late: waited for where the job says so.
ctl run SNMP --source "$at_tardy" port=$PORT timeout=5000 established_session_timeout=5000 retries=1 oid_spec_list="get sysName.0,sysDescr.0" \
	>"$W/late.out" 2>&1 & late=$!

ask() { # FAULT: what both columns and the system group of that agent have
	local at=at_$1 status=0
	ctl run SNMP --source "${!at}" port=$PORT timeout=300 established_session_timeout=300 retries=3 oid_spec_list="walk system
table ifTable ifDescr,ifType" >"$W/$1.out" 2>"$W/$1.err" || status=$?
	echo $status >"$W/$1.status"
}
# All at once: they share the engine.
for f in $FAULTS; do ask "$f" & echo $! >>"$W/asks"; done
# shellcheck disable=SC2046
wait $(cat "$W/asks")

wait $late || die "an answer after three seconds was not waited for: $(cat "$W/late.out")"
has "$(cat "$W/late.out")" tardy

rows() { grep -o '<ifEntry instance=' "$W/$1.out" | wc -l; }
cells() { grep -o '<ifType>6</ifType>' "$W/$1.out" | wc -l; }
for f in clean toobig dup drop slow big v1only cut; do
	equal "$(rows $f) $(cells $f) $(cat "$W/$f.status")" "300 300 0" "$f"
done
has "$(cat "$W/v1only.out")" 'version="1"'
equal "$(tr -cd x <"$W/big.out" | wc -c)" 60000 "the long string"
has "$(cat "$W/loop.out" "$W/loop.err")" "do not go forward"
equal "$(cells loop)" 300 "the column beside the loop"
has "$(cat "$W/generr.out" "$W/generr.err")" "fails there"
equal "$(rows generr) $(cells generr)" "300 0" "the column beside the one that fails"
for f in wrongid foreign dead tardy; do
	has "$(cat "$W/$f.out" "$W/$f.err")" "no SNMP agent answers"
done
# Flipped bits may say anything; but the run ends by itself, and the worker lives.
if grep -q "crashed\|worker ended" "$W/flip.out" "$W/flip.err"; then die "a flipped bit ended the worker"; fi
if grep -q "ended by signal\|crashed" "$W/$AGENT/midd.log"; then die "a worker died"; fi
agent_stop
pass
