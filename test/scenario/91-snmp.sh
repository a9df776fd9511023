# SPDX-License-Identifier: Apache-2.0
# SNMP: a real snmpd answers walks, tables and single values with each version and each
# pair of algorithms that it has; wrong credentials and what isn't there are told apart.
. "$(dirname "$0")/lib.sh"
SNMPD=$(command -v snmpd || echo /usr/sbin/snmpd)
[ -x "$SNMPD" ] || skip_all "there is no snmpd (apt-get install snmpd snmp)"
PORT=$((20000 + ($$ + 1700) % 12000))
cat >"$W/snmpd.conf" <<Y
agentaddress udp:127.0.0.9:$PORT
rocommunity open-sesame
com2sec -Cx old default old-sesame
group oldgroup v1 old
view all included .1
access oldgroup x any noauth exact all none none
sysLocation cellar <1> & "two"
sysName switch.example
syscontact nobody
createUser plain
createUser md5des MD5 auth-phrase-1 DES priv-phrase-1
createUser shades SHA auth-phrase-1 DES priv-phrase-1
createUser shaaes SHA auth-phrase-1 AES priv-phrase-1
createUser s224aes SHA-224 auth-phrase-1 AES priv-phrase-1
createUser s256aes SHA-256 auth-phrase-1 AES priv-phrase-1
createUser s384 SHA-384 auth-phrase-1
createUser s512aes SHA-512 auth-phrase-1 AES priv-phrase-1
rouser plain noauth
rouser md5des priv
rouser shades priv
rouser shaaes priv
rouser s224aes priv
rouser s256aes priv
rouser s384 auth
rouser s512aes priv
Y
snmpd_start() {
	SNMP_PERSISTENT_DIR=$W/persist "$SNMPD" -f -C -c "$W/snmpd.conf" -Lf "$W/snmpd.log" -I -smux >/dev/null 2>&1 &
	echo $! >"$W/snmpd.pid"
	wait_for 10 snmpget -v2c -c open-sesame -r 0 -t 1 127.0.0.9:$PORT 1.3.6.1.2.1.1.1.0
}
snmpd_stop() { kill "$(cat "$W/snmpd.pid")"; wait "$(cat "$W/snmpd.pid")" 2>/dev/null || true; rm -f "$W/snmpd.pid"; }
mkdir -p "$W/persist"
snmpd_start
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
Y
agent_start
ask() { ctl run SNMP --source 127.0.0.9 port=$PORT timeout=400 retries=1 "$@"; }
no_creds() { # forgets all that is there, and waits
	local id
	for id in $(ctl creds list --json | jq -r '.[].id'); do ctl creds remove "$id" >/dev/null; done
	until_creds 0
}
until_creds() { wait_for 10 bash -c "[ \"\$('$B/bin/midctl' --control '$W/$AGENT/control' creds list --json | jq length)\" = $1 ]"; }

if ask oid_spec_list="walk system" >"$W/out" 2>&1; then die "answered without a credential"; fi
has "$(cat "$W/out")" "no credential"

printf 'wrong' | ctl creds add a-wrong --type snmp >/dev/null
until_creds 1
if ask oid_spec_list="walk system" >"$W/out" 2>&1; then die "answered to a wrong community"; fi
has "$(cat "$W/out")" "no SNMP agent answers"
printf 'open-sesame' | ctl creds add b-right --type snmp >/dev/null
until_creds 2
ask oid_spec_list="walk system
table ifTable ifDescr,ifType,ifPhysAddress  // all of them
table 1.3.6.1.2.1.2.2 ifIndex,ifDescr(=lo)
get sysName.0,1.3.6.1.2.1.1.3.0" >"$W/out"
cat "$W/out"
agent_stop
pass
