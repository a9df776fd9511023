# SPDX-License-Identifier: Apache-2.0
# Credentials: from the instance, sealed to the agent, and from the local vault. Which is
# tried first, what worked is remembered, an account that fails is left alone before it is
# locked, and no secret is anywhere.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
creds: { lock_failures: 2, lock_window: 1h }
Y
agent_start
trust() { ctl creds why "$1" --json; }
tried_first() { trust "$1" | jq -r '.order[0].name'; }
attempt() { job TestCredential --source "$1" right="$2" "${@:3}"; }
outcome() { wait_for 20 has_answer "$1"; lab table ecc_queue "queue=input^response_to=$1" --fields payload,error_string --json; }
has_answer() { [ "$(answers "$1")" -ge 1 ]; }

# From the instance.
printf canary-instance-1 | lab creds add first --user alice --order 10 >/dev/null
printf canary-instance-2 | lab creds add second --user bob --order 20 --ranges 127.0.0.0/24 >/dev/null
has "$(lab creds)" second
case $(lab table discovery_credentials "" --json) in *canary*) die "the instance's table holds a secret" ;; esac
ctl creds reload >/dev/null
two() { [ "$(ctl creds list --json | jq length)" = 2 ]; }
wait_for 10 two
equal "$(tried_first 127.0.0.2)" first
ctl creds test first >/dev/null
id=$(attempt 127.0.0.2 canary-instance-2)
outcome "$id" >"$W/out"
equal "$(jq -r '.[0].error_string' "$W/out")" ""
# What worked there is tried first there, and nowhere else.
equal "$(tried_first 127.0.0.2)" second
equal "$(tried_first 127.0.0.3)" first
has "$(ctl creds why 127.0.0.2)" "worked here last"
has "$(ctl creds why 127.0.0.2)" "wrong password"
# Not in its range.
equal "$(trust 127.0.1.1 | jq -c '[.order[].name]')" '["first"]'

# From the local vault.
printf canary-vault | ctl creds add third --type ssh_password --user carol --order 5 >/dev/null
equal "$(tried_first 127.0.0.4)" third
id=$(attempt 127.0.0.4 canary-vault)
equal "$(outcome "$id" | jq -r '.[0].error_string')" ""
# A worker that was taken over asks for those of another host: it gets them when its job names that host, as one on the way.
printf canary-key | ctl creds add fourth --type api_key --user dave >/dev/null
stranger() { run_job TestCredential --source 127.0.0.2 types=api_key right=canary-key ask=resolve stranger=3 "$@" 2>&1 || true; }
has "$(stranger)" "no credential fits"
grep -q "asks for a host that the job does not name" "$W/demo/midd.log"
has "$(stranger proxy_jump=127.0.0.3:22)" 'credential="vault:fourth"'
# One whose topic has no target gets none at all: the parameters of Relate name every host of a discovery.
no_target() { run_job TestNoTarget types=api_key right=canary-key ask=resolve stranger=3 hosts='[{"address":"127.0.0.3"}]' 2>&1 || true; }
has "$(no_target)" "no credential fits"
ctl creds remove fourth >/dev/null
if printf x | ctl creds add "no good" --type ssh_password --user x 2>"$W/err"; then die "a bad name was taken"; fi
has "$(cat "$W/err")" "a name has 1 to 80"
if printf x | ctl creds add other --type nonsense --user x 2>"$W/err"; then die "a bad type was taken"; fi
has "$(cat "$W/err")" "--type must be one of"

# Lock-out: "first" has failed once on .2 (and is one account on all hosts); after the second
# failure nobody asks with it any more, whatever comes.
ctl creds remove third >/dev/null
gone() { ctl creds list --json | jq -e 'all(.name != "third" and .name != "fourth")'; }
wait_for 10 gone
for host in 5 6 7 8; do
	id=$(attempt 127.0.0.$host nobody-has-this)
	outcome "$id" >"$W/out.$host"
done
has "$(ctl creds why 127.0.0.9)" "failed too often"
refusals=$(for h in 2 5 6 7 8; do trust 127.0.0.$h; done | jq -s '[.[].tried[] | select(.name == "first" and .result == "refused")] | length')
equal "$refusals" 2 "tries of one account with a wrong password"
has "$(cat "$W/out.8")" "no credential"

# It is remembered over a restart, also one that nobody asked for.
agent_kill
agent_start
loaded() { [ "$(ctl creds list --json | jq length)" = 2 ] && trust 127.0.0.9 | jq -e '.order[] | select(.name == "first") | .skipped != null'; }
wait_for 10 loaded
equal "$(tried_first 127.0.0.2)" second

# No secret anywhere: log, store, control answers, answers to the instance, arguments, environment.
ctl log -n 1000 >"$W/shown" 2>&1
ctl jobs --json >>"$W/shown"
ctl creds list --json >>"$W/shown"
for h in 2 4 5; do trust 127.0.0.$h >>"$W/shown"; done
lab table ecc_queue "queue=input" --fields payload,error_string --json >>"$W/shown"
cat "/proc/$(agent_pid)/cmdline" "/proc/$(agent_pid)/environ" >>"$W/shown"
for f in "$W/shown" "$W/demo/midd.log" "$W"/demo/state/*; do
	if grep -qa canary- "$f"; then die "a secret stands in $f"; fi
done
agent_stop
pass
