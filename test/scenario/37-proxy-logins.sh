# SPDX-License-Identifier: Apache-2.0
# Through a real squid that wants NTLM, and one that wants Kerberos tickets (Negotiate) of a real KDC. Who is not
# allowed, has no ticket, or a keytab that is out of date, is told so, and what to do; no password is in the log; a
# silent KDC holds up nothing.
. "$(dirname "$0")/lib.sh"
H=/usr/lib/squid
command -v squid >/dev/null && [ -x $H/ntlm_fake_auth ] && [ -x $H/negotiate_kerberos_auth ] ||
	skip_all "squid and its helpers for NTLM and Kerberos are not installed (make deps)"
command -v krb5kdc >/dev/null && command -v kadmin.local >/dev/null && command -v kinit >/dev/null ||
	skip_all "Kerberos: krb5-kdc, krb5-admin-server or krb5-user is not installed (make deps)"
lab_init
lab_start
mkdir "$W/squid" "$W/kdc"
chmod 777 "$W" "$W/squid"
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
PROXY=$(port)
squid_start() { # LINES
	cat >"$W/squid/squid.conf" <<-S
		http_port 127.0.0.1:$PROXY
		pid_filename none
		cache deny all
		cache_log $W/squid/cache.txt
		access_log stdio:$W/squid/access.txt
		coredump_dir $W/squid
		$1
		http_access allow known
		http_access deny all
		shutdown_lifetime 0 seconds
	S
	TMPDIR=$W/squid squid -N -f "$W/squid/squid.conf" >"$W/squid.log" 2>&1 &
	echo $! >"$W/squid.pid"
	wait_for 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$PROXY"
}
squid_stop() { kill -KILL "$(cat "$W/squid.pid")"; wait "$(cat "$W/squid.pid")" 2>/dev/null || true; rm -f "$W/squid.pid"; }
# by LOGIN USER [YAML]
by() {
	printf 'geheim77\n' >"$W/password"
	chmod 600 "$W/password"
	{
		printf 'instance:\n  proxy: http://localhost:%s\n  proxy_login: %s\n' "$PROXY" "$1"
		[ -z "$2" ] || printf '  proxy_user: %s\n  proxy_password_file: %s\n' "$2" "$W/password"
		[ -z "${3:-}" ] || printf '  %s\n' "$3"
	} | agent_config
	agent_start
}
healthy() { ctl status >/dev/null; }
says() { case $(ctl status --json | jq -r .instance.trouble) in *"$1"*) ;; *) false ;; esac; }
passed() { # USER
	wait_for 20 healthy
	equal "$(run_job Echo text=through)" through
	agent_stop
	wait_for 10 grep -qi "CONNECT localhost:$LAB_PORT $1" "$W/squid/access.txt"	# written when the tunnel ends
}

# enrols NAME OPTION...: a host that reaches the instance by the proxy alone, from the first look on.
CA=$(openssl x509 -in "$W/lab/ca.pem" -outform DER | sha256sum | cut -d' ' -f1)
enrols() {
	local name=$1
	shift
	mkdir -p "$W/$name"
	enroll_token "$W/t" --agent "$name"
	enroll_begin timeout 60 "$B/bin/midctl" enroll --config "$W/$name/midd.yaml" "$LAB_URL" "$name" --fingerprint "$CA" --token-file "$W/t" \
		--proxy "http://localhost:$PROXY" "$@"
	enroll_approve
	"$B/bin/midd" --config "$W/$name/midd.yaml" --check-config
}

# --- NTLM: this helper reads a letter too many of each name, and takes every password.
squid_start "auth_param ntlm program $H/ntlm_fake_auth
	auth_param ntlm children 2
	acl known proxy_auth_regex -i ^berlin.?.mid.?$"
by ntlm 'BERLIN\mid'
passed 'berlin.*mid'
enrols bonn --proxy-login ntlm --proxy-user 'BERLIN\mid' --proxy-password-file "$W/password"
by ntlm 'BERLIN\other'
wait_for 20 says "refuses to connect to localhost:$LAB_PORT: have it allowed there for our user"
agent_stop
squid_stop
printf '#!/bin/sh\n%s | sed -u "s/^AF .*/NA Logon failure/"\n' "$H/ntlm_fake_auth" >"$W/squid/refuses"
chmod 755 "$W/squid/refuses"
squid_start "auth_param ntlm program $W/squid/refuses
	auth_param ntlm children 2
	acl known proxy_auth REQUIRED"
by ntlm 'BERLIN\mid'
wait_for 20 says "does not take our login: check instance.proxy_user, its password and instance.proxy_login"
agent_stop
squid_stop

