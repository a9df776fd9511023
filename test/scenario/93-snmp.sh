# SPDX-License-Identifier: Apache-2.0
# SNMP: a real snmpd answers walks, tables and single values with each version and each
# pair of algorithms that it has; wrong credentials and what isn't there are told apart.
. "$(dirname "$0")/lib.sh"
SNMPD=$(command -v snmpd || echo /usr/sbin/snmpd)
[ -x "$SNMPD" ] || skip_all "there is no snmpd (apt-get install snmpd snmp)"
PORT=$((20000 + ($$ + 1700) % 12000))
cat >"$W/snmpd.conf" <<Y
agentaddress udp:127.0.0.9:$PORT,udp6:[::1]:$PORT
rocommunity open-sesame
rocommunity6 open-sesame
com2sec oldsec default only-version-1
group oldgroup v1 oldsec
view all included .1
access oldgroup "" v1 noauth exact all none none
com2sec narrowsec default not-what-it-is
group narrowgroup v1 narrowsec
view narrow included .1
view narrow excluded .1.3.6.1.2.1.1.1
access narrowgroup "" v1 noauth exact narrow none none
override .1.3.6.1.4.1.674.10892.1.300.10.1.9.1 octet_str "PowerEdge R999"
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
createUser s224a192 SHA-224 auth-phrase-1 AES192 priv-phrase-1
createUser s256a256 SHA-256 auth-phrase-1 AES256 priv-phrase-1
createUser shaa192c SHA auth-phrase-1 AES192C priv-phrase-1
createUser shaa256c SHA auth-phrase-1 AES256C priv-phrase-1
rouser plain noauth
rouser md5des priv
rouser shades priv
rouser shaaes priv
rouser s224aes priv
rouser s256aes priv
rouser s384 auth
rouser s512aes priv
rouser s224a192 priv
rouser s256a256 priv
rouser shaa192c priv
rouser shaa256c priv
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
# Time that is over before the tries are: it is said how far it was.
if ask oid_spec_list="walk system" --timeout 300ms >"$W/out" 2>&1; then die "answered to a wrong community"; fi
has "$(cat "$W/out")" "127.0.0.9: not done within 0.3 s: no SNMP agent has answered yet: none is there,"
printf 'open-sesame' | ctl creds add b-right --type snmp >/dev/null
until_creds 2
ask oid_spec_list="walk system
table ifTable ifDescr,ifType  // all of them
table 1.3.6.1.2.1.2.2 ifIndex,ifDescr(#no such)(=lo)
get sysName.0,1.3.6.1.2.1.1.3.0" >"$W/out"
has "$(cat "$W/out")" '<snmp source="127.0.0.9" version="2c"><system><sysDescr oid="1.3.6.1.2.1.1.1.0" type="OCTET STRING">'
has "$(cat "$W/out")" 'cellar &lt;1&gt; &amp; &quot;two&quot;</sysLocation>'
has "$(cat "$W/out")" '<ifTable><ifEntry instance="1"><ifDescr>lo</ifDescr><ifType>24</ifType></ifEntry>'
has "$(cat "$W/out")" '<ifTable><ifEntry instance="1"><ifIndex>1</ifIndex><ifDescr>lo</ifDescr></ifEntry></ifTable>'
has "$(cat "$W/out")" '<sysName oid="1.3.6.1.2.1.1.5.0" type="OCTET STRING">switch.example</sysName>'

# All below mib-2, name by name and value by value as net-snmp's own program has it.
# What counts by itself is left out.
steady() { grep -vE '^1\.3\.6\.1\.2\.1\.(1\.(3|9)|2\.2\.1\.(9|1[0-9]|20)|4|5|6|7|11|25|31\.1\.1\.1\.([2-9]|1[0-3]|19)|92|88|55|48)\.' | sort; }
ask oid_spec_list="walk 2.1" | grep -o '<[A-Za-z0-9]* oid="[^"]*" type="[^"]*">[^<]*' |
	sed 's/.*oid="\([^"]*\)" type="[^"]*">/\1 /; s/ *$//' | steady >"$W/ours"
snmpbulkwalk -v2c -c open-sesame -Onqe -Oa -t 2 127.0.0.9:$PORT 1.3.6.1.2.1 | sed 's/^\.//; s/ "\(.*\)"$/ \1/; s/ *$//' | grep '^1' | steady >"$W/theirs"
[ "$(wc -l <"$W/theirs")" -gt 10 ] || die "snmpbulkwalk told nearly nothing"
equal "$(cut -d' ' -f1 "$W/ours" | md5sum)" "$(cut -d' ' -f1 "$W/theirs" | md5sum)" "the names of a walk"
if ask oid_spec_list="walk noSuchThing" >"$W/out" 2>&1; then die "an unknown name was walked"; fi
has "$(cat "$W/out")" "no such name is known"

# Over IPv6.
has "$(ctl run SNMP --source ::1 port=$PORT oid_spec_list="get sysName.0")" '<snmp source="::1" version="2c">'

# As a job of the instance, with the credential that the store has.
has "$(run_job SNMP --source 127.0.0.9 port=$PORT oid_spec_list="get sysName.0")" switch.example

# An agent that speaks version 1 alone, to this community.
no_creds
printf 'only-version-1' | ctl creds add old --type snmp >/dev/null
until_creds 1
has "$(ask oid_spec_list="walk system")" 'version="1"><system><sysDescr'

# Version 3, each pair that snmpd has.
v3() { # NAME USER AUTH PRIV: a credential
	jq -n --arg a "$3" --arg p "$4" '{auth_protocol: $a, auth_key: (if $a == "" then "" else "auth-phrase-1" end),
		priv_protocol: $p, priv_key: (if $p == "" then "" else "priv-phrase-1" end)} | del(.[] | select(. == ""))
		| if . == {} then {context: ""} else . end' | ctl creds add "$1" --type snmpv3 --user "$2" >/dev/null
}
while read -r user auth priv; do
	no_creds
	v3 "$user" "$user" "$auth" "$priv"
	until_creds 1
	has "$(ask oid_spec_list="walk system" 2>&1)" 'version="3"><system><sysDescr'
