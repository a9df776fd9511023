# SPDX-License-Identifier: Apache-2.0
# Our record on the instance after the start: validation is withdrawn and given
# again, the record is deleted. Status says so, no work is taken meanwhile, and
# all goes on when it is right again.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<-Y
	report: { refresh: 1s }
Y
agent_start
# record METHOD [BODY]: what an administrator does to it.
record() {
	local id
	id=$(lab table ecc_agent name=demo --fields sys_id --json | jq -r '.[0].sys_id')
	curl -sS -f -o /dev/null --cacert "$W/lab/ca.pem" --cert "$W/lab/agents/admin.pem" --key "$W/lab/agents/admin.key" \
		-X "$1" -H "Content-Type: application/json" ${2:+--data "$2"} "$LAB_URL/api/now/table/ecc_agent/$id"
}
healthy() { ctl status >/dev/null; }
unready() { ctl status --json | jq -e '.problems[] | select(.id == "not-ready") | .why | test("not validated")'; }
wait_for 20 healthy
equal "$(run_job Echo text=before)" before

record PATCH '{"validated":"false"}'
wait_for 5 unready
equal "$(ctl status >/dev/null; echo $?)" 1
id=$(job Echo text=meanwhile)
ctl poll >/dev/null
asked() { [ "$(ctl status --json | jq .instance.calls)" -ge $((calls + 6)) ]; }
calls=$(ctl status --json | jq .instance.calls)
wait_for 20 asked
equal "$(job_state "$id")" ready "a job while we are not validated"
record PATCH '{"validated":"true"}'
wait_for 5 healthy
wait_for 10 all_answered 2 Echo

record DELETE
there() { [ "$(lab table ecc_agent name=demo --fields status --json | jq -r '.[0].status')" = Up ]; }
wait_for 5 there
wait_for 5 healthy
grep -q "our record was deleted" "$W/demo/midd.log" || die "the log does not know that the record was deleted"
equal "$(run_job Echo text=after)" after
each_once Echo 3

# One record, not two.
equal "$(lab table ecc_agent name=demo --fields sys_id --json | jq length)" 1
agent_stop
pass
