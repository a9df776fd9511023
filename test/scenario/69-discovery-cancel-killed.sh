# SPDX-License-Identifier: Apache-2.0
# A discovery that was cancelled ends, though midd is killed at once: its next life asks nobody, and says "cancelled".
HOSTS=4
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
hosts_serve
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
	discovery: { at_once: 2 }
Y
hosts_agent
for i in 1 2 3 4; do touch "$W/keys/slow-127.2.0.$i"; done
id=$(begin)
two() { [ "$(logins)" = 2 ]; }
wait_for 20 two
ctl job cancel "$id" >/dev/null
agent_kill
rm "$W"/keys/slow-*
agent_start
wait_for 20 ended "$id"
equal "$(ctl job show "$id" --json | jq -r .class)" cancelled
has "$(ctl job show "$id")" "cancelled by the operator"
equal "$(logins)" 2 "logins, none after the cancel"
equal "$(ctl discovery "$id" --json | jq '[.targets[] | select(.state == "done")] | length')" 0

# As soon as it is asked for, before anything of it has begun.
id=$(begin)
ctl job cancel "$id" >/dev/null
agent_kill
agent_start
wait_for 20 ended "$id"
equal "$(ctl job show "$id" --json | jq -r .class)" cancelled
equal "$(logins)" 2 "logins, none after the cancel"
pass
