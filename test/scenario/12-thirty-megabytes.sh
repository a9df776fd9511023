# SPDX-License-Identifier: Apache-2.0
# A result of 30 MB arrives whole, in pages, and the agent's memory stays small.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start

run_job TestFlood mb=30 >"$W/out"
equal "$(($(wc -c <"$W/out") / 1000000 >= 30))" 1 "bytes: $(wc -c <"$W/out")"
pages=$(lab table ecc_queue "queue=input^topic=TestFlood" --fields sys_id --json | jq length)
[ "$pages" -ge 10 ] || die "expected many pages, got $pages"
agent_stop
pass
