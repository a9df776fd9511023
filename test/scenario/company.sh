# SPDX-License-Identifier: Apache-2.0
# company - what the scenarios with the company of test/peers/company.sh share: it, an agent that may ask it, its discovery, and
# what the CMDB holds of it. Sourced after lib.sh. PIT: "exclude=10.88.3.50" leaves the tarpit out.
. test/peers/company.sh
company_needs || skip_all "cannot make the company"
[ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
unshare -n -m -u -p -f true 2>/dev/null || skip_all "may not make namespaces"
cleanup_more() { company_down; }
sysctl -qw net.ipv4.ping_group_range="0 2147483647"

# A lab and an agent that know nothing yet.
company_begins() {
	lab_init
	lab_start --log
	agent_config <<-Y
		policy: { allow: 10.88.0.0/16 }
		${COMPANY_CONFIG:-}
	Y
	agent_start
	ctl creds add root --type ssh_private_key --user root <"$COMPANY/user" >/dev/null
	printf public | ctl creds add public --type snmp >/dev/null
	ctl hostkeys import "$COMPANY/known_hosts" >/dev/null
	two() { [ "$(ctl creds list --json | jq length)" = 2 ]; }
	wait_for 10 two
}

discover() { job Discover ranges="10.88.1.0/26 10.88.2.0/26 10.88.3.0/26" per_network=1000 rate=0 ${PIT:+"$PIT"}; }
ended() { [ "$(ctl job show "$1" --json 2>/dev/null | jq -r .stage)" = "done" ] && [ "$(ctl spool --json | jq .results)" = 0 ]; }

# --- what the instance was sent since line $1 of its log ----------------------------------------

log_now() { wc -l <"$W/lab.log"; }
sent_bytes() { tail -n +"$(($1 + 1))" "$W/lab.log" | awk '$NF == "bytes" && $6 != "admin" {n += $(NF - 1)} END {print n + 0}'; }
# Payloads of CIs, the items in them, and how many of those items and relations were not there as they are.
sent_cis() { tail -n +"$(($1 + 1))" "$W/lab.log" | awk '/^CIs of / {gsub("[,;]", ""); p++; n += $4; news += $4 - $8 + $14} END {print p + 0, n + 0, news + 0}'; }
# How many payloads of CIs the parts of discovery $1 have sent, by topic.
payloads() {
	ctl discovery "$1" --json | jq -r '.targets[] | .job // "" | select(. != "")' | while read -r j; do ctl job show "$j" --json; done |
		jq -rs 'map(select(.ci_payloads > 0) | "\(.source) \(.ci_payloads)") | join(", ")'
}

# --- what the CMDB holds ---------------------------------------------------------------------------

# What every row holds, but for when it was seen; and the history of values.
values() {
	for t in cmdb_ci cmdb_rel_ci cmdb_serial_number cmdb_running_process cmdb_tcp sys_audit; do
		lab table $t --limit 9000 --json | jq -c --arg t $t '.[] | del(.sys_updated_on, .last_discovered) | [$t, .]'
	done | LC_ALL=C sort
}
# All that is in the CMDB, but for what depends on the machine that plays the hosts: their file systems. build-2 is a clone of
# build-1: whichever says first that the serial number is its own has it, the other one's CI goes without.
cmdb() {
	lab table cmdb_ci --fields sys_class_name,name,serial_number,ip_address --limit 5000 --json |
		jq -r '.[] | select(.sys_class_name != "cmdb_ci_file_system") | ["CI", .sys_class_name, .name, .serial_number, .ip_address] | map(. // "") | join("|")'
	lab table cmdb_rel_ci --fields parent,type,child,port --display --limit 5000 --json |
		jq -r '.[] | select(.child | test("^/(usr)?$") | not) | ["REL", .parent, .type, .child, .port] | map(. // "") | join("|")'
}
now_in_cmdb() {
	cmdb | sed -E 's/(build-[12]\|)(CMP-BUILD-1)?\|/\1one of both|/' |
		LC_ALL=C sort >"$W/cmdb"
}
as_expected() { now_in_cmdb; cmp -s "$W/cmdb" test/data/company/expected; }
is_expected() {
	as_expected || { [ -z "${COMPANY_SAVE:-}" ] || cp "$W/cmdb" "$COMPANY_SAVE"; diff test/data/company/expected "$W/cmdb" | head -60; die "the CMDB is not the expected one (${1:-})"; }
}

# A discovery after one that sent $1 bytes: nothing has changed, so no target sends a CI, no row of the CMDB is touched, and
# all that goes out is one page of who was seen and the answer, less than a twentieth.
company_again() {
	local second from bytes
	values >"$W/values"
	from=$(log_now)
	second=$(discover)
	wait_for 240 ended "$second"
	is_expected "the second time"
	equal "$(payloads "$second")" "" "targets that sent CIs again"
	bytes=$(sent_bytes "$from")
	set -- "$1" $(sent_cis "$from")
	values >"$W/values.again"
	cmp -s "$W/values" "$W/values.again" || { diff "$W/values" "$W/values.again" | cut -c1-600 | head -20; die "the second discovery has changed rows"; }
	echo "the instance was sent $1 bytes for the first discovery, $bytes for the second: $2 pages, of $3 machines that were seen, with $4 news"
	equal "$2 $4" "1 0" "pages of CIs the second time, and what was new in them"
	[ "$3" -ge 25 ] && [ "$3" -le "$(ctl discovery "$second" --json | jq '[.targets[] | select(.state == "done")] | length')" ] || die "$3 hosts were seen"
	[ $((bytes * 20)) -lt "$1" ] || die "the second discovery sent $bytes bytes, the first $1"
}
