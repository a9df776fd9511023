# SPDX-License-Identifier: Apache-2.0
# Certificates of ten seconds, renewed again and again with new keys: work goes on when the first has ended, with
# results that its successors have signed; what was sealed to one opens as long as that one lasts, and no key stays longer.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start --enroll-seconds 10
"$B/bin/midlab" cert "$W/lab" demo --seconds 10 >/dev/null
cp "$W/lab/agents/demo.pem" "$W/first.pem"
printf 'instance: { cert: "%s" }\ncert: { renew_before: 8s }\n' "$W/first.pem" | agent_config
S=$W/demo/state
lasts() { openssl x509 -in "$1" -noout -checkend "${2:-0}" >/dev/null; }
ended() { ! lasts "$1"; }
agent_start
printf canary | lab creds add cred --agent demo --user alice >/dev/null
kept() { ls "$S"/renewed-*.pem; }
wait_for 20 kept
old=$(kept | head -n 1)
opens() { ctl creds test cred >"$W/said" 2>&1; }
ctl creds reload >/dev/null
wait_for 5 opens
wait_for 20 ended "$W/first.pem"
equal "$(run_job Echo text=on)" on
wait_for 20 test ! -e "$old"
for f in "$S"/renewed*.pem; do lasts "$f" -2 || die "$f has ended and is there"; done
equal "$(run_job Echo text=and-on)" and-on
agent_stop
pass
