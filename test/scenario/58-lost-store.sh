# SPDX-License-Identifier: Apache-2.0
# The store is lost while jobs run whose payloads fill more than one answer of the instance: each of them is found
# again, none stays "processing" for ever.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start --body-max 100
agent_start
equal "$(run_job Echo text=before)" before
ctl pause >/dev/null
printf '<parameters><parameter name="wait_ms" value="60000"/><parameter name="text" value="%s"/></parameters>' "$(head -c 1000000 /dev/zero | tr '\0' r)" >"$W/payload"
for _ in $(seq 16); do job TestOnce --count 5 --payload "$W/payload" >/dev/null; done
ctl resume >/dev/null
have_all() { [ "$(outputs_in processing TestOnce)" = 80 ]; }
wait_for 60 have_all
agent_kill
rm -r "$W/demo/state"
agent_start
wait_for 60 all_answered 80 TestOnce
each_once TestOnce 80
agent_stop
pass
