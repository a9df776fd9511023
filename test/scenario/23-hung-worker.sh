# SPDX-License-Identifier: Apache-2.0
# A probe that never gives the loop back: its worker is killed as hung, the job
# is answered, and other jobs go on.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
workers: { hung: 1s, max: 1 }
Y
agent_start
id=$(job TestHang)
wait_for 60 all_answered 1 TestHang
[ -n "$(lab table ecc_queue "response_to=$id" --fields error_string --json | jq -r '.[0].error_string')" ] || die "no error"
equal "$(run_job Echo text=alive)" alive
agent_stop
pass
