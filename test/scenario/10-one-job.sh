# SPDX-License-Identifier: Apache-2.0
# A job on the instance: the agent runs it, the sealed answer comes back, once.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start

id=$(job Echo text=hello)
processed() { [ "$(job_state "$id")" = processed ]; }
wait_for 20 processed
equal "$(answers "$id")" 1
has "$(lab table ecc_queue "response_to=$id" --fields payload --json)" "<sealed>"
equal "$(run_job Echo text=again)" again

# The row opens with the instance's key and the openssl program, as doc/operating.md tells.
lab table ecc_queue "response_to=$id" --fields payload --json | jq -r '.[0].payload' |
	sed 's/.*<sealed>\(.*\)<\/sealed>.*/\1/' | base64 -d >"$W/row.der"
(
	cp "$W/lab/seal.pem" "$W/lab/seal.key" "$W"
	cd "$W"
	at=$(openssl asn1parse -inform DER -in row.der | grep -A 1 -m 1 'd=7.*id-smime-ct-authEnvelopedData' | tail -n 1 | cut -d: -f1)
	tail -c "+$((at + 1))" row.der >key.der
	openssl cms -decrypt -inform DER -in key.der -recip seal.pem -inkey seal.key -binary -out key
	openssl cms -decrypt -inform DER -in row.der -secretkey "$(od -An -v -tx1 key | tr -d ' \n')" -binary |
		openssl cms -verify -inform DER -CAfile lab/ca.pem -purpose any >opened 2>/dev/null
)
has "$(cat "$W/opened")" hello

# The operator sees the same.
ctl status >"$W/status.txt"
has "$(cat "$W/status.txt")" healthy
equal "$(ctl job show "$id" --json | jq -r .stage)" done
agent_stop
pass
