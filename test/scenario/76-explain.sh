# SPDX-License-Identifier: Apache-2.0
# midctl explain: a job's road, log and audit in order of time; a host's last
# attempt, last good answer, and what failed since.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
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
pass