# --- Kerberos: a realm of our own
K=$W/kdc
KDC=$(port)
export KRB5_CONFIG=$K/krb5.conf KRB5_KDC_PROFILE=$K/kdc.conf
cat >"$K/krb5.conf" <<E
[libdefaults]
	default_realm = MIDD.TEST
	dns_lookup_kdc = false
	dns_lookup_realm = false
	dns_canonicalize_hostname = false
	rdns = false
[realms]
	MIDD.TEST = {
		kdc = 127.0.0.1:$KDC
	}
[domain_realm]
	localhost = MIDD.TEST
[logging]
	kdc = FILE:$W/kdc.log
E
cat >"$K/kdc.conf" <<E
[kdcdefaults]
	kdc_listen = 127.0.0.1:$KDC
	kdc_tcp_listen = 127.0.0.1:$KDC
[realms]
	MIDD.TEST = {
		database_name = $K/principal
		key_stash_file = $K/stash
		acl_file = $K/acl
	}
E
{
	kdb5_util create -r MIDD.TEST -s -P master
	kadmin.local -q "addprinc -randkey HTTP/localhost"
	kadmin.local -q "addprinc -randkey mid"
	kadmin.local -q "ktadd -k $K/squid.keytab HTTP/localhost"
	kadmin.local -q "ktadd -k $K/old.keytab mid"
	kadmin.local -q "ktadd -k $K/mid.keytab mid"
} >"$W/kadmin.log" 2>&1
chmod 644 "$K/squid.keytab" "$K/krb5.conf"
kdc_start() {
	krb5kdc -n >"$W/krb5kdc.log" 2>&1 &
	echo $! >"$W/kdc.pid"
	wait_for 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$KDC"
}
kdc_start
squid_start "auth_param negotiate program $H/negotiate_kerberos_auth -k $K/squid.keytab -s HTTP/localhost@MIDD.TEST
	auth_param negotiate children 2
	acl known proxy_auth mid@MIDD.TEST"
by negotiate '' "proxy_keytab: $K/mid.keytab"
passed 'mid@MIDD.TEST'
enrols berlin --proxy-login negotiate --proxy-keytab "$K/mid.keytab"
grep "proxy_keytab: \"$K/mid.keytab\"" "$W/berlin/midd.d/10-enroll.yaml"
by negotiate '' "proxy_keytab: $K/old.keytab"
wait_for 20 says "wants a Kerberos ticket and we have none"
wait_for 20 says "name a good keytab with instance.proxy_keytab, or get a ticket with kinit as midd's user"
agent_stop

# Without a keytab the tickets of midd's user count: first there are none, then somebody gets one.
export KRB5CCNAME=FILE:$K/tickets
by negotiate ''
wait_for 20 says "wants a Kerberos ticket and we have none"
kinit -k -t "$K/mid.keytab" mid
passed 'mid@MIDD.TEST'

# The proxy's own keytab is out of date.
kadmin.local -q "ktadd -k $K/new.keytab HTTP/localhost" >>"$W/kadmin.log" 2>&1
by negotiate '' "proxy_keytab: $K/mid.keytab"
wait_for 20 says "does not take our Kerberos ticket: compare the clocks, and have its operator look"
agent_stop

# A KDC that says nothing holds up nobody: not who asks midd, not its end.
python3 - "$W/silent" <<-'P' &
	import socket, sys, signal, os
	t = socket.socket(); t.bind(("127.0.0.1", 0)); t.listen(9)
	u = socket.socket(type=socket.SOCK_DGRAM); u.bind(t.getsockname())
	open(sys.argv[1] + ".part", "w").write(str(t.getsockname()[1])); os.rename(sys.argv[1] + ".part", sys.argv[1])
	signal.pause()
P
echo $! >"$W/mute.pid"
wait_for 10 test -s "$W/silent"
sed "s/kdc = 127.0.0.1:.*/kdc = 127.0.0.1:$(cat "$W/silent")/" "$K/krb5.conf" >"$K/silent.conf"
export KRB5_CONFIG=$K/silent.conf
by negotiate '' "proxy_keytab: $K/mid.keytab"
asks() { ss -Htuan | grep -q "127.0.0.1:$(cat "$W/silent") *$"; }
wait_for 10 asks
for _ in 1 2 3; do timeout 5 "$B/bin/midctl" --control "$W/demo/control" version >/dev/null || die "midd does not answer"; done
asks
agent_stop

! grep -r geheim "$W/demo/midd.log" || die "a password is in the log"
pass
