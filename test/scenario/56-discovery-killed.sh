# SPDX-License-Identifier: Apache-2.0
# A discovery whose agent is killed again and again goes on where it was: no host that has told its facts is asked again,
# and the CMDB is what it is without a kill. SEEDS: when it is killed; HOSTS: how many.
: "${SEEDS:=1}" "${HOSTS:=9}"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.sh"
hosts_serve
lab_init
lab_start
conf() { agent_config <<-Y
	policy: { loopback: true }
	discovery: { at_once: 8 }
	Y
}
conf; hosts_agent
id=$(begin)
wait_for 40 ended "$id"
wait_for 30 delivered
hosts_cmdb >"$W/whole"
equal "$(grep -c name "$W/whole")" "$HOSTS" "hosts in the CMDB"
equal "$(logins)" "$HOSTS" "logins without a kill"
agent_stop

# The addresses that are done, as the store has them.
done_in_store() {
	rm -rf "$W/copy"
	cp -r "$W/demo/state" "$W/copy"
	python3 -c 'import sqlite3, sys
for r in sqlite3.connect(sys.argv[1]).execute("SELECT address FROM aim WHERE parent = ? AND state = 6", (sys.argv[2],)): print(r[0])' "$W/copy/midd.db" "$id"
}
for seed in $SEEDS; do
	RANDOM=$seed
	lab_stop; rm -rf "$W/lab" "$W/demo" "$W/keys/logins"
	lab_init; lab_start
	conf; hosts_agent
	id=$(begin)
	finished=0
	for kill in 1 2 3; do
		at=$((finished + RANDOM % (HOSTS / 3) + 1))
		so_many() { ctl discovery "$id" --json | jq -e ".ended or .done >= $at"; }
		wait_for 60 so_many
		agent_kill
		again=$(logins)
		done_in_store | sort >"$W/done.$kill"
		finished=$(wc -l <"$W/done.$kill")
		[ "$finished" -ge 1 ] || die "no host was done when it was killed"
		agent_start
		echo "seed $seed: killed after $again logins, $finished hosts were done"
		echo "$again" >"$W/from.$kill"
	done
	wait_for 40 ended "$id"
	wait_for 30 delivered
	for kill in 1 2 3; do
		tail -n +"$(($(cat "$W/from.$kill") + 1))" "$W/keys/logins" | sort | comm -12 - "$W/done.$kill" >"$W/twice"
		[ ! -s "$W/twice" ] || die "asked again though they were done: $(cat "$W/twice")"
	done
	echo "seed $seed: $(logins) logins in all"
	equal "$(ctl discovery "$id" --json | jq '[.targets[] | select(.state == "done")] | length')" "$HOSTS" "targets done"
	hosts_cmdb | diff "$W/whole" - || die "the CMDB differs"
	agent_stop
done
pass
