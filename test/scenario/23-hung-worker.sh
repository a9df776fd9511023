# SPDX-License-Identifier: Apache-2.0
# A probe that never gives the loop back: its worker is killed as hung, the job
# is answered, and other jobs go on. One that was cancelled is not run again.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
workers: { hung: 1s, max: 1 }
Y
agent_start
id=$(job TestHang)
wait_for 60 all_answered 1 TestHang
has "$(lab table ecc_queue "response_to=$id" --fields error_string --json)" "a step of one of its jobs does not return"
equal "$(grep -c 'workers: worker .* ended: hung: a step' "$W/demo/midd.log")" 2 "workers killed as hung"
each_once TestHang 1
equal "$(run_job Echo text=alive)" alive

# Cancelled while it hangs: one death is enough, it is not run again.
id=$(job TestHang)
running() { [ "$(ctl job show "$id" --json | jq -r .stage)" = started ]; }
wait_for 20 running
ctl job cancel "$id" >/dev/null
wait_for 60 all_answered 2 TestHang
has "$(lab table ecc_queue "response_to=$id" --fields error_string --json)" cancel
! grep "job $id .*runs again" "$W/demo/midd.log" || die "it was run again though cancelled"
agent_stop
pass
