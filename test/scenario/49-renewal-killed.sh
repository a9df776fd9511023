# SPDX-License-Identifier: Apache-2.0
# kill -9 of midd at each second step (EACH=1: each; a sanitised build: each fourth) of a renewal with a new key: it comes up with a certificate that
# works, goes on, and ends with one pair in force; nothing half-written counts, and what was sealed on the way opens.
. "$(dirname "$0")/lib.sh"
SHIM=$B/test/crash/kill_at.so
[ -f "$SHIM" ] || die "$SHIM is not there: make scenario builds it"
lab_init
"$B/bin/midlab" cert "$W/lab" demo --seconds 86000 >/dev/null
lab_start --enroll-days 1
S=$W/demo/state
cp "$W/lab/agents/demo.pem" "$W/first.pem"
# Each start renews.
printf 'instance: { cert: "%s" }\ncert: { renew_before: 2d }\n' "$W/first.pem" | agent_config
serial() { openssl x509 -in "$S/renewed.pem" -noout -serial 2>/dev/null || true; }
# What has a name of the pair's is a pair: the key belongs to the certificate, which is good today.
all_whole() {
	local f
	for f in "$S"/renew*.pem; do
		[ -e "$f" ] || continue
		equal "$(openssl pkey -in "$f" -pubout)" "$(openssl x509 -in "$f" -noout -pubkey)" "$f"
		openssl x509 -in "$f" -noout -checkend 0 >/dev/null || die "$f has ended"
		equal "$(stat -c %a "$f")" 600 "$f"
	done
}
seal_to_us() { printf canary | lab creds add "$1" --agent demo --user alice >/dev/null; }
works() { ctl creds reload >/dev/null && ctl creds test cred; }
another() { [ "$(serial)" != "$was" ] && [ ! -e "$S/renewing.pem" ]; }
go_on() {
	all_whole
	seal_to_us cred
	agent_start
	has "$(run_job Echo text="$1")" "$1"
	wait_for 20 works
	wait_for 20 another
	works || die "what was sealed to the old one does not open"
	all_whole
	agent_stop
}

# While the instance thinks about the request; and when its answer is lost: nothing is on the disk.
was=$(serial)
for fault in stall=30 did; do
	lab fault "renew:$fault" >/dev/null
	agent_start
	asked() { lab fault --list --json | jq -e 'all(.left == "0")'; }
	wait_for 20 asked
	agent_kill
	equal "$(find "$S" -name 'renew*')" "" "$fault"
	lab fault --clear >/dev/null
	[ "$fault" = did ] || continue
	go_on "$fault"
done

# At each step on a file of the renewal's.
spawn_with() {
	env LD_PRELOAD="$SHIM" KILL_AT="$1" KILL_NAME=/renew ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		"$B/bin/midd" --config "$W/demo/midd.yaml" >>"$W/demo/midd.log" 2>&1 &
	echo $! >"$W/demo/midd.pid"
}
gone() { ! kill -0 "$(agent_pid)" 2>/dev/null; }
gone_or_done() { gone || another; }
n=0
: "${EACH:=$([ -z "${SAN:-}" ] && echo 2 || echo 4)}"
while :; do
	n=$((n + EACH))
	was=$(serial)
	spawn_with "$n"
	wait_for 30 gone_or_done
	gone || break
	wait "$(agent_pid)" 2>/dev/null || true
	rm "$W/demo/midd.pid"
	was=$(serial)
	go_on "step-$n"
done
agent_stop
echo "killed at steps up to $n"
[ "$n" -gt 13 ] || die "a renewal has more than $((n - 1)) steps"
pass
