# SPDX-License-Identifier: Apache-2.0
# A certificate is renewed before it ends, for the same key: the new one must log in before it
# counts, it is kept over restarts, the old one stays good, and a lost new one is no harm.
. "$(dirname "$0")/lib.sh"
lab_init
"$B/bin/midlab" cert "$W/lab" demo --days 1 >/dev/null
lab_start --enroll-days 90
days() { ctl status --json >"$W/said" || true; jq -r .instance.cert_days "$W/said"; }
# Its own copy: the lab keeps the newest one under that name.
cp "$W/lab/agents/demo.pem" "$W/first.pem"
config() { printf 'instance:\n  cert: %s\ncert:\n  %s\n' "$W/first.pem" "$1" | agent_config; }
config "renew: false"
agent_start
wait_for 20 grep -q "ends in less than 1 day" "$W/demo/midd.log"
equal "$(days)" 0
has "$(jq -r '.problems[].what' "$W/said")" "our certificate expires in 0 days"
run_job Echo text=old >/dev/null
agent_stop

config "renew_before: 2d"
agent_start
renewed() { [ "$(days)" = 89 ]; }
wait_for 20 renewed
grep "was renewed, and has logged in" "$W/demo/midd.log"
equal "$(stat -c %a "$W/demo/state/renewed.pem")" 600
[ ! -e "$W/demo/state/renewing.pem" ] || die "the trial is left over"
equal "$(openssl x509 -in "$W/demo/state/renewed.pem" -noout -pubkey)" "$(openssl x509 -in "$W/lab/agents/demo.pem" -noout -pubkey)"
has "$(run_job Echo text=new)" new

# Both are good during the overlap, and the new one is used after a kill.
agent_kill
agent_start
wait_for 20 renewed
has "$(run_job Echo text=again)" again

# The renewed file is damaged: the configured one works, and a new one comes.
agent_kill
echo nonsense >"$W/demo/state/renewed.pem"
: >"$W/demo/midd.log"
agent_start
wait_for 20 grep -q "was renewed, and has logged in" "$W/demo/midd.log"
agent_stop

# An instance that cannot renew is told of once, as a matter of fact.
rm "$W/demo/state/renewed.pem"
lab_stop
LAB_PORT=$LAB_PORT lab_start --enroll-days 90 --fault renew:404:9
agent_start
wait_for 20 grep -q "the instance renews no certificates itself" "$W/demo/midd.log"
equal "$(days)" 0
agent_stop
pass
