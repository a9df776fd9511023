# SPDX-License-Identifier: Apache-2.0
# The state folder is put back as it was earlier (a backup, a snapshot of the machine): what was
# waiting then and has been done since is not done again, nor answered again, and it is told.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
mkdir -p "$W/exec"
cat >"$W/exec/once.sh" <<S
#!/bin/sh
read -r job
while [ ! -e $W/go ]; do sleep 0.05; done
printf '{"output":"done"}\n'
S
chmod +x "$W/exec/once.sh"
echo '{"topic":"Once","program":"once.sh","repeatable":false}' >"$W/exec/once.json"
echo '{"topic":"Again","program":"once.sh","repeatable":true}' >"$W/exec/again.json"
agent_config <<Y
workers: { exec: $W/exec }
jobs: { standard: 1, expedited: 1, interactive: 1 }
Y
agent_start
job Again >/dev/null
is_running() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 1 ]; }
wait_for 20 is_running
job Once --count 4 >/dev/null
waiting() { [ "$(ctl status --json | jq '[.lanes[].waiting] | add')" -ge 4 ]; }
wait_for 20 waiting
agent_kill
cp -a "$W/demo/state" "$W/backup"
touch "$W/go"
agent_start
wait_for 30 all_answered 4 Once
wait_for 30 all_answered 1 Again
agent_stop
rm -rf "$W/demo/state"
mv "$W/backup" "$W/demo/state"
agent_start
ended() { [ "$(ctl jobs --json | jq '[.[] | select(.stage == "cancelled")] | length')" = 5 ]; }
wait_for 20 ended
has "$(ctl log)" "the instance calls it ended, or gave it to another agent"
each_once Once 4
each_once Again 1
equal "$(ctl jobs --json | jq '[.[] | select(.run_ms > 0)] | length')" 0 "jobs that ran again"

# One that is nowhere any more is answered, and not run; one that is another agent's now is let go.
row() { curl -sS --fail --cacert "$W/lab/ca.pem" -u "admin:$(cat "$W/lab/admin.password")" -o /dev/null -H 'Content-Type: application/json' "$@"; }
rm "$W/go"
job Again >/dev/null
wait_for 20 is_running
id=$(job Once)
moved=$(job Once)
here() { ctl jobs --json | jq -e --arg id "$1" 'any(.[]; .id == $id)'; }
wait_for 20 here "$id"
wait_for 20 here "$moved"
agent_kill
row -X DELETE "$LAB_URL/api/now/table/ecc_queue/$id"
row -X PATCH -d '{"agent":"mid.server.other"}' "$LAB_URL/api/now/table/ecc_queue/$moved"
touch "$W/go"
agent_start
gone() { ctl jobs --json | jq -e --arg id "$id" '.[] | select(.id == $id and .class == "interrupted")'; }
wait_for 20 gone
let_go() { ctl jobs --json | jq -e --arg id "$moved" '.[] | select(.id == $id and .stage == "cancelled" and .run_ms == 0)'; }
wait_for 20 let_go

# Without the instance they wait, and hold up no stop.
rm "$W/go"
job Again >/dev/null
wait_for 20 is_running
agent_kill
lab_stop
: >"$W/demo/midd.log"
agent_start
not_known() { grep -q "not known whether they are ours" "$W/demo/midd.log"; }
wait_for 20 not_known
began=$(date +%s%3N)
agent_stop
[ $(($(date +%s%3N) - began)) -lt 5000 ] || die "it took $(($(date +%s%3N) - began)) ms to stop"
pass
