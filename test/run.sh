#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs tests and counts them.
#
#   run.sh unit PROGRAM...       cmocka programs
#   run.sh scenario SCRIPT...    real programs; exit 77 means skipped, and the script says why
#   run.sh fuzz SECONDS TARGET...
#   run.sh all PROGRAM...        units, every scenario, the corpus, and short fuzzing
#
# The last line is "N passed, N failed, N skipped". Logs: $B/test/log/.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${B:=build}"
export B
LOG=$B/test/log
mkdir -p "$LOG"
passed=0 failed=0 skipped=0

# run_one NAME COMMAND...: prints how it went; 0, 77 skipped, 1 failed.
run_one() {
	local name=$1 log start took status
	shift
	log=$LOG/$(echo "$name" | tr / _).log
	start=$(date +%s.%N)
	timeout -k 10 "${TEST_SECONDS:-300}" "$@" >"$log" 2>&1 </dev/null
	status=$?
	took=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN{printf "%.1f", b-a}')
	case $status in
	0) printf '  ok    %-44s %6s s\n' "$name" "$took" ;;
	77) printf '  SKIP  %-44s %s\n' "$name" "$(tail -n 1 "$log")"; return 77 ;;
	*) printf '  FAIL  %-44s status %s: %s\n' "$name" "$status" "$log"
	   tail -n 40 "$log" | sed 's/^/        | /'
	   return 1 ;;
	esac
}

count() {
	case $1 in
	0) passed=$((passed + 1)) ;;
	77) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
}

one() { run_one "$@"; count $?; }

units() {
	local u
	for u in "$@"; do
		[ -x "$u" ] || { echo "  FAIL  $u was not built"; failed=$((failed + 1)); continue; }
		one "unit/${u#"$B"/test/unit/}" "$u"
	done
}

scenarios() {
	local s
	for s in "$@"; do
		one "scenario/$(basename "$s" .sh)" bash "$s"
	done
}

fuzz_one() { # SECONDS TARGET
	local t=$2 corpus
	corpus=$B/test/fuzz-corpus/$(basename "$t")
	mkdir -p "$corpus" "$LOG/$(basename "$t")"
	run_one "fuzz/$(basename "$t")" "$t" -max_total_time="$1" -timeout=10 -rss_limit_mb=2048 \
		-max_len=65536 -artifact_prefix="$LOG/$(basename "$t")/" "$corpus" \
		$([ -d "test/data/fuzz/$(basename "$t")" ] && echo "test/data/fuzz/$(basename "$t")")
}

# As many at once as there are processors: each takes its time whatever the others do.
fuzzers() {
	local seconds=$1 t p pids=()
	shift
	for t in "$@"; do
		fuzz_one "$seconds" "$t" &
		pids+=($!)
		[ "${#pids[@]}" -lt "$(nproc)" ] && continue
		for p in "${pids[@]}"; do wait "$p"; count $?; done
		pids=()
	done
	for p in "${pids[@]}"; do wait "$p"; count $?; done
}

corpus() {
	if [ -d "${CORPUS:-}" ]; then
		one corpus test/corpus.sh "$CORPUS"
		tail -n 1 "$LOG/corpus.log" | sed 's/^/        /'
	else
		skipped=$((skipped + 1))
		echo "  SKIP  corpus: there is no folder ${CORPUS:-(CORPUS not set)}"
	fi
}

mode=$1
shift
case $mode in
unit) units "$@" ;;
scenario) scenarios "$@" ;;
fuzz) fuzzers "$@" ;;
all)
	units "$@"
	scenarios $(ls test/scenario/[0-9]*.sh 2>/dev/null)
	corpus
	;;
*) echo "run.sh: no mode \"$mode\"" >&2; exit 2 ;;
esac
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
