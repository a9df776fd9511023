# SPDX-License-Identifier: Apache-2.0
# Wrong, missing and expired certificates, in both directions: each is refused with
# its own sentence, and none is a way in.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start

# What the agent says about the pair it was given.
says() { # NAME NEEDLE...
	local name=$1 n
	shift
	AGENT=$name
	agent_spawn "$name"
	for n in "$@"; do
		said() { grep -qiE "$n" "$W/$name/midd.log"; }
		wait_for 20 said
	done
	agent_stop "$name" || true
}
pair() { # NAME CERT KEY CA
	AGENT=$1
	agent_config "$1" </dev/null
	sed -i "s|cert: .*|cert: $2|; s|key: .*|key: $3|; s|ca: .*|ca: $4|" "$W/$1/midd.yaml"
}
L=$W/lab
lab cert expired --expired >/dev/null 2>&1 || "$B/bin/midlab" cert "$L" expired --expired >/dev/null
"$B/bin/midlab" cert "$L" stranger --other-ca >/dev/null

pair expired "$L/agents/expired.pem" "$L/agents/expired.key" "$L/ca.pem"
says expired "expired"
pair stranger "$L/agents/stranger.pem" "$L/agents/stranger.key" "$L/ca.pem"
says stranger "(401|refused|certificate)"
pair wrongca "$L/agents/demo.pem" "$L/agents/demo.key" "$L/agents/demo.pem"
says wrongca "(unknown|issuer|authority|CA)"
pair missing "$L/agents/nobody.pem" "$L/agents/nobody.key" "$L/ca.pem"
agent_spawn missing
wait "$(agent_pid missing)" && die "it ran without a certificate"
rm -f "$W/missing/midd.pid"
has "$(cat "$W/missing/midd.log")" "nobody.pem"
pair mismatch "$L/agents/demo.pem" "$L/agents/admin.key" "$L/ca.pem"
agent_spawn mismatch
wait "$(agent_pid mismatch)" && die "it ran with a key of another certificate"
rm -f "$W/mismatch/midd.pid"

# The other direction: a stranger at the lab.
equal "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$L/ca.pem" "$LAB_URL/api/now/table/ecc_queue")" 401
equal "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$L/ca.pem" --cert "$L/agents/demo.pem" --key "$L/agents/demo.key" "$LAB_URL/api/now/table/sys_user")" 403

# An instance by another name than its certificate says.
AGENT=wrongname
agent_config wrongname </dev/null
sed -i "s|url: .*|url: https://wrong.localhost:$LAB_PORT|; s|agents/wrongname|agents/demo|" "$W/wrongname/midd.yaml"
says wrongname "is for another name"

# One that speaks nothing newer than TLS 1.1, with the lab's own name and certificate.
timeout 60 openssl s_server -www -accept 127.0.0.1:0 -cert "$L/server.pem" -key "$L/server.key" -tls1_1 \
	-cipher 'ALL:@SECLEVEL=0' >"$W/old.log" 2>&1 </dev/null &
old_pid=$!
old_listens() { old_port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$W/old.log") && [ -n "$old_port" ]; }
wait_for 10 old_listens
AGENT=old
agent_config old </dev/null
sed -i "s|url: .*|url: https://localhost:$old_port|; s|agents/old|agents/demo|" "$W/old/midd.yaml"
says old "does not speak TLS 1.2 or newer"
kill "$old_pid"
equal "$(lab table ecc_agent "name=wrongname" --json | jq length)" 0
equal "$(lab table ecc_agent "name=expired" --json | jq length)" 0
pass