done <<Y
md5des MD5 DES
shades SHA DES
shaaes SHA AES
s224aes SHA-224 AES128
s256aes SHA-256 AES
s384 SHA-384
s512aes SHA-512 AES
s224a192 SHA-224 AES192
s256a256 SHA-256 AES256
shaa192c SHA AES192C
shaa256c SHA AES256C
Y

# What is wrong with an account is said; the right one is found behind the wrong ones.
no_creds
v3 stranger nobody SHA AES
until_creds 1
if ask oid_spec_list="walk system" >"$W/out" 2>&1; then die "an unknown user was answered"; fi
has "$(cat "$W/out")" "does not know the user"
v3 wrong shaaes SHA-256 AES
v3 z-right s256aes SHA-256 AES
until_creds 3
has "$(ask oid_spec_list="get sysName.0")" switch.example

# The agent is started anew between two jobs, with another engine ID: nothing is to be done here.
snmpd_stop
rm -rf "$W/persist"/*
sed -i 's/open-sesame/open-sesame/' "$W/snmpd.conf"
echo 'engineID another-device-now' >>"$W/snmpd.conf"
snmpd_start
has "$(ask oid_spec_list="get sysName.0")" switch.example

# Another device that was cloned with the same engine ID, and was started more often: neither disturbs the other.
sed 's/,udp6.*//; s/127\.0\.0\.9/127.0.0.10/; s/switch\.example/clone.example/' "$W/snmpd.conf" >"$W/clone.conf"
mkdir -p "$W/persist2"
echo 'engineBoots 77' >"$W/persist2/snmpd.conf"
SNMP_PERSISTENT_DIR=$W/persist2 "$SNMPD" -f -C -c "$W/clone.conf" -Lf "$W/clone.log" -I -smux >/dev/null 2>&1 &
echo $! >"$W/clone.pid"
wait_for 10 snmpget -v2c -c open-sesame -r 0 -t 1 127.0.0.10:$PORT 1.3.6.1.2.1.1.1.0
ctl run SNMP --source 127.0.0.10 port=$PORT oid_spec_list="walk 2.1" >"$W/clone.xml" & clone=$!
ask oid_spec_list="walk 2.1" >"$W/first.xml"
wait $clone
has "$(cat "$W/clone.xml")" 'version="3"'
has "$(cat "$W/clone.xml")" clone.example
has "$(cat "$W/first.xml")" switch.example

