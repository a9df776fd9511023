# SPDX-License-Identifier: Apache-2.0
# The CMDB has not taken all CIs of a host: the next discovery sends them again, and says so, until it has.
HOSTS=1
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
hosts_serve
lab_init
lab_start
cp -R share/map "$W/map"
sed -i 's/else "cmdb_ci_file_system" end/else "u_no_such_class" end/' "$W/map/linux.jq"
cmp -s share/map/linux.jq "$W/map/linux.jq" && die "the map has changed: name another class"
agent_config <<-Y
	policy: { loopback: true }
	workers: { maps: $W/map }
Y
hosts_agent
for n in first second; do
	id=$(begin)
	wait_for 40 ended "$id"
	wait_for 20 delivered
	part=$(ctl discovery "$id" --json | jq -r '.targets[0] | .job')
	has "$(ctl job show "$part" --json | jq -r '"\(.partial) \(.ci_payloads > 0) \(.error)"')" "true true the CMDB took the payload but refused"
	equal "$(ctl discovery "$id" --json | jq -r '.targets[0].why // ""')" "" "$n"
done
pass
