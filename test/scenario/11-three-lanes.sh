# SPDX-License-Identifier: Apache-2.0
# A hundred jobs in three lanes: each is answered once, and the interactive
# ones do not wait behind the standard ones.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
jobs: { interactive: 4, expedited: 4, standard: 4 }
Y
agent_start

job Echo --count 60 --priority 2 text=standard delay_ms=300 >/dev/null
job Echo --count 30 --priority 1 text=expedited delay_ms=50 >/dev/null
job Echo --count 10 --priority 0 text=interactive delay_ms=20 >/dev/null
done_of() { lab table ecc_queue "queue=output^topic=Echo^priority=$1^state=processed" --fields sys_id --json | jq length; }
interactive_done() { [ "$(done_of 0)" -eq 10 ]; }
wait_for 40 interactive_done
[ "$(done_of 2)" -lt 60 ] || die "the standard lane was done before the interactive one"
wait_for 60 all_answered 100 Echo
each_once Echo 100
slots=$(ctl status --json | jq -c '[.lanes[].slots]')
equal "$slots" "[4,4,4]"
agent_stop
pass
