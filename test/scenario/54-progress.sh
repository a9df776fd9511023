# SPDX-License-Identifier: Apache-2.0
# While a discovery runs the instance and its operator see how far it is: in the record, in midlab report and midlab
# discover --wait, and beside the agent in midctl discovery, whose lines are plain where there is no terminal.
: "${HOSTS:=5}"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
hosts_serve
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
	report: { progress: 200ms }
Y
hosts_agent
touch "$W/keys/slow-127.2.0.2"

# The plan first, and nothing is done.
ctl discover "127.2.0.1-127.2.0.$HOSTS" --exclude 127.2.0.5 --ports ssh --dry-run >"$W/plan"
has "$(cat "$W/plan")" "4 addresses that policy allows, of $HOSTS named: 127.2.0.1-127.2.0.4"
has "$(ctl discover 127.2.0.1 169.254.169.254 --dry-run)" "1 address that policy allows, of 2 named: 127.2.0.1"
refused() { r=0; ctl discover 127.2.0.1 "$@" >"$W/said" 2>&1 || r=$?; equal "$r" 1 "$*"; cat "$W/said"; }
has "$(refused --rate fast)" 'the parameter rate is "fast", expected a whole number'
has "$(refused --deadline soon)" 'deadline is "soon"'
equal "$(ctl jobs --json | jq -s 'flatten | length')" 0 "jobs after a dry run"
equal "$(ctl discover 169.254.169.254 --dry-run >/dev/null 2>&1; echo $?)" 4 "a dry run of what policy forbids"

n=$(lab discover "127.2.0.1-127.2.0.$HOSTS" --agent demo --with ports=ssh)
row() { lab table discovery_status "number=$n" --json | jq -c '.[0]'; }
counted() { row | jq -e '.state == "Active" and .u_addresses == "5" and .u_found == "5" and .u_done == "4" and .u_asking == "1" and .u_progress == "90"' >/dev/null; }
wait_for 20 counted
id=$(row | jq -r .u_output)
has "$(lab report)" "$n"
lab report --json | jq -e --arg n "$n" '.discoveries[] | select(.number == $n) | .u_done == "4" and .u_progress == "90"' >/dev/null || die "midlab report does not say how far it is"
ctl discovery "$id" --json | jq -e '.percent == 90 and .found == 5 and .done == 4 and .asking == 1' >/dev/null || die "midctl discovery does not say how far it is"

# Lines, and no bar: standard output is no terminal.
ctl discovery "$id" --watch >"$W/watched" &
watcher=$!
lines() { grep -q "5 of 5 scanned, 5 found, 4 done" "$W/watched" && grep -q "127.2.0.3 *done *UnixFacts *host-3$" "$W/watched"; }
wait_for 10 lines
ctl job cancel "$id" >/dev/null
r=0; wait $watcher || r=$?
equal "$r" 1 "of one that was cancelled"
equal "$(grep -c "5 of 5 scanned, 5 found, 4 done" "$W/watched")" 1 "lines that say what the last one said"
has "$(tail -n 2 "$W/watched")" "cancelled: "
equal "$(grep -c "^127.2.0.[1-5] " "$W/watched")" 5 "targets that have a line of their own"
equal "$(grep -c "$(printf '\033')" "$W/watched" || true)" 0 "control characters in plain lines"
has "$(tail -n 3 "$W/watched")" "5 hosts answer: 4 in the CMDB"
over() { row | jq -e '.state == "Failed" and .u_asking == "0" and .u_done == "4"' >/dev/null; }
wait_for 10 over

# One that is waited for says how it stands.
rm "$W/keys/slow-127.2.0.2"
lab discover "127.2.0.1-127.2.0.$HOSTS" --agent demo --with ports=ssh --wait 60 >"$W/out" 2>"$W/said"
has "$(cat "$W/said")" "Active"
has "$(tail -n 1 "$W/out")" "Completed"

# A deadline by hand.
touch "$W/keys/slow-127.2.0.2"
ctl discover 127.2.0.2 --ports ssh --deadline 3 --watch >"$W/late" || true
has "$(cat "$W/late")" "the deadline of its discovery has come"
has "$(tail -n 3 "$W/late")" "1 host answers: 0 in the CMDB"
has "$(tail -n 2 "$W/late")" "not all: its deadline has come: 0 parts of the ranges were not scanned, 0 targets not asked"
late=$(lab discover 127.2.0.2 --agent demo --with "ports=ssh deadline=3")
bad=$(lab discover 127.2.0.77 --agent demo --with ports=99999)
has "$(ctl discover 127.2.0.2 --exclude 127.0.0.0/8 2>&1 || true)" "all of what was asked is excluded"

# While a part of the ranges is scanned, how much of it.
id=$(ctl discover 127.2.1.0/26 --ports 1-50 --rate 400 --json | jq -r .id)
some() { ctl discovery "$id" --json | jq -e '.step == "scan" and .scanned > 0 and .scanned < 64 and .percent > 0'; }
wait_for 20 some
# On a terminal of 80 columns a bar, with the rate, how long it will take, and what is found.
script -qefc "$B/bin/midctl --control $W/demo/control discovery $id --watch" "$W/terminal" >/dev/null 2>&1 &
watcher=$!
bar() { grep -qE "%.* left.*  scan  .* of 64, .* found.*/s" "$W/terminal"; }
wait_for 10 bar
ctl job cancel "$id" >/dev/null

wait $watcher || true
has "$(tail -n 3 "$W/terminal" | sed 's/\x1b\[[0-9;]*m//g')" "cancelled: cancelled by the operator"

# The instance is told why there may be more, and of what cannot be scanned at all.
told() { lab table discovery_status "number=$1" --json | jq -e --arg s "$2" --arg w "$3" '.[0] | .state == $s and (.u_why | contains($w))'; }
wait_for 10 told "$bad" Failed '"99999" is no port that is asked here'
wait_for 10 told "$late" Completed "its deadline has come"
pass
