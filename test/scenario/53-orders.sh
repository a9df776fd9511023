# SPDX-License-Identifier: Apache-2.0
# What people do to the discoveries that they have ordered: one is cancelled, while it waits and while it runs; a schedule gets other
# times; a row that makes no sense is refused, and one that has got there stops nothing else; of a long list nothing is lost.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "needs python3"
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
Y
agent_start
row() { lab table "$1" "$2" --json | jq -c '.[0]'; }
status() { row discovery_status "number=$1" | jq -r ".$2"; }
is() { [ "$(status "$1" "$2")" = "$3" ]; }
change() { # TABLE SYS_ID JSON: what the instance says to it
	curl -sS --cacert "$W/lab/ca.pem" -u "admin:$(cat "$W/lab/admin.password")" -H 'Content-Type: application/json' -X PATCH "$LAB_URL/api/now/table/$1/$2" -d "$3"
}

# Asked beside all that follows: a long list, of which nothing is lost, and a schedule for once.
long=$(seq 252 | sed "s,.*,127.0.9.&-127.0.9.&," | paste -sd,)
[ ${#long} -gt 4000 ] || die "the list is no long one"
all=$(lab discover 127.0.9.0/24 --exclude "$long" --agent demo --with ports=22)
lab schedule add once 127.0.10.2 --with ports=22 --agent demo >/dev/null

# One that runs is cancelled: its agent leaves off, and then the next one has the addresses. One that waits is never begun.
slow=$(lab discover 127.0.3.1-127.0.3.4 --agent demo --with "ports=1-12 rate=4")
wait_for 10 is "$slow" state Active
next=$(lab discover 127.0.3.1-127.0.3.4 --agent demo --with ports=22)
never=$(lab discover 127.0.3.1-127.0.3.4 --agent demo --with ports=22)
waits() { [ "$(status "$1" u_why)" = "$slow asks some of these addresses now" ]; }
wait_for 10 waits "$next"
lab discover --cancel "$never"
lab discover --cancel "$slow"
wait_for 10 is "$next" state Completed
equal "$(status "$slow" state) $(status "$slow" u_why)" "Cancelled cancelled"
equal "$(status "$never" state) $(status "$never" u_assigned)" "Cancelled "
equal "$(ctl job show "$(status "$slow" u_output)" --json | jq -r .class)" cancelled
has "$(lab discover --cancel DIS9999999 2>&1 || true)" "there is no discovery_status called DIS9999999"

# A job that somebody has put into the queue himself is one too: it is seen, and others wait for its addresses.
own=$(job Discover ranges=127.0.3.1-127.0.3.4 exclude=127.0.3.4 ports=1-12 rate=4)
mine() { row discovery_status "u_output=$own" | jq -e '.state == "Active" and .source == "job" and .u_ranges == "127.0.3.1-127.0.3.4" and .u_exclude == "127.0.3.4"' >/dev/null; }
wait_for 10 mine
slow=$(row discovery_status "u_output=$own" | jq -r .number)
next=$(lab discover 127.0.3.2 --agent demo --with ports=22)
wait_for 10 waits "$next"
lab discover --cancel "$slow"
wait_for 10 is "$next" state Completed
equal "$(ctl job show "$own" --json | jq -r .class)" cancelled

# What is excluded at the end of a long list is not asked.
wait_for 10 is "$all" state Completed
equal "$(status "$all" u_addresses)" 4 "addresses of 256 without 252"
has "$(lab discover 127.0.9.0/24 --exclude "$(printf '%070000d' 0)" --agent demo 2>&1 || true)" "u_exclude has more than 60000 characters"

# Other times: due by them. Nonsense: refused.
lab schedule add nightly 127.0.9.1 --at 02:00 --agent demo >/dev/null
id=$(row discovery_schedule name=nightly | jq -r .sys_id)
change discovery_schedule "$id" '{"run_time":"03:30"}' >/dev/null
has "$(row discovery_schedule name=nightly | jq -r .u_next)" " 03:30:00"
has "$(change discovery_schedule "$id" '{"run_time":"25:99"}')" "a time of day is HH:MM"
has "$(change discovery_schedule "$id" '{"u_ranges":"somewhere"}')" '\"somewhere\" is no address'
equal "$(row discovery_schedule name=nightly | jq -r '.run_time + " " + .u_ranges')" "03:30 127.0.9.1"

# One that was done once is done again when it is switched on.
id=$(row discovery_schedule name=once | jq -r .sys_id)
runs() { [ "$(lab table discovery_status "dscheduler=$id^state=Completed" --json | jq length)" = "$1" ]; }
wait_for 10 runs 1
change discovery_schedule "$id" '{"active":"true"}' >/dev/null
wait_for 10 runs 2

# One that is there all the same is told of, and stops nobody else.
python3 - "$W/lab" <<'P'
import glob, sqlite3, sys
for f in glob.glob(sys.argv[1] + '/*.db'):
    db = sqlite3.connect(f, timeout=10)
    if db.execute("select count(*) from sqlite_master where name = 'discovery_schedule'").fetchone()[0]:
        with db:
            db.execute("update discovery_schedule set u_ranges = 'somewhere', u_next = '2020-01-01 00:00:00'")
P
n=$(lab discover 127.0.9.1 --agent demo --with ports=22)
wait_for 10 is "$n" state Completed
told() { lab table discovery_log --json | jq -e '.[] | select(.message == "schedule nightly: \"somewhere\" is no address, range or network: it is not active any more")' >/dev/null; }
wait_for 10 told
equal "$(row discovery_schedule name=nightly | jq -r .active)" false
pass
