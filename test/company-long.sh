# SPDX-License-Identifier: Apache-2.0
# make company: the company of test/peers/company.sh, tarpit and all, discovered again and again by an agent and a lab that
# know nothing yet, while midd is killed at random points (SEEDS: which; KILLS: how often), and once more while the lab misbehaves
# too. The CMDB is the same each time, line by line; and after that nothing has changed.
: "${SEEDS:=1 2 3}" "${KILLS:=5}"
. "$(dirname "$0")/scenario/lib.sh"
. "$(dirname "$0")/scenario/company.sh"
COMPANY_CONFIG="discovery: { target_deadline: 10s }"
company_up "$W/company"

# While discovery $2 is under way midd is killed: a random point, not a synchronisation.
kills() { # SEED ID
	local n=0 ms
	RANDOM=$1
	while [ $n -lt "$KILLS" ] && ! ended "$2"; do
		ms=$((RANDOM % 3000))
		sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
		agent_kill
		agent_start
		n=$((n + 1))
	done
	echo "seed $1: killed $n times"
	[ $n -gt 0 ] || die "it was over before it could be killed"
}
forget() { agent_stop; lab_stop; rm -rf "$W/lab" "$W/demo"; }

for seed in $SEEDS; do
	company_begins
	id=$(discover)
	kills "$seed" "$id"
	wait_for 240 ended "$id"
	is_expected "killed, seed $seed"
	equal "$(answers "$id")" 1 "answers"
	has "$(ctl discovery "$id" --json | jq -r '.targets[] | select(.address == "10.88.3.50") | .why')" "not done within 10 s"
	forget
done

# Network by network, by three discoveries: what relates them to each other is there all the same.
company_begins
for net in 1 2 3; do
	id=$(job Discover ranges="10.88.$net.0/26" per_network=1000 rate=0)
	wait_for 240 ended "$id"
done
is_expected "network by network"
forget

# Each of these goes wrong for some requests, one after the other.
faults="poll:cut=50:1 claim:did:1 claim:429=1:1 ire:429=1:3 ire:503=1:3 ire:did:3 ire:cut=20:3 ire:reset:3 ire:502:3
	insert:did:1 insert:429=1:1 insert:503=1:1 insert:cut=10:1 insert:reset:1 agent:503=1:1 poll:503=1:2 any:reset:3"
company_begins
lab fault $faults >/dev/null
from=$(log_now)
id=$(discover)
kills 4 "$id"
wait_for 240 ended "$id"
equal "$(lab fault --list --json | jq -r '.[] | select(.spec | startswith("ire:")) | select(.done != "3") | .spec')" "" "faults that did not happen"
is_expected "killed, with faults"
equal "$(answers "$id")" 1 "answers"
lab fault --clear >/dev/null
company_again "$(sent_bytes "$from")"
agent_stop
pass
