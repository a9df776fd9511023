# SPDX-License-Identifier: Apache-2.0
# Command: a program on the agent's own host, only where a rule allows it, and never by a
# shell. Learn mode writes the rule that it would have needed.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
cat >"$W/rules" <<'R'
allow Command local * /bin/echo *
allow Command local * /bin/sh -c 'echo out; echo err >&2; exit 7'
allow Command local * /bin/echo "two words" and more
allow Command local * /usr/bin/env
allow Command local * path_override=append:/opt/bin /bin/echo *
R
agent_config <<Y
policy: { rules: $W/rules }
Y
agent_start
error_of() { if run_job Command name="$1" >"$W/out" 2>&1; then die "it succeeded: $1"; fi; cat "$W/out"; }
equal "$(run_job Command name='/bin/echo "two words" and more')" "two words and more"
equal "$(run_job Command name="/bin/echo by hand" 2>/dev/null)" "by hand"
has "$(error_of '/bin/cat /etc/shadow')" "no rule allows"
has "$(error_of '/bin/echo a; /bin/rm b')" "no rule allows"
has "$(error_of 'echo relative')" "no rule allows"
id=$(job Command name="/bin/sh -c 'echo out; echo err >&2; exit 7'")
answered() { [ "$(answers "$1")" -ge 1 ]; }
wait_for 20 answered "$id"
"$B/bin/midlab" -d "$W/lab" table ecc_queue "response_to=$id" --fields payload,error_string --json >"$W/answer"
equal "$(jq -r '.[0].error_string' "$W/answer")" ""
# The audit has what was judged, all that belongs to it; of a long one the hash of the whole.
audited() { ctl explain "$1" --json | grep -q "$2"; }
wait_for 20 audited "$(job Command name='/bin/echo by path' path_override=append:/opt/bin)" "path_override=append:/opt/bin /bin/echo by path"
long="/bin/echo $(seq -s, 1 800)"
wait_for 20 audited "$(job Command name="$long")" "${#long} bytes, whose SHA-256 begins with $(printf %s "$long" | sha256sum | cut -c1-32)"
# By hand an empty parameter does not hide the column.
if ctl run Command --name '/bin/cat /etc/shadow' name= >"$W/out" 2>&1; then die "it ran by hand"; fi
has "$(cat "$W/out")" "no rule allows"
# Nothing of midd's environment is handed on.
case $(run_job Command name=/usr/bin/env) in *MIDD* | *HOME=*) die "the environment is handed on" ;; esac
has "$(ctl log -n 200)" "policy"
ctl audit verify >/dev/null
agent_stop

# Learning.
agent_config <<Y
policy: { learn: true }
Y
agent_start
equal "$(run_job Command name='/bin/echo learned')" learned
written() { grep -q '^allow Command local' "$W/demo/state/learned.rules"; }
wait_for 10 written
has "$(cat "$W/demo/state/learned.rules")" "/bin/echo learned"
# What was learned is kept by the next life that learns.
agent_kill
agent_start
equal "$(run_job Command name='/bin/echo again')" again
again() { grep -q "/bin/echo again" "$W/demo/state/learned.rules"; }
wait_for 10 again
has "$(cat "$W/demo/state/learned.rules")" "/bin/echo learned"
equal "$(run_job Command name='/bin/echo learned')" learned
equal "$(grep -c learned "$W/demo/state/learned.rules")" 1 "times it is written"
agent_stop
pass
