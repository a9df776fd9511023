#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make bench: what a job, an answer, a start, rest, the wait for an answer and an inventory cost.
#
#   JOBS=2000 IDLE=20 ONLY="rest latency" test/bench/run.sh
#
# The far side is midlab on this machine: jobs/s is of both together, processor
# time is of the agent and its workers alone. Each table is followed by the
# command that made it. ONLY names the questions; each is a file of its own here.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${JOBS:=2000}" "${IDLE:=20}" "${CC:=gcc}"
B=$(cd "$B" && pwd)
. test/bench/lib.sh
say "bench: $(nproc) processors, $(awk -F: '/model name/{print $2; exit}' /proc/cpuinfo), Linux $(uname -r)"
lab_start
for q in ${ONLY:-road answer start rest latency inventory}; do
	# shellcheck source=/dev/null
	. "test/bench/$q.sh"
	"ask_$q"
done
