# SPDX-License-Identifier: Apache-2.0
# A probe in shell: JSON in, JSON lines out. One that never ends, forks and
# ignores SIGTERM is ended at its deadline with all its children.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
mkdir -p "$W/exec"
cat >"$W/exec/greet.sh" <<'S'
#!/bin/sh
read -r job
name=$(printf %s "$job" | sed 's/.*"who" *: *"\([^"]*\)".*/\1/')
printf '{"output":"good day, %s"}\n' "$name"
S
cat >"$W/exec/stubborn.sh" <<'S'
#!/bin/sh
trap '' TERM
sleep 987 &
while :; do sleep 986; done
S
chmod +x "$W"/exec/*.sh
echo '{"topic":"Greet","program":"greet.sh","repeatable":true,"params":[{"name":"who","kind":"string","required":true}]}' >"$W/exec/greet.json"
echo '{"topic":"Stubborn","program":"stubborn.sh","repeatable":false,"timeout_ms":1000}' >"$W/exec/stubborn.json"
agent_config <<Y
workers: { exec: $W/exec }
Y
agent_start
equal "$(run_job Greet who=sister)" "good day, sister"
if run_job Greet >"$W/out" 2>"$W/err"; then die "a missing parameter was taken"; fi
has "$(cat "$W/err")" who
if run_job Stubborn >"$W/out" 2>"$W/err"; then die "it ended well?"; fi
none_left() { ! pgrep -f 'sleep 98[67]'; }
wait_for 10 none_left
each_once Stubborn 1
agent_stop
pass
