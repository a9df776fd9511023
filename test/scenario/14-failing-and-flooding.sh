# SPDX-License-Identifier: Apache-2.0
# A failing probe gives its class and sentence; a flooding one is cut at
# results.max, what came before is kept, and others are not held up.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<Y
results: { max: 2 MB, page: 64 kB }
Y
agent_start

if run_job TestFail class=7 >"$W/out" 2>"$W/err"; then die "a failure was answered with success"; fi
has "$(cat "$W/err")" "failed as class 7"
has "$(ctl jobs --failed --json)" "failed as class 7"

id=$(job TestFlood mb=20)
equal "$(run_job Echo text=beside)" beside
wait_for 30 all_answered 1 TestFlood
answer=$(lab table ecc_queue "response_to=$id" --fields error_string --limit 1 --json | jq -r '.[0].error_string')
has "$answer" "results.max"
ctl job show "$id" --json | jq -e '.pages > 10' >/dev/null || die "the pages before the cut were not kept"

# A parameter of the wrong kind is refused with its name.
if run_job Echo delay_ms=soon >"$W/out" 2>"$W/err"; then die "delay_ms=soon was taken"; fi
has "$(cat "$W/err")" "delay_ms"
agent_stop
pass
