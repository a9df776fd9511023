# SPDX-License-Identifier: Apache-2.0
# SystemCommand: pause, resume, status, cancel, and the ones that are refused; control
# commands do not wait behind work.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
jobs: { interactive: 1, expedited: 1, standard: 1 }
Y
agent_start
job Echo --count 5 text=slow delay_ms=60000 correlator=x --correlator abc >/dev/null
one_runs() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 1 ]; }
wait_for 20 one_runs
command_() { lab job --agent demo SystemCommand --source "$1" --priority 0 --wait 20 "${@:2}"; }
has "$(command_ status)" lanes
has "$(command_ pause)" paused
equal "$(ctl status --json | jq .paused)" true
has "$(command_ resume)" resumed
has "$(command_ cancel_discovery --correlator abc)" cancelled
wait_for 20 all_answered 5 Echo
has "$(lab table ecc_queue "queue=input^topic=Echo" --fields error_string --json)" cancelled
# clear_queue: what waits is cancelled, and what has not come so far.
lab fault claim:500:100000 >/dev/null
job Echo --count 3 text=coming --correlator def >/dev/null
come() { grep -q 'claim: 3 jobs' "$W/demo/midd.log"; }
wait_for 20 come
has "$(command_ clear_queue)" "3 cancelled"
lab fault --clear >/dev/null
wait_for 30 all_answered 8 Echo
equal "$(lab table ecc_queue "queue=input^topic=Echo" --fields error_string --json | grep -c 'cleared the queue')" 3
for no in script upgradeNow autoUpgrade nonsense; do
	if command_ $no >"$W/out" 2>"$W/err"; then die "$no was done"; fi
	[ -s "$W/err" ] || die "$no was refused without a word"
done
has "$(command_ threaddump)" workers

# A heartbeat is answered, also while paused.
command_ pause >/dev/null
lab job --agent demo HeartbeatProbe --wait 20 >/dev/null
command_ unpause >/dev/null

# restart: answered first, then midd is new and still works.
has "$(command_ restart)" restarting
again() { [ "$(ctl status --json | jq .up_ms)" -lt 8000 ] && [ "$(grep -c 'midd .* is up' "$W/demo/midd.log")" -ge 2 ]; }
wait_for 30 again
equal "$(run_job Echo text=reborn)" reborn
# So does the operator, who hears when it is back.
has "$(ctl restart)" "restarted: midd "
equal "$(run_job Echo text=afresh)" afresh
has "$(command_ stop)" stopping
timeout 15 tail --pid="$(agent_pid)" -f /dev/null || die "stop did not stop it"
pass
