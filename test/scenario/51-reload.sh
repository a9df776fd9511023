# SPDX-License-Identifier: Apache-2.0
# SIGHUP under load takes the new configuration; a bad one is refused with file
# and line and the old one stays.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
job Echo --count 30 text=reloaded delay_ms=200 >/dev/null
printf 'jobs:\n  standard: 7\n' >"$W/demo/midd.d/90.yaml"
kill -HUP "$(agent_pid)"
seven() { [ "$(ctl status --json | jq '.lanes[2].slots')" -eq 7 ]; }
wait_for 10 seven
printf 'jobs:\n  standard: many\n' >"$W/demo/midd.d/90.yaml"
kill -HUP "$(agent_pid)"
refused() { grep -q '90.yaml:2' "$W/demo/midd.log"; }
wait_for 10 refused
equal "$(ctl status --json | jq '.lanes[2].slots')" 7
# Nothing of one that is refused is taken: policy comes before the link, whose certificates are missing.
printf 'policy:\n  deny: 10.0.0.0/8\ninstance:\n  ca: /nonexistent/ca.pem\n' >"$W/demo/midd.d/90.yaml"
kill -HUP "$(agent_pid)"
wait_for 10 grep -q "reload refused.*nonexistent" "$W/demo/midd.log"
equal "$(ctl policy show --json | jq -r .deny)" ""
wait_for 40 all_answered 30 Echo
each_once Echo 30
agent_stop
pass
