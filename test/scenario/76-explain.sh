# SPDX-License-Identifier: Apache-2.0
# midctl explain: a job's road, log and audit in order of time; a host's last
# attempt, last good answer, and what failed since.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<<'jobs: { standard: 1 }'
agent_start
healthy() { ctl status >/dev/null; }
wait_for 20 healthy
good=$(job Echo --source 192.0.2.7 text=hello)
wait_for 20 all_answered 1 Echo
bad=$(job Nothing --source 192.0.2.7)
wait_for 20 all_answered 1 Nothing
delivered() { [ "$(ctl job show "$1" --json | jq -r .delivered_at)" -gt 0 ]; }
wait_for 20 delivered "$good"
wait_for 20 delivered "$bad"
ctl job retry "$bad" >/dev/null
again() { [ "$(ctl explain "$bad" --json | jq '[.timeline[] | select(.what == "retry")] | length')" -ge 1 ]; }
wait_for 20 again
ctl explain "$good" --json >"$W/line"
equal "$(jq -r '[.timeline[].what] | map(select(. != "log")) | join(" ")' "$W/line")" "fetched accepted started finished spooled delivered"
jq -e '[.timeline[].at] | . == sort' "$W/line" >/dev/null || die "not in order of time"
has "$(ctl explain "$good")" "the instance has confirmed it"
has "$(ctl explain "$bad")" "by the operator"
ctl explain 192.0.2.7 --json >"$W/host"
jq -e '.last_success > 0 and .failures_since >= 1 and (.why | length > 5) and (.jobs | length >= 2)' "$W/host" >/dev/null || die "$(cat "$W/host")"
has "$(ctl explain 192.0.2.7)" "stale: "
equal "$(ctl explain nobody.example >/dev/null 2>&1; echo $?)" 1
equal "$(ctl explain '' >/dev/null 2>&1; echo $?)" 2
# What it waits for, all of those that do; and what it had waited for, when that is over.
job Echo text=slow delay_ms=1000 >/dev/null
job Echo text=next >/dev/null
last=$(job Echo text=last)
it_says() { has "$(ctl explain "$last")" "$1"; }
waits() { [ "$(ctl job show "$last" --json | jq -r .now.at)" = waiting ]; }
wait_for 10 waits
it_says "for a free slot in its lane"
ctl pause >/dev/null
it_says "for midctl resume: midd is paused"
ctl resume >/dev/null
wait_for 20 delivered "$last"
it_says "in a worker, attempt 1, waited for "
equal "$(ctl explain "$good" --json | jq -r '.timeline[] | select(.what == "started").text')" "in a worker, attempt 1"
has "$(ctl jobs --limit 1)" "the newest 1; --limit N shows more"
# A host whose name could be the beginning of an id, and that was never reached.
id=$(job SNMP --source cafe oid_spec_list="get sysName.0")
has_failed() { [ "$(ctl job show "$id" --json | jq -r .class)" != "" ]; }
wait_for 20 has_failed
has "$(ctl explain cafe)" "nothing is known: 1 failed"

# A CI, by name and by sys_id: who asked, which job, how many bytes.
ci=$(job LocalInventory)
wait_for 20 delivered "$ci"
row=$(lab table cmdb_ci_computer "" --fields sys_id,name --json | jq -c '.[0]')
name=$(jq -r .name <<<"$row") id=$(jq -r .sys_id <<<"$row")
ctl explain "${name^^}" --json >"$W/ci"
equal "$(jq -r '"\(.job.id) \(.ci == "'"${name,,}"'") \(.class | startswith("cmdb_ci_")) \(.job.bytes > 100)"' "$W/ci")" "$ci true true true"
equal "$(ctl explain "$id" --json | jq -r .job.id)" "$ci"
text=$(ctl explain "$name")
has "$text" "last told of"
has "$text" "from the instance, intent on disk"
has "$text" "of CIs, "
equal "$(ctl explain 00000000000000000000000000000001 >/dev/null 2>"$W/err"; echo $?)" 1
has "$(cat "$W/err")" "no job"
mine=$(ctl discover 192.0.2.1 --json 2>/dev/null | jq -r .id)
by_operator() { ctl explain "$mine" | grep -q 'asked for by the operator'; }
wait_for 10 by_operator
pass
