# SPDX-License-Identifier: Apache-2.0
# Through a real squid with a login, and a real SOCKS5 server. A wrong password,
# a proxy that refuses and one that is down have a sentence each; the password
# is in no log, and the environment is not looked at.
. "$(dirname "$0")/lib.sh"
command -v squid >/dev/null && command -v microsocks >/dev/null || skip_all "squid or microsocks is not installed"
lab_init
lab_start --log
export https_proxy=http://127.0.0.1:1 no_proxy=nowhere.example.com
mkdir "$W/squid"
chmod 777 "$W" "$W/squid"
printf 'mid:%s\n' "$(openssl passwd -apr1 geheim77)" >"$W/squid/users"
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
PROXY=$(port)
squid_start() {
	cat >"$W/squid/squid.conf" <<-S
		http_port 127.0.0.1:$PROXY
		pid_filename none
		cache deny all
		cache_log $W/squid/cache.txt
		access_log stdio:$W/squid/access.txt
		coredump_dir $W/squid
		auth_param basic program /usr/lib/squid/basic_ncsa_auth $W/squid/users
		acl known proxy_auth REQUIRED
		$1
		http_access allow known
		http_access deny all
		shutdown_lifetime 0 seconds
	S
	squid -N -f "$W/squid/squid.conf" >"$W/squid.log" 2>&1 &
	echo $! >"$W/squid.pid"
	wait_for 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$PROXY"
}
squid_stop() { kill -KILL "$(cat "$W/squid.pid")"; wait "$(cat "$W/squid.pid")" 2>/dev/null || true; rm -f "$W/squid.pid"; }
by() {
	printf '%s\n' "$2" >"$W/password"
	chmod 600 "$W/password"
	agent_config <<-Y
		instance:
		  proxy: $1
		  proxy_user: mid
		  proxy_password_file: $W/password
		  ${3:-}
	Y
	agent_start
}
healthy() { ctl status >/dev/null; }
says() { case $(ctl status --json | jq -r .instance.trouble) in *"$1"*) ;; *) false ;; esac; }

squid_start "# all may pass"
PUSH=true by "http://127.0.0.1:$PROXY" geheim77
wait_for 20 healthy
lab job --agent demo --wait 20 Echo text=squid >/dev/null
has "$(ctl status)" "push      up"
agent_stop
wait_for 10 grep -q "CONNECT localhost:$LAB_PORT mid" "$W/squid/access.txt"	# written when the tunnel ends
by "http://127.0.0.1:$PROXY" wrong-geheim
wait_for 20 says "does not take our login"
agent_stop

# Enrolled through it. What midd would refuse is refused before anything is asked; a user's quote does no harm to what is written.
E=$W/oslo
mkdir "$E"
enroll() { timeout 60 "$B/bin/midctl" enroll --config "$E/midd.yaml" "$@"; }
printf "o'brien:%s\n" "$(openssl passwd -apr1 geheim77)" >>"$W/squid/users"
printf 'geheim77\n' >"$W/password"
to=("$LAB_URL" oslo --ca "$W/lab/ca.pem")
while IFS='|' read -r says options; do
	read -ra words <<<"$options"
	status=0
	enroll "${to[@]}" "${words[@]}" >"$W/said" 2>&1 </dev/null || status=$?
	equal "$status" 2 "$options: $(cat "$W/said")"
	has "$(cat "$W/said")" "$says"
done <<O
write http://HOST:PORT|--proxy 127.0.0.1:$PROXY
a login does not go into the URL|--proxy http://mid:geheim77@127.0.0.1:$PROXY
which proxy?|--proxy-user mid
go together|--proxy http://127.0.0.1:$PROXY --proxy-user mid
needs --proxy-user|--proxy http://127.0.0.1:$PROXY --proxy-login ntlm
is for --proxy-login negotiate|--proxy http://127.0.0.1:$PROXY --proxy-keytab $W/password
O
equal "$(find "$E" -type f)" ""
through=(--proxy "http://127.0.0.1:$PROXY" --proxy-user "o'brien" --proxy-password-file "$W/password")

# By hand: the second half goes the way that was said in the first.
lab fault any:404 >/dev/null
status=0
enroll "${to[@]}" "${through[@]}" >"$W/said" 2>&1 </dev/null || status=$?
equal "$status" 5 "$(cat "$W/said")"
has "$(cat "$W/said")" "midctl enroll --import CERTIFICATE.pem --config $E/midd.yaml"
openssl x509 -req -in "$(echo "$E"/certs/*.csr)" -CA "$W/lab/ca.pem" -CAkey "$W/lab/ca.key" -days 9 -out "$W/oslo.pem" 2>/dev/null
visits() { grep -c "CONNECT localhost:$LAB_PORT o'brien" "$W/squid/access.txt" || true; }
once() { [ "$(visits)" -ge 1 ]; }
wait_for 10 once
before=$(visits)
if (cd / && enroll --import "$W/oslo.pem") >"$W/said" 2>&1; then die "it is mapped to nobody"; fi
has "$(cat "$W/said")" "the instance does not know the new certificate"
more() { [ "$(visits)" -gt "$before" ]; }
wait_for 10 more

# With an endpoint: midd runs with what was written.
enroll_token "$W/t"
enroll_begin enroll "${to[@]}" "${through[@]}" <"$W/t"
enroll_approve
equal "$("$B/bin/midd" --config "$E/midd.yaml" --show-config --json | jq -r '.[] | select(.option == "instance.proxy_user").value')" "o'brien"
"$B/bin/midd" --config "$E/midd.yaml" --check-config
squid_stop

squid_start "http_access deny CONNECT"
by "http://127.0.0.1:$PROXY" geheim77
wait_for 20 says "refuses to connect to localhost"
squid_stop
wait_for 20 says "no connection to the proxy http://127.0.0.1:$PROXY"
agent_stop

# no_proxy: not asked at all.
by "http://127.0.0.1:$PROXY" geheim77 "no_proxy: example.com, localhost"
wait_for 20 healthy
agent_stop

SOCKS=$(port)
microsocks -i 127.0.0.1 -p "$SOCKS" -u mid -P geheim77 >"$W/socks.log" 2>&1 &
echo $! >"$W/socks.pid"
wait_for 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$SOCKS"
by "socks5://127.0.0.1:$SOCKS" geheim77
wait_for 20 healthy
lab job --agent demo --wait 20 Echo text=socks >/dev/null
agent_stop
grep -q "localhost" "$W/socks.log" || die "the name was not looked up by the proxy"
by "socks5://127.0.0.1:$SOCKS" wrong-geheim
wait_for 20 says "does not take our login"
agent_stop

# The environment, when asked to.
printf 'instance: { proxy_env: true }\n' | agent_config
agent_start
wait_for 20 says "no connection"
agent_stop
! grep -r geheim "$W/demo/midd.log" || die "a password is in the log"
pass
