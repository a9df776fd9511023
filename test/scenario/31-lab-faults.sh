# SPDX-License-Identifier: Apache-2.0
# The instance misbehaves in every way it knows; each job is answered once.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
instance: { total: 3s }
Y
agent_start
for fault in insert:500:2 insert:503=1:1 insert:429=1:1 insert:did:2 insert:duplicate:2 batch:did:1 batch:500:1 batch:cut=60:1 \
    claim:500:1 claim:did:1 claim:cut=20:1 poll:500:2 poll:cut=100:1 poll:429=1:1 insert:stall=5:1 claim:stall=5:1 any:reset:1; do
	lab fault "$fault" >/dev/null
	job Echo --count 4 text="$fault" >/dev/null
	n=$((${n:-0} + 4))
	wait_for 40 all_answered "$n" Echo
done
each_once Echo "$n"
agent_stop
pass
