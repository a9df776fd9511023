# SPDX-License-Identifier: Apache-2.0
# nginx in front of the lab as the instance's TLS: each version, a CA it asks for, a revocation
# list, stapled OCSP; good ones work, and each refusal has its own sentence.
. "$(dirname "$0")/lib.sh"
command -v nginx >/dev/null || skip_all "needs nginx (apt-get install nginx-light)"
lab_init
L=$W/lab
lab_start
AGENT=demo

# A CA's records, for lists and OCSP.
printf '[ca]\ndefault_ca=it\n[it]\ndatabase=%s\ncrlnumber=%s\ndefault_md=sha256\ndefault_crl_days=7\n' "$W/index" "$W/crlnumber" >"$W/ca.cnf"
: >"$W/index"
echo 01 >"$W/crlnumber"
crl() { openssl ca -config "$W/ca.cnf" -cert "$L/ca.pem" -keyfile "$L/ca.key" -gencrl "${@:2}" -out "$1" 2>/dev/null; }
crl "$W/good.crl"
serial=$(openssl x509 -in "$L/server.pem" -noout -serial | cut -d= -f2)
staple() { # FILE: what the CA says of the server's certificate at the moment, for seven days
	openssl ocsp -index "$W/index" -CA "$L/ca.pem" -rsigner "$L/ca.pem" -rkey "$L/ca.key" -issuer "$L/ca.pem" \
		-cert "$L/server.pem" -ndays 7 -respout "$1" >/dev/null 2>&1
}
printf 'V\t991231235959Z\t\t%s\tunknown\t/CN=localhost\n' "$serial" >"$W/index"
staple "$W/good.ocsp"
printf 'R\t991231235959Z\t200101000000Z\t%s\tunknown\t/CN=localhost\n' "$serial" >"$W/index"
staple "$W/revoked.ocsp"
crl "$W/revoked.crl"
: >"$W/index"
crl "$W/old.crl" -crl_lastupdate 20200101000000Z -crl_nextupdate 20200108000000Z
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$W/other.key" -subj /CN=other -out "$W/other.pem" -days 5 2>/dev/null
openssl ca -config "$W/ca.cnf" -cert "$W/other.pem" -keyfile "$W/other.key" -gencrl -out "$W/other.crl" 2>/dev/null

# front NAME DIRECTIVES...: nginx as $URL; mutual TLS ends there, so it logs in to the lab as the agent.
front() {
	shift				# the name is for the reader
	PORT=$((20000 + RANDOM % 12000))	# below those that the system gives away
	nginx_start <<-N
		server {
		  listen 127.0.0.1:$PORT ssl;
		  ssl_certificate $L/server.pem;
		  ssl_certificate_key $L/server.key;
		  $(printf '%s;\n' "$@")
		  location / {
		    proxy_pass https://127.0.0.1:$LAB_PORT;
		    proxy_ssl_certificate $L/agents/demo.pem;
		    proxy_ssl_certificate_key $L/agents/demo.key;
		  }
		}
	N
}
# row NAME NEEDLE "instance options": what status says; NEEDLE "" is a good one.
row() {
	local name=$1 needle=$2 more=${3:-}
	AGENT=$name
	rm -rf "${W:?}/$name"
	{ printf 'instance:\n  url: https://localhost:%s\n  cert: %s\n  key: %s\n' "$PORT" "${CERT:-$L/agents/demo.pem}" "${KEY:-$L/agents/demo.key}"
	  printf '%b' "$more"; } | agent_config "$name"
	agent_spawn "$name"
	said() { { ctl status --json || [ $? = 1 ] || [ $? = 5 ]; } >"$W/said" && if [ -z "$needle" ]; then jq -e .instance.connected "$W/said"
		else jq -r '.problems[] | .why' "$W/said" | grep -qE "$needle"; fi; }
	wait_for 20 said
	printf '%-14s %s\n' "$name" "$(jq -r 'if .instance.connected then "good, " + .instance.tls else .instance.trouble end' "$W/said")"
	agent_stop "$name" || true
}

front versions "ssl_protocols TLSv1.3"
row tls13 ""
equal "$(jq -r .instance.tls "$W/said")" TLSv1.3
front versions "ssl_protocols TLSv1.2"
row tls12 ""
equal "$(jq -r .instance.tls "$W/said")" TLSv1.2
for old in TLSv1 TLSv1.1; do
	front versions "ssl_protocols $old" "ssl_ciphers ALL:@SECLEVEL=0"
	row "${old/./}" "does not speak TLS 1.2 or newer"
done

front lists "ssl_protocols TLSv1.2 TLSv1.3"
row crl-good "" "  crl: $W/good.crl\n"
row crl-revoked "has been revoked: its operator must replace it" "  crl: $W/revoked.crl\n"
row crl-old "is out of date: fetch the new one" "  crl: $W/old.crl\n"
row crl-other "holds no revocation list of the CA" "  crl: $W/other.crl\n"
row no-staple "staples no OCSP response" "  ocsp: required\n"
front staple "ssl_stapling on" "ssl_stapling_file $W/good.ocsp"
row staple-good "" "  ocsp: required\n"
front staple "ssl_stapling on" "ssl_stapling_file $W/revoked.ocsp"
row staple-revoked "has been revoked, says OCSP" "  ocsp: required\n"
row staple-unasked ""

# It asks for certificates of another CA: nginx finishes the handshake and says so by HTTP.
front clients "ssl_verify_client on" "ssl_client_certificate $W/other.pem"
row client-ca "said 400"
pass
