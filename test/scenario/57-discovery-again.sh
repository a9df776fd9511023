# SPDX-License-Identifier: Apache-2.0
# A discovery done twice: the second finds no change, sends nearly nothing, and the instance knows all the same when each
# host was last seen. At its deadline, or when it is cancelled, a discovery ends with what it has found.
: "${HOSTS:=5}"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
hosts_serve
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
	discovery: { at_once: 3 }
	results: { disk_min: 0 B, retry_min: 100ms, retry_max: 1s }
Y
hosts_agent
seen() { lab table cmdb_ci_linux_server --fields last_discovered --limit 100 --json | jq -r 'map(.last_discovered) | min'; }

# While the instance is away all that is to be sent waits, and can be weighed.
lab_stop
id=$(begin)
wait_for 40 ended "$id"
first=$(ctl spool --json | jq .bytes)
lab_start
wait_for 30 delivered
equal "$(lab table cmdb_ci_linux_server --json | jq length)" "$HOSTS" "hosts in the CMDB"
before=$(seen)
# Since when the instance has all of each host: of that discovery.full is counted, not of when one has looked last.
since() { sqlite3 -readonly "$W/demo/state/midd.db" "SELECT key, ms FROM target WHERE kind = 'sent' AND key NOT LIKE 'relate%' ORDER BY key"; }
whole=$(since)
equal "$(echo "$whole" | wc -l)" "$HOSTS"
lab_stop
id=$(begin)
wait_for 40 ended "$id"
second=$(ctl spool --json | jq .bytes)
echo "sent: $first bytes, then $second"
equal "$(since)" "$whole" "since when all has been sent"
[ "$second" -gt 0 ] && [ "$((second * 20))" -lt "$first" ] || die "the second discovery has news: $second bytes of $first"
lab_start
wait_for 30 delivered
[ "$(seen)" \> "$before" ] || die "last_discovered stays $before"

# A host that does not come to an end, and a deadline.
touch "$W/keys/slow-127.2.0.2"
id=$(begin)
all_but_one() { ctl discovery "$id" --json | jq -e ".done == $((HOSTS - 1))"; }
wait_for 40 all_but_one
ctl job cancel "$id" >/dev/null
wait_for 20 ended "$id"
equal "$(ctl discovery "$id" --json | jq -c '[.targets[] | select(.state != "done") | [.address, .state, .class]]')" '[["127.2.0.2","failed","cancelled"]]'
equal "$(ctl job show "$id" --json | jq -c '[.class, .partial]')" '["cancelled",true]'

case $B in *san*) SOON=12 ;; *) SOON=4 ;; esac
run_job Discover --source "127.2.0.1-127.2.0.$HOSTS" ports=ssh deadline=$SOON >"$W/late" 2>&1 || { cat "$W/late"; false; }
has "$(cat "$W/late")" "its deadline has come"
has "$(cat "$W/late")" '"state":"done"'
has "$(job_of_late() { run_job Discover --source 127.2.0.1 deadline=soon 2>&1 || true; }; job_of_late)" 'deadline is "soon"'
pass
