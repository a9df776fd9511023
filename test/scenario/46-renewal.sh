# SPDX-License-Identifier: Apache-2.0
# A certificate is renewed before it ends, with a new key: the new one must log in before it counts and is kept over
# restarts; what was sealed to the old one opens still; a refused, a lost and a damaged new one are no harm.
. "$(dirname "$0")/lib.sh"
lab_init
"$B/bin/midlab" cert "$W/lab" demo --seconds 86000 >/dev/null
lab_start --enroll-days 90
S=$W/demo/state
days() { ctl status --json >"$W/said" || true; jq -r .instance.cert_days "$W/said"; }
pubkey() { openssl x509 -in "$1" -noout -pubkey; }
# The key in the file is the certificate's: whole, and nobody else's.
whole() { equal "$(openssl pkey -in "$1" -pubout)" "$(pubkey "$1")" "$1"; equal "$(stat -c %a "$1")" 600; }
# Its own copy: the lab keeps under that name the one to which it seals.
cp "$W/lab/agents/demo.pem" "$W/first.pem"
config() { printf 'instance:\n  cert: %s\n%s\n' "$W/first.pem" "$1" | agent_config; }
config "cert: { renew: false }"
seal_to_us() { printf canary | lab creds add "$1" --agent demo --user alice >/dev/null; }
seal_to_us old
agent_start
wait_for 20 grep -q "ends in less than 1 day" "$W/demo/midd.log"
equal "$(days)" 0
has "$(jq -r '.problems[].what' "$W/said")" "our certificate expires in less than a day"
agent_stop

# The instance gives one, and refuses it when it comes: the old one stays, and the operator is told what to do.
config "cert: { renew_before: 2d }"
lab fault renew:refuse >/dev/null
agent_start
refused() { ctl status --json | jq -e '.problems[] | select(.id == "certificate-not-renewed")' >"$W/said"; }
wait_for 20 refused
has "$(jq -r .why "$W/said")" "the instance refuses the new one"
has "$(jq -r .why "$W/said")" "have it mapped to the user of demo there"
grep "our certificate was not renewed: the instance refuses the new one .* the one we have stays, next try in" "$W/demo/midd.log"
equal "$(days) $(ls "$S" | grep -c renew)" "0 0"
has "$(run_job Echo text=old)" old
agent_stop

agent_start
renewed() { [ "$(days)" = 89 ]; }
wait_for 20 renewed
grep "was renewed, and has logged in" "$W/demo/midd.log"
whole "$S/renewed.pem"
[ ! -e "$S/renewing.pem" ] || die "the trial is left over"
[ "$(pubkey "$S/renewed.pem")" != "$(pubkey "$W/first.pem")" ] || die "it has the old key"
equal "$(pubkey "$W/lab/agents/demo.pem")" "$(pubkey "$S/renewed.pem")" "what the lab seals to"
has "$(run_job Echo text=new)" new
refused && die "it still says that it was not renewed"
timeout 60 "$B/bin/midctl" --control "$W/demo/control" --config "$W/demo/midd.yaml" doctor --json >"$W/said" || true
has "$(jq -r '.[] | select(.hop == "certificate").what' "$W/said")" "89 days left"

# What was sealed to the old one opens, and what is sealed to the new one; also after a kill.
seal_to_us new
opens() { ctl creds reload >/dev/null && ctl creds test old && ctl creds test "${1:-new}"; }
wait_for 10 opens
agent_kill
agent_start
wait_for 20 renewed
wait_for 10 opens
has "$(run_job Echo text=again)" again

# Damaged: the configured one works, and a new one comes. Its key is lost with it, so what is sealed now goes to the newest.
agent_kill
echo nonsense >"$S/renewed.pem"
: >"$W/demo/midd.log"
agent_start
wait_for 20 grep -q "was renewed, and has logged in" "$W/demo/midd.log"
seal_to_us newest
wait_for 10 opens newest
agent_stop

# For the same key, where that is wanted.
rm "$S"/renewed*.pem
config "cert: { renew_before: 2d, new_key: false }"
agent_start
wait_for 20 renewed
equal "$(pubkey "$S/renewed.pem")" "$(pubkey "$W/first.pem")"
! grep "PRIVATE KEY" "$S"/renewed*.pem || die "a key was written"
agent_stop

# An instance that cannot renew is told of once, as a matter of fact.
rm "$S"/renewed*.pem
lab_stop
LAB_PORT=$LAB_PORT lab_start --fault renew:404:9
agent_start
wait_for 20 grep -q "the instance renews no certificates itself" "$W/demo/midd.log"
equal "$(days)" 0
agent_stop
pass
