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

# as_many RUNNER NAME...: as many at once as there are processors (JOBS), the next as soon as
# one ends; a test that waits leaves its processor to another.
as_many() {
	local runner=$1 x running=0
	shift
	for x in "$@"; do
		if [ "$running" -ge "${JOBS:-$(nproc)}" ]; then
			wait -n; count $?
			running=$((running - 1))
		fi
		"$runner" "$x" &
		running=$((running + 1))
	done
	while [ "$running" -gt 0 ]; do wait -n; count $?; running=$((running - 1)); done
}

unit() {
	[ -x "$1" ] || { echo "  FAIL  $1 was not built"; return 1; }
	run_one "unit/${1#"$B"/test/unit/}" "$1"
}

# A network and an /etc of its own, where they are to be had: the addresses, ports and accounts of two scenarios never
# meet, and no worker is retired because another's scenario changed /etc.
# shellcheck disable=SC2016
if unshare -n -m true 2>/dev/null; then
	alone=(unshare -n -m -- sh -c 'mount -t tmpfs -o mode=755 etc /mnt && cp -a /etc/. /mnt && mount --bind /mnt /etc &&
		umount /mnt && ip link set lo up && exec "$@"' alone)
else
	alone=() JOBS=1
fi
scenario() { run_one "scenario/$(basename "$1" .sh)" "${alone[@]}" bash "$1"; }

# What took long when it was last timed begins first, so that it does not end alone.
longest_first() {
	local s long="24 30 35 38 36 91 94 33 98 87 93 97 62 64 55"
	for s in $long; do printf '%s\n' "$@" | grep "/$s-"; done
	printf '%s\n' "$@" | grep -vE "/(${long// /|})-"
}

fuzz_one() { # TARGET
	local t=$1 corpus
	corpus=$B/test/fuzz-corpus/$(basename "$t")
	mkdir -p "$corpus" "$LOG/$(basename "$t")"
	# The short form begins with the same seed each time, so that what it finds is of the change at hand; the long one looks for more.
	run_one "fuzz/$(basename "$t")" "$t" -seed=$((SECONDS_EACH <= 10)) -max_total_time="$SECONDS_EACH" -timeout=10 -rss_limit_mb=2048 \
		-max_len=65536 -artifact_prefix="$LOG/$(basename "$t")/" "$corpus" \
		$([ -d "test/data/fuzz/$(basename "$t")" ] && echo "test/data/fuzz/$(basename "$t")")
}

# The recordings are judged beside the scenarios, not after them.
with_corpus() {
	if [ -d "${CORPUS:-}" ]; then
		printf '%s\n' corpus corpus-snmp
	else
		echo "  SKIP  corpus: there is no folder ${CORPUS:-(CORPUS not set)}" >&2
	fi
	longest_first "$@"
}
scenario_or_corpus() {
	case $1 in
	corpus*) run_one "$1" "${alone[@]}" bash "test/$1.sh" "$CORPUS" ;;
	*) scenario "$1" ;;
	esac
}
corpus_says() {
	[ -d "${CORPUS:-}" ] || { skipped=$((skipped + 1)); return; }
	grep -hE '^[a-z-]+: [0-9]+ right' "$LOG/corpus.log" "$LOG/corpus-snmp.log" | sed 's/^/        /'
}

mode=$1
shift
case $mode in
unit) as_many unit "$@" ;;
scenario) as_many scenario "$@" ;;
fuzz) SECONDS_EACH=$1; shift; as_many fuzz_one "$@" ;;
all)
	as_many unit "$@"
	# Most scenarios wait for something most of their time.
	JOBS=${JOBS:-$(($(nproc) + 1))}
	export PATIENCE=${PATIENCE:-3}
	as_many scenario_or_corpus $(with_corpus test/scenario/[0-9]*.sh)
	corpus_says
	;;
*) echo "run.sh: no mode \"$mode\"" >&2; exit 2 ;;
esac
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
