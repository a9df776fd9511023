# SPDX-License-Identifier: Apache-2.0
# Whatever goes wrong with a claim, a batch, an insert or a poll, forty jobs
# given meanwhile are answered, and each once.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start
n=0
for f in claim:did:2 claim:500:2 claim:cut=20:2 claim:reset:2 claim:429=1:1 \
	batch:did:2 batch:500:2 batch:cut=30:2 batch:reset:2 batch:503=1:1 \
	insert:did:3 insert:reset:3 insert:cut=10:2 insert:502:2 \
	poll:cut=50:2 poll:503=1:1 any:429=1:3 batch:404:1; do
	lab fault --clear "$f" >/dev/null
	job Echo --count 40 text="$f" >/dev/null
	n=$((n + 40))
	wait_for 40 all_answered $n Echo
	each_once Echo $n
	[ "$(lab fault --list --json | jq '[.[].done | tonumber] | add')" -ge 1 ] || die "$f never happened"
done
agent_stop
pass
