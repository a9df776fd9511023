# SPDX-License-Identifier: Apache-2.0
# Jobs that come one by one, closer together than poll.min, are each asked for
# when push tells of them: what bounds a flood of empty words does not slow work.
. "$(dirname "$0")/lib.sh"
PUSH=true POLL_MAX=10m
push_is() { [ "$(ctl status --json | jq -r .push.state)" = "$1" ]; }
lab_init
lab_start
printf 'poll: { min: 5m }\n' | agent_config
agent_start
wait_for 20 push_is up
for i in $(seq 14); do
	lab job --agent demo --wait 10 Echo text="$i" >/dev/null
done
agent_stop
pass
