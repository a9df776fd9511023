# SPDX-License-Identifier: Apache-2.0
# The wall clock jumps ten years ahead, ten years back, and comes right again,
# while jobs run: waits are waits, nothing is done twice, and status names the
# clock, also while the instance's certificate can't be believed for it.
. "$(dirname "$0")/lib.sh"
SHIM=$B/test/crash/clock_jumps.so
[ -f "$SHIM" ] || die "$SHIM is not there: make scenario builds it"
jump() { python3 -c 'import struct,sys; f=open(sys.argv[1],"r+b"); f.write(struct.pack("=q",int(sys.argv[2])))' "$W/shift" "$1"; }
head -c 8 /dev/zero >"$W/shift"
lab_init
lab_start
agent_config </dev/null
agent_spawn() {
	env LD_PRELOAD="$SHIM" CLOCK_SHIFT="$W/shift" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		"$B/bin/midd" --config "$W/demo/midd.yaml" >>"$W/demo/midd.log" 2>&1 &
	echo $! >"$W/demo/midd.pid"
}
agent_start
healthy() { ctl status >/dev/null; }
says() { ctl status --json >"$W/status" || true; jq -r ".problems[] | .what, .why" "$W/status" | grep -qE "$1"; }
wait_for 20 healthy
YEARS=$((10 * 365 * 86400 + 3))
n=0
first=$(job Echo text=first)
wait_for 20 all_answered $((n += 1)) Echo

for to in $YEARS -$YEARS; do
	jump 0
	wait_for 20 healthy
	job Echo --count 10 text=running delay_ms=700 >/dev/null
	n=$((n + 10))
	running() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 1 ]; }
	wait_for 20 running
	jump "$to"
	wait_for 5 says "the clock is 10 years $([ "$to" -gt 0 ] && echo "ahead of" || echo behind) the instance's"
	equal "$(ctl status >/dev/null; echo $?)" 5
	# On the connections there are, work goes on; what was done stays done.
	wait_for 30 all_answered $n Echo
	each_once Echo $n
	before=$(grep -c "job $first came again" "$W/demo/midd.log" || true)
	curl -sS -o /dev/null --cacert "$W/lab/ca.pem" --cert "$W/lab/agents/admin.pem" --key "$W/lab/agents/admin.key" \
		-X PATCH -H "Content-Type: application/json" --data '{"state":"ready"}' "$LAB_URL/api/now/table/ecc_queue/$first"
	again() { [ "$(grep -c "job $first came again" "$W/demo/midd.log")" -gt "$before" ]; }
	wait_for 20 again
	equal "$(answers "$first")" 1 "answers to a job that came again after the jump"
	# A new connection meets certificates that are not of this time.
	lab_kill
	lab_start
	job Echo --count 5 text=later >/dev/null
	n=$((n + 5))
	wait_for 5 says "expired|not valid yet"
	wait_for 5 says "clock"
	equal "$(ctl status >/dev/null; echo $?)" 1
	jump 0
	wait_for 5 healthy
	wait_for 30 all_answered $n Echo
	each_once Echo $n
done
agent_stop
pass
