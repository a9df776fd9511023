# SPDX-License-Identifier: Apache-2.0
# The end of `make demo` for root: a small company in network namespaces (test/peers/company.sh) with a lab and an agent of its own,
# one Discover job of the instance, the CMDB, its picture in build/demo/cmdb.png, and the same again with no change.
#   demo-company.sh --can      says whether it can be made here; it wants a network of its own: unshare -n -m
[ "${1:-}" != --can ] || { . test/peers/company.sh; company_needs >/dev/null && unshare -n -m -u -p -f true 2>/dev/null; exit; }
ip link set lo up
. "$(dirname "$0")/scenario/lib.sh"
. "$(dirname "$0")/scenario/company.sh"
. "$(dirname "$0")/browser.sh"
cleanup_more() { exec 2>/dev/null; company_down; }	# a shell tells of each program it loses
PATH=$B/bin:$PATH
export MIDD_CONTROL=$W/demo/control MIDLAB_DIR=$W/lab
show() { printf '$ %s\n' "$*"; "$@"; }
say() { printf '%s\n' "$*"; }

say "three networks behind a router: $(company_rows | wc -l) machines with a real sshd or an SNMP agent, switches whose tables describe"
say "just this net, a firewall that drops, a host with another key than it had, and a tarpit, which is left out here"
company_up "$W/company"
company_begins
changed() { lab table sys_audit --json --limit 100000 | jq length; }
everywhere() { # the job of the instance, and the bar of the operator until it ends
	show midlab discover 10.88.1.0/26 10.88.2.0/26 10.88.3.0/26 --exclude 10.88.3.50 --agent demo --with "per_network=1000 rate=0"
	under_way() { [ "$(ctl discovery --json | jq length)" = 1 ]; }
	wait_for 20 under_way
	show midctl discovery "$(ctl jobs --json | jq -r 'map(select(.topic == "Discover"))[0].id')" --watch || echo "(exit $?: not all gave facts)"
	all_sent() { [ "$(ctl spool --json | jq .results)" = 0 ]; }
	wait_for 60 all_sent
}
everywhere
show midlab table cmdb_ci_hardware --fields sys_class_name,name,ip_address,serial_number --limit 60
show midlab table cmdb_rel_ci "type.name=Connects to::Connected by" --fields parent,type,child,port --display --limit 12
if ! browser_there; then
	say "there is no chromium on this machine (BROWSER=1 make deps): no picture"
elif mkdir -p build/demo && browser_picture "$W/lab" network build/demo/cmdb.png 1280x800; then
	say "build/demo/cmdb.png shows it: $(lab table cmdb_rel_ci --json --limit 10000 | jq length) relations"
fi
before=$(changed)
say "once more:"
everywhere
say "$(($(changed) - before)) values of the CMDB have another value now: no change"
show midlab report
agent_stop
pass
