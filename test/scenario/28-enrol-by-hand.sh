# SPDX-License-Identifier: Apache-2.0
# An instance that gives no certificates itself: people carry the request to the CA and bring the certificate back.
# Each wrong one has its sentence and harms nothing; the right one logs in, and midd runs with what was written.
. "$(dirname "$0")/lib.sh"
lab_init --agent demo --agent oslo
lab_start
E=$W/oslo
mkdir -p "$E"
enroll() { timeout 60 "$B/bin/midctl" enroll --config "$E/midd.yaml" "$@"; }
says() { # NEEDLE COMMAND...
	local n=$1
	shift
	if "$@" >"$W/said" 2>&1 </dev/null; then die "it went on: $*"; fi
	has "$(cat "$W/said")" "$n"
	[ ! -e "$E/midd.d/10-enroll.yaml" ] || die "it is configured after: $n"
}
says "no request is pending here: begin with midctl enroll https://" enroll --import "$W/lab/agents/oslo.pem"

says "systemd-creds, which --sealed needs, is not on this machine" \
	env PATH=/nowhere "$B/bin/midctl" enroll --config "$E/midd.yaml" "$LAB_URL" oslo --ca "$W/lab/ca.pem" --sealed
equal "$(find "$E" -type f)" ""

# The request, and what to do with it.
lab fault any:404 >/dev/null
rc=0
enroll "$LAB_URL" oslo --ca "$W/lab/ca.pem" >"$W/said" 2>&1 </dev/null || rc=$?
equal "$rc" 5
csr=$(echo "$E"/certs/agent-*.csr)
has "$(cat "$W/said")" "give $csr to the CA that the instance trusts"
has "$(cat "$W/said")" "midctl enroll --import CERTIFICATE.pem"
openssl req -in "$csr" -noout -verify -subject 2>&1 | grep "CN = oslo"

# The CA's part: by whom, from when and until when.
by_ca() { # OUT CA KEY FROM UNTIL
	: >"$W/index"
	printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' "$W/index" "$W" >"$W/ca.conf"
	openssl ca -batch -notext -config "$W/ca.conf" -in "$csr" -cert "$2" -keyfile "$3" -startdate "$4" -enddate "$5" -out "$1" 2>"$W/ca.log" ||
		{ cat "$W/ca.log"; false; }
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other -keyout "$W/other.key" -out "$W/other.pem" -days 9 2>/dev/null
ours=("$W/lab/ca.pem" "$W/lab/ca.key")
by_ca "$W/good.pem" "${ours[@]}" 20200101000000Z 20400101000000Z
by_ca "$W/old.pem" "${ours[@]}" 20200101000000Z 20210101000000Z
by_ca "$W/early.pem" "${ours[@]}" 20390101000000Z 20400101000000Z
by_ca "$W/foreign.pem" "$W/other.pem" "$W/other.key" 20200101000000Z 20400101000000Z

says "none.pem: No such file" enroll --import "$W/none.pem"
says "there is no certificate in PEM form" enroll --import "$csr"
says "the certificate is for another key than $E/credentials/agent-" enroll --import "$W/lab/agents/oslo.pem"
says "the certificate has expired already" enroll --import "$W/old.pem"
says "the certificate is not valid yet" enroll --import "$W/early.pem"
says "none.pem: No such file" enroll --import "$W/good.pem" --seal "$W/none.pem"
says "the instance does not know the new certificate: have it mapped to a user with the role mid_server there" enroll --import "$W/good.pem"

# A server that takes those of its own CA only, in the instance's place.
lab_stop
timeout 60 openssl s_server -www -accept "127.0.0.1:$LAB_PORT" -cert "$W/lab/server.pem" -key "$W/lab/server.key" -Verify 1 -verify_return_error \
	-CAfile "$W/lab/ca.pem" >"$W/s_server.log" 2>&1 </dev/null &
echo $! >"$W/s_server.pid"
wait_for 10 grep -q ACCEPT "$W/s_server.log"
says "does not know the CA that issued our certificate" enroll --import "$W/foreign.pem"
kill "$(cat "$W/s_server.pid")"
wait "$(cat "$W/s_server.pid")" 2>/dev/null || true
rm "$W/s_server.pid"
lab_start

# Mapped to its user: now it is the one.
user=$(lab table sys_user user_name=oslo --fields sys_id --json | jq -r '.[0].sys_id')
jq -n --arg u "$user" --rawfile p "$W/good.pem" --arg s "$(openssl x509 -in "$W/good.pem" -outform DER | sha256sum | cut -d' ' -f1)" \
	'{name: "oslo", user: $u, active: "true", pem_certificate: $p, u_sha256: $s}' >"$W/row.json"
curl -sf --cacert "$W/lab/ca.pem" --cert "$W/lab/agents/admin.pem" --key "$W/lab/agents/admin.key" -H 'Content-Type: application/json' \
	-d "@$W/row.json" "$LAB_URL/api/now/table/sys_user_certificate" >/dev/null
enroll --import "$W/good.pem" --seal "$W/lab/seal.pem" >"$W/said" 2>&1 || die "$(cat "$W/said")"
has "$(cat "$W/said")" "login    good"
has "$(cat "$W/said")" "written  $E/midd.d/10-enroll.yaml"
equal "$(find "$E" -name '*.csr' -o -name 'enroll.pending')" ""
printf 'workers:\n  probes: %s\npaths:\n  state: %s/state\n  control: %s/control\n' "$B/probes:$B/test/probes" "$E" "$E" >"$E/midd.d/50-test.yaml"
AGENT=oslo
agent_start
equal "$(run_job Echo text=by-hand)" by-hand
equal "$(ctl config show --config "$E/midd.yaml" --json | jq -r '.[] | select(.option == "seal.mode").value')" required
agent_stop
pass
