# SPDX-License-Identifier: Apache-2.0
# kill -9 of a worker in the middle: repeatable jobs run again, one that is not
# is answered "interrupted, not repeated"; each has one answer.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
workers: { max: 1 }
Y
agent_start

job Echo --count 5 text=again delay_ms=1500 >/dev/null
once=$(job TestOnce wait_ms=30000)
six_run() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -eq 6 ]; }
wait_for 20 six_run
started() { [ "$(ctl job show "$once" --json | jq -r .stage)" = started ]; }
wait_for 20 started
kill -KILL "$(ctl status --json | jq -r '.workers[0].pid')"
wait_for 40 all_answered 5 Echo
wait_for 20 all_answered 1 TestOnce
each_once Echo 5
each_once TestOnce 1
has "$(lab table ecc_queue "response_to=$once" --fields error_string --json)" "interrupted, not repeated"
agent_stop
pass
