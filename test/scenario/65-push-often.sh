# SPDX-License-Identifier: Apache-2.0
# Jobs that come one by one, closer together than poll.min, are each asked for
# when push tells of them: what bounds a flood of empty words does not slow work.
# And work that was told of while no worker was up is asked for when one is.
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

# What keeps midd from asking passes without a word from anybody: claims that are refused, a disk that is full.
rests() { [ "$(ctl status --json | jq -r .poll.paused_why)" != "" ]; }
agent_config </dev/null
agent_start
wait_for 20 push_is up
lab fault claim:500:1 >/dev/null
lab job --agent demo --wait 20 Echo text=refused >/dev/null
agent_stop
mkdir "$W/disk"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=32m midd "$W/disk" 2>/dev/null; then
	printf 'paths: { state: %s }\nresults: { disk_min: 16 MB }\npoll: { pushed: 10m }\n' "$W/disk/state" | agent_config
	agent_start
	wait_for 20 push_is up
	dd if=/dev/zero of="$W/disk/filler" bs=1M count=18 2>/dev/null
	id=$(job Echo text=full)
	wait_for 20 rests
	rm "$W/disk/filler"
	answered() { [ "$(answers "$id")" = 1 ]; }
	wait_for 30 answered
	agent_stop
	umount "$W/disk"
else
	echo "no file system can be mounted here: a full disk is not tried"
fi
pass
