# SPDX-License-Identifier: Apache-2.0
# A small company (test/peers/company.sh): one Discover job of the instance over its three networks. The CMDB and
# the graph are those of test/data/company/expected, line by line; a second run changes no row and no target sends a CI.
# COMPANY_FORM=long (make company) waits for the tarpit too, kills midd at random points, and the lab misbehaves meanwhile.
. "$(dirname "$0")/lib.sh"
. test/peers/company.sh
company_needs || skip_all "cannot make the company"
[ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
unshare -n -m -u -p -f true 2>/dev/null || skip_all "may not make namespaces"
cleanup_more() { company_down; }
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
company_up "$W/company"
lab_init
lab_start
agent_config <<Y
policy: { allow: 10.88.0.0/16 }
Y
agent_start
ctl creds add root --type ssh_private_key --user root <"$COMPANY/user" >/dev/null
printf public | ctl creds add public --type snmp >/dev/null
ctl hostkeys import "$COMPANY/known_hosts" >/dev/null
two() { [ "$(ctl creds list --json | jq length)" = 2 ]; }
wait_for 10 two

PIT="exclude=10.88.3.50"
[ "${COMPANY_FORM:-short}" = short ] || PIT=
discover() { job Discover ranges="10.88.1.0/26 10.88.2.0/26 10.88.3.0/26" per_network=1000 rate=0 ${PIT:+"$PIT"}; }
ended() { [ "$(ctl job show "$1" --json | jq -r .stage)" = "done" ]; }
sent() { ctl metrics | awk '$1 == "midd_instance_sent_bytes_total" {print $2}'; }
# How many payloads of CIs the parts of discovery $1 have sent, by topic.
payloads() {
	ctl discovery "$1" --json | jq -r '.targets[] | .job // "" | select(. != "")' | while read -r j; do ctl job show "$j" --json; done |
		jq -rs 'map(select(.ci_payloads > 0) | "\(.source) \(.ci_payloads)") | join(", ")'
}
# What every row holds, but for when it was seen; and the history of values.
values() {
	for t in cmdb_ci cmdb_rel_ci cmdb_serial_number cmdb_running_process cmdb_tcp sys_audit; do
		lab table $t --limit 9000 --json | jq -c --arg t $t '.[] | del(.sys_updated_on, .last_discovered) | [$t, .]'
	done | LC_ALL=C sort
}
# All that is in the CMDB, but for what depends on the machine that plays the hosts: their file systems. build-2 is a clone with the serial number of build-1: identification
# by serial number makes one CI of both, under the name of whichever was asked last.
cmdb() {
	lab table cmdb_ci --fields sys_class_name,name,serial_number,ip_address --limit 5000 --json |
		jq -r '.[] | select(.sys_class_name != "cmdb_ci_file_system") | ["CI", .sys_class_name, .name, .serial_number, .ip_address] | map(. // "") | join("|")'
	lab table cmdb_rel_ci --fields parent,type,child --display --limit 5000 --json |
		jq -r '.[] | select(.child | test("^/(usr)?$") | not) | ["REL", .parent, .type, .child] | join("|")'
}
now_in_cmdb() {
	cmdb | sed -E '/linux_server.*build-[12]/s/10\.88\.2\.1[45]$/10.88.2.N/; s/adapter\|eth0\|\|10.88.2.1[45]$/adapter|eth0||10.88.2.N/; s/build-[12]/build-N/; s/CMP-BUILD-1/CMP-BUILD-N/' |
		LC_ALL=C sort >"$W/cmdb"
}
as_expected() { now_in_cmdb; cmp -s "$W/cmdb" test/data/company/expected; }
is_expected() {
	local left=50
	until as_expected; do
		left=$((left - 1))
		[ $left -gt 0 ] || { [ -z "${COMPANY_SAVE:-}" ] || cp "$W/cmdb" "$COMPANY_SAVE"; diff test/data/company/expected "$W/cmdb" | head -60; die "the CMDB is not the expected one"; }
		sleep 0.1
	done
}
FROM=$(sent)
FIRST=$(discover)
if [ "${COMPANY_FORM:-short}" = long ]; then
	lab fault insert:500:2 >/dev/null
	for _ in 1 2 3 4 5; do
		sleep "$((RANDOM % 4)).$((RANDOM % 10))"	# a random point, not a synchronisation
		agent_kill
		agent_start
	done
	lab fault off >/dev/null 2>&1 || true
fi
wait_for 240 ended "$FIRST"
ONCE=$(($(sent) - FROM))
is_expected

# The router has three addresses, and is asked once.
equal "$(ctl discovery "$FIRST" --json | jq -c '[.targets[] | select(.address | test("^10.88.[123].1$")) | .state] | sort')" '["done","same","same"]'

# Whoever shows another key than the one that is known gives no facts.
equal "$(lab table cmdb_ci_linux_server name=old-1 --json | jq length)" 0

# Again: nothing has changed, so no target sends a CI, no row of the CMDB is touched, and all that goes out is one page of who was
# seen, the answer, and midd's polls.
values >"$W/values"
FROM=$(sent)
SECOND=$(discover)
wait_for 240 ended "$SECOND"
AGAIN=$(($(sent) - FROM))
is_expected
equal "$(payloads "$SECOND")" "" "targets that sent CIs again"
values >"$W/values.again"
cmp -s "$W/values" "$W/values.again" || { diff "$W/values" "$W/values.again" | cut -c1-600 | head -20; die "the second discovery has changed rows"; }
echo "midd sent $ONCE bytes for the first discovery, $AGAIN for the second"
[ "${COMPANY_FORM:-short}" = long ] || [ $((AGAIN * 8)) -lt "$ONCE" ] || die "the second discovery sent $AGAIN bytes, the first $ONCE"
agent_stop
pass
