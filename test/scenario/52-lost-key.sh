# SPDX-License-Identifier: Apache-2.0
# The key for what the store holds is gone, or the configuration names another: midd does not start and throw away what it cannot
# open; with the old key in its place everything is delivered. Where nothing waits a new key does.
SEAL=at-rest
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
job Echo --count 5 text=kept delay_ms=500 >/dev/null
running() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 5 ]; }
wait_for 20 running
lab_stop
waiting() { [ "$(ctl spool --json | jq .results)" = 5 ]; }
wait_for 20 waiting
agent_stop
mv "$W/demo/state/rest.key" "$W/rest.key"
lab_start
agent_spawn
r=0; timeout 20 tail --pid="$(agent_pid)" -f /dev/null && { wait "$(agent_pid)" || r=$?; } || die "it runs with another key"
rm -f "$W/demo/midd.pid"
equal "$r" 78
has "$(tail -n 3 "$W/demo/midd.log")" "put the old key back"
mv "$W/rest.key" "$W/demo/state/rest.key"
agent_start
wait_for 20 all_answered 5 Echo
each_once Echo 5
equal "$(lab table ecc_queue "queue=input^topic=Echo^response_toISNOTEMPTY^payloadLIKEkept" --json | jq length)" 5
delivered() { [ "$(ctl spool --json | jq .results)" = 0 ]; }
wait_for 20 delivered
agent_stop
rm "$W/demo/state/rest.key"
agent_start
equal "$(run_job Echo text=new)" new
agent_stop
pass