# A context of version 3: what stands there is another device's, behind this one.
snmpd_stop
echo "proxy -Cn behind -v2c -c open-sesame 127.0.0.10:$PORT .1.3" >>"$W/snmpd.conf"
snmpd_start
no_creds
jq -n '{auth_protocol: "SHA", auth_key: "auth-phrase-1", priv_protocol: "AES", priv_key: "priv-phrase-1", context: "behind"}' |
	ctl creds add behind --type snmpv3 --user shaaes >/dev/null
until_creds 1
has "$(ask oid_spec_list="get sysName.0")" clone.example

# It is started anew in the middle of a walk: the clock of its engine is learned again, and the walk goes on.
no_creds
v3 shaaes shaaes SHA AES
until_creds 1
has "$(ask oid_spec_list="get sysName.0")" switch.example
: >"$W/snmpd.log"
ask oid_spec_list="walk 2.1" timeout=2000 established_session_timeout=2000 retries=4 request_interval=60 >"$W/anew.xml" & walk=$!
several() { [ "$(grep -c 'Connection from' "$W/snmpd.log")" -ge 8 ]; }
wait_for 20 several
snmpd_stop
snmpd_start
wait $walk
equal "$(grep -o '<ifEntry' "$W/anew.xml" | wc -l)" "$(grep -o '<ifEntry' "$W/first.xml" | wc -l)" "a walk through a restart"
grep -q hrSystem "$W/anew.xml" || grep -q 1.3.6.1.2.1.25 "$W/anew.xml" || die "the walk did not come to its end"

# Facts, and the CIs that come of them.
ctl run SnmpFacts --source 127.0.0.9 port=$PORT --json >"$W/facts.json"
equal "$(jq -c '[.sysName, .class, .os, .snmp_version]' "$W/facts.json")" '["switch.example","server","Linux","3"]'
equal "$(jq -r '.os_version' "$W/facts.json")" "$(uname -r)"
equal "$(jq -c '[.interfaces[] | select(.ifDescr == "lo") | .ifType]' "$W/facts.json")" '[24]'
equal "$(jq '.interfaces | length' "$W/facts.json")" "$(jq .if_count "$W/facts.json")"
# Version 1 alone, and no sysDescr: what sysObjectID says it is asked for all the same.
ctl run SnmpFacts --source 127.0.0.9 port=$PORT timeout=400 retries=1 community=not-what-it-is --json >"$W/narrow.json"
equal "$(jq -c '[.sysDescr, .snmp_version, .model]' "$W/narrow.json")" '[null,"1","PowerEdge R999"]'
run_job SnmpFacts --source 127.0.0.9 port=$PORT >/dev/null
in_cmdb() { [ "$(lab table cmdb_ci_server name=switch --json | jq length)" = 1 ]; }
wait_for 30 in_cmdb
equal "$(lab table cmdb_ci_server name=switch --fields ip_address,fqdn --json | jq -r '.[0] | "\(.ip_address) \(.fqdn)"')" "127.0.0.9 switch.example"
[ "$(lab table cmdb_ci_network_adapter name=lo --json | jq length)" = 1 ] || die "no network adapter lo"
agent_stop
pass
