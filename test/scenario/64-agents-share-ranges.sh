# SPDX-License-Identifier: Apache-2.0
# Discoveries given to the members of a cluster: two never ask one range at once, the work of an agent that
# stands still in the middle goes to the other one under a new fence, and the late answer of the first is refused.
. "$(dirname "$0")/lib.sh"
lab_init --agent first --agent second
lab_start --heartbeat 1
for a in first second; do
	agent_config $a <<-Y
		policy: { loopback: true }
	Y
	agent_spawn $a
done
agents_up() { [ "$(lab table ecc_agent status=Up --json | jq length)" = "$1" ]; }
wait_for 8 agents_up 2
lab cluster add east first second
row() { lab table discovery_status "number=$1" --fields "$2" --json | jq -r ".[0][\"$2\"]"; }
is() { [ "$(row "$1" "$2")" = "$3" ]; }

# What policy refuses is told in words, and nonsense is refused at once.
r=0; lab discover 169.254.169.254 --agent first --wait 30 >"$W/out" 2>"$W/told" || r=$?
equal "$r" 1
has "$(cat "$W/told")" "no target"
has "$(lab discover 10.0.0.300 2>&1 || true)" '"10.0.0.300" is no address, range or network'

slow="ports=1-12 rate=40"
a=$(lab discover 127.0.3.1-127.0.3.4 --agent first --with "$slow")
wait_for 8 is "$a" state Active
# Overlapping ranges wait for each other; others do not, and go to the one who has less to do.
b=$(lab discover 127.0.3.0/24 --exclude 127.0.3.6-127.0.3.255 --cluster east --with ports=22)
c=$(lab discover 127.0.4.1,127.0.4.2 --cluster east --with ports=22)
wait_for 8 is "$c" state Completed
equal "$(row "$c" mid_server.name)" second
equal "$(row "$b" state)" Waiting
equal "$(row "$b" u_why)" "$a asks some of these addresses now"

# The next one stands still in the middle: the other member takes it over. (One that is killed asks the instance whose it is: 58-old-state.)
wait_for 8 is "$b" state Completed
d=$(lab discover 127.0.5.1-127.0.5.4 --cluster east --with "$slow")
wait_for 8 is "$d" state Active
who=$(row "$d" mid_server.name)
case $who in first) other=second ;; *) other=first ;; esac
old=$(row "$d" u_output)
fence=$(row "$d" u_fence)
kill -STOP "$(agent_pid "$who")"
wait_for 8 is "$d" mid_server.name "$other"
[ "$(row "$d" u_fence)" -gt "$fence" ] || die "the fence did not grow"
kill -CONT "$(agent_pid "$who")"
wait_for 8 is "$d" state Completed
refused() { lab table discovery_log --json | jq -e --arg f "$fence" '[.[] | select(.message | test("fence \($f) is not valid any more: .* was given to"))] | length >= 1'; }
wait_for 8 refused
# The first one has settled it: nothing waits, nothing is offered again.
settled() { grep -q "the instance gave this work to another agent: .*fence $fence" "$W/$who/midd.log" && ctl_of "$who" spool --json | jq -e '.oldest == []'; }
wait_for 8 settled
equal "$(answers "$old")" 0 "answers under the old fence"
equal "$(answers "$(row "$d" u_output)")" 1
equal "$(lab table u_discovery_assignment "fence=$fence" --json | jq -r '.[0].state')" superseded

# So are CIs under it; and numbers nobody gave out.
ci() { curl -sS --cacert "$W/lab/ca.pem" -u "admin:$(cat "$W/lab/admin.password")" -H 'Content-Type: application/json' -w '%{http_code}' -o "$W/said" \
	"$LAB_URL/api/now/identifyreconcile?sysparm_data_source=midd&sysparm_fence=$1" \
	-d '{"items":[{"className":"cmdb_ci_linux_server","values":{"name":"late"}}]}'; }
equal "$(ci "$fence")" 410
has "$(cat "$W/said")" "fence $fence is not valid any more"
equal "$(ci "$(row "$d" u_fence)")" 200
equal "$(ci 999)" 400

# A midd repeats the fence of its job, with the CIs (the old one is refused, and let go) and in the answer.
under() { lab job --agent "$other" LocalInventory fence="$1" --wait 20 >/dev/null; lab table ecc_queue "queue=input^topic=LocalInventory" --json | jq -r .[-1].payload; }
has "$(under "$(row "$d" u_fence)")" '<parameter name="fence" value="'"$(row "$d" u_fence)"'"'
grep -q "gave this work" "$W/$other/midd.log" && die "CIs under the fence in force were refused"
under "$fence" >/dev/null
late() { grep -q "the instance gave this work to another agent: .*fence $fence is not valid" "$W/$other/midd.log"; }
wait_for 8 late
nothing_waits() { ctl_of "$other" spool --json | jq -e '.oldest == []' >/dev/null; }
wait_for 8 nothing_waits

# What one has sent before may not be what the CMDB holds, when another one was the last to ask there: then it sends all.
asked() { # RANGE AGENT: the parameter full of the job
	n=$(lab discover "$1" --agent "$2" --with ports=22)
	wait_for 8 is "$n" state Completed
	lab table ecc_queue "sys_id=$(row "$n" u_output)" --json | jq -r '.[0].payload' | grep -o 'name="full" value="[a-z]*"' || echo no
}
equal "$(asked 127.0.4.1 first)" 'name="full" value="true"'
equal "$(asked 127.0.4.1 first)" no
equal "$(asked 127.0.4.1-127.0.4.2 second)" 'name="full" value="true"'

# Each agent may reach a network of its own: a discovery of both is shared between them; of one that nobody may reach it is told.
may() { # AGENT RANGE
	curl -sS --fail --cacert "$W/lab/ca.pem" -u "admin:$(cat "$W/lab/admin.password")" -H 'Content-Type: application/json' -o /dev/null \
		"$LAB_URL/api/now/table/ecc_agent_ip_address" \
		-d "{\"agent\":\"$(lab table ecc_agent "name=$1" --json | jq -r '.[0].sys_id')\",\"type\":\"include\",\"range\":\"$2\"}"
}
may first 127.0.6.0/24
may second 127.0.7.0/24
g=$(lab discover 127.0.6.1,127.0.7.1,127.0.6.2 --cluster east --with ports=22)
wait_for 8 is "$g" state Completed
shared() { lab table discovery_status "u_rangesLIKE127.0.7.1" --json | jq -e '.[0].state == "Completed"'; }
wait_for 8 shared
equal "$(lab table discovery_status "u_rangesLIKE127.0.6.1^ORu_rangesLIKE127.0.7.1" --fields u_ranges,mid_server.name --json | jq -r '.[] | [.u_ranges, .["mid_server.name"]] | join(" ")' | sort | paste -sd' ')" \
	"127.0.6.1,127.0.6.2 first 127.0.7.1 second"
h=$(lab discover 127.0.6.9,127.0.8.1 --cluster east --with ports=22)
wait_for 8 is "$h" u_why "agent second is not for these addresses"
equal "$(row "$h" state)" Waiting
pass
