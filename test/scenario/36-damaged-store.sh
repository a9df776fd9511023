# SPDX-License-Identifier: Apache-2.0
# The database is damaged while midd is down: each page in turn (PAGES of them), the whole
# file cut in half, rubbish, or gone (which is like a first start). midd starts, says what it found, and each job has one
# answer or the word that it was interrupted; new jobs run.
#
#   PAGES=1000000 runs all of them (make crash).
. "$(dirname "$0")/lib.sh"
PAGES=${PAGES:-6}
DB=$W/demo/state/midd.db
lab_init
lab_start
agent_start
healthy() { ctl status >/dev/null; }
none_left() { [ "$(ctl spool --json | jq .results)" = 0 ] && [ "$(ctl status --json | jq '[.lanes[] | .running, .waiting] | add')" = 0 ]; }

# Some are answered, some wait with their results, some are in the middle.
job Echo --count 6 text=delivered >/dev/null
wait_for 20 all_answered 6 Echo
job Echo --count 9 text="$(head -c 6000 /dev/zero | tr '\0' r)" delay_ms=800 >/dev/null
job TestOnce --count 3 wait_ms=2500 >/dev/null
job Echo --count 3 text=middle delay_ms=2500 >/dev/null
run_all() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 15 ]; }
wait_for 20 run_all
lab_kill
spooled() { [ "$(ctl spool --json | jq .results)" -ge 9 ]; }
wait_for 20 spooled
agent_kill
sqlite3 "$DB" 'pragma wal_checkpoint(truncate)' >/dev/null
cp -a "$W/demo/state" "$W/state"
cp -a "$W/lab" "$W/lab.was"
pages=$(($(stat -c %s "$DB") / 4096))
echo "$pages pages"

# hurt HOW: a day that begins with this damage. What midd said of it is printed.
hurt() {
	local how=$1 found
	rm -rf "$W/demo/state" "$W/lab" "$W/demo/midd.log"
	cp -a "$W/state" "$W/demo/state"
	cp -a "$W/lab.was" "$W/lab"
	"$@"
	lab_start
	agent_start
	all() { all_answered 18 Echo && all_answered 3 TestOnce; }
	wait_for 40 all
	each_once Echo 18
	each_once TestOnce 3
	equal "$(run_job Echo text=new)" new
	found=$(ctl status --json | jq -r '[.problems[] | select(.id == "store-repaired" or .id == "store-trouble") | .what + ": " + .why] | join("; ")') || true
	printf '%-10s %-6s %s\n' "$how" "${2:-}" "${found:-nothing was lost}"
	case $how in page | gone | empty) ;; *) [ -n "$found" ] || die "status is silent on: $how" ;; esac
	agent_kill
	lab_kill
}
page() { head -c 4096 /dev/urandom | dd of="$DB" bs=4096 seek="$1" conv=notrunc status=none; }
gone() { rm "$DB"; }
half() { truncate -s $((pages / 2 * 4096)) "$DB"; }
rubbish() { head -c 100000 /dev/urandom >"$DB"; }
empty() { : >"$DB"; }
step=$(((pages + PAGES - 1) / PAGES))
for ((n = 0; n < pages; n += step)); do
	hurt page "$n"
done
for how in half rubbish empty gone; do hurt $how; done
pass
