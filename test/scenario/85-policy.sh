# SPDX-License-Identifier: Apache-2.0
# Policy: which addresses are targets and which commands may run, whatever the instance asks.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
cat >"$W/rules" <<'R'
# topic targets tag pattern
allow SSHCommand 10.1.0.0/16 * tail -n * /var/log/*
deny  SSHCommand * * tail -n * /var/log/secret
R
agent_config <<Y
policy: { rules: $W/rules, deny: 10.9.0.0/16 }
Y
agent_start
denied() { if ctl policy check "$@" >"$W/out"; then die "allowed: $*"; fi; cat "$W/out"; }
allowed() { ctl policy check "$@" >"$W/out" || die "denied: $* ($(cat "$W/out"))"; }

# Targets.
for bad in 127.0.0.1 ::1 ::ffff:127.0.0.1 169.254.169.254 fe80::1 224.0.0.1 0.0.0.0 64:ff9b::7f00:1; do
	denied "$bad" >/dev/null
done
has "$(denied 10.9.4.4)" "10.9.4.4 is in policy.deny"
allowed 10.1.4.7
id=$(job TestCredential --source 127.0.0.1)
answered() { [ "$(answers "$id")" -ge 1 ]; }
wait_for 20 answered
has "$(lab table ecc_queue "response_to=$id" --fields error_string --json)" "policy.loopback"
has "$(grep 'spool.*TestCredential' "$W/demo/midd.log")" "policy: 127.0.0.1 is this host itself"
! grep -E 'policy: (job .*: )?policy: ' "$W/demo/midd.log" || die "the class is said twice"

# Commands.
allowed 10.1.4.7 "tail -n 5 /var/log/messages"
denied 10.2.4.7 "tail -n 5 /var/log/messages" >/dev/null
denied 10.1.4.7 "tail -n 5 /var/log/secret" >/dev/null
denied 10.1.4.7 "tail -n 5 /var/log/x; reboot" >/dev/null
denied 10.1.4.7 'tail -n $(reboot) /var/log/x' >/dev/null
denied 10.1.4.7 "reboot" >/dev/null
has "$(denied 10.1.4.7 reboot)" "no rule allows"
equal "$(ctl policy show --json | jq -r '.rules[0].pattern')" "tail -n * /var/log/*"

# A file that others may write, or with a line that is no rule, is refused, and the old rules stay.
chmod o+w "$W/rules"
if ctl config check --config "$W/demo/midd.yaml" >"$W/out" 2>&1; then die "config check finds it good"; fi
has "$(cat "$W/out")" "chmod go-w"
kill -HUP "$(agent_pid)"
said() { grep -q "chmod go-w" "$W/demo/midd.log"; }
wait_for 10 said
allowed 10.1.4.7 "tail -n 5 /var/log/messages"
chmod o-w "$W/rules"
echo "permit everything" >>"$W/rules"
kill -HUP "$(agent_pid)"
said() { grep -q 'line 4 begins with "permit"' "$W/demo/midd.log"; }
wait_for 10 said
allowed 10.1.4.7 "tail -n 5 /var/log/messages"

# Each decision that changed something stands in the audit, and the audit is whole.
ctl audit verify >/dev/null
agent_stop
pass
