# SPDX-License-Identifier: Apache-2.0
# Wrong, missing and expired certificates, in both directions: each is refused with
# its own sentence, and none is a way in.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start

# What midctl status says about the pair it was given.
says() { # NAME NEEDLE...
	local name=$1 n
	shift
	AGENT=$name
	agent_spawn "$name"
	for n in "$@"; do
		said() { { ctl status --json || [ $? = 1 ]; } | jq -r '.problems[] | .what + ": " + .why' >"$W/said"; grep -qE "$n" "$W/said"; }
		wait_for 20 said
		if ctl status >/dev/null; then die "status is content with $name"; fi
		printf '%-10s %s\n' "$name" "$(grep -E "$n" "$W/said")"
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
says expired "our certificate has expired"
pair stranger "$L/agents/stranger.pem" "$L/agents/stranger.key" "$L/ca.pem"
says stranger "refuses our login: .*said 401"
pair wrongca "$L/agents/demo.pem" "$L/agents/demo.key" "$L/agents/demo.pem"
says wrongca "comes from a CA that is not in"
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

# Its certificate is past its time, or before it.
instance_of() { # NAME BEGIN END
	openssl req -new -newkey rsa:2048 -nodes -keyout "$W/$1.key" -subj /CN=localhost -out "$W/$1.csr" 2>/dev/null
	printf '[ca]\ndefault_ca=it\n[it]\ndatabase=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=any\nrand_serial=yes\nx509_extensions=x\n[any]\ncommonName=supplied\n[x]\nsubjectAltName=DNS:localhost\n' \
		"$W/$1.index" "$W" >"$W/$1.cnf"
	: >"$W/$1.index"
	openssl ca -batch -notext -config "$W/$1.cnf" -cert "$L/ca.pem" -keyfile "$L/ca.key" -startdate "$2" -enddate "$3" \
		-in "$W/$1.csr" -out "$W/$1.pem" 2>"$W/$1.log" || die "no certificate: $(cat "$W/$1.log")"
	timeout 60 openssl s_server -www -accept 127.0.0.1:0 -cert "$W/$1.pem" -key "$W/$1.key" >"$W/$1.log" 2>&1 </dev/null &
	echo $! >"$W/$1.pid"
	listens() { port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$W/$1.log") && [ -n "$port" ]; }
	wait_for 10 listens "$1"
	AGENT=$1
	agent_config "$1" </dev/null
	sed -i "s|url: .*|url: https://localhost:$port|; s|agents/$1|agents/demo|" "$W/$1/midd.yaml"
}
instance_of past 20200101000000Z 20200201000000Z
says past "localhost:[0-9]+ has expired"
instance_of future 20900101000000Z 20910101000000Z
says future "is not valid yet"

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
