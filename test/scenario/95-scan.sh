# SPDX-License-Identifier: Apache-2.0
# Scan, Shazzam and URLCertificateScanProbe against real servers: what is open, what is said there, who it
# is; nothing missed where packets are lost, nothing asked that is no target; certificates become CIs.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root for ports below 1024 and a network of its own"
ip link show lo >/dev/null 2>&1 && [ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
lab_init
lab_start

serve() { "$@" >>"$W/servers.log" 2>&1 & echo $! >>"$W/servers.pid"; }
ssh-keygen -q -t ed25519 -N '' -f "$W/hostkey"
mkdir -p /run/sshd
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$W/web.key" -out "$W/web.pem" -subj "/O=Example & Sons/CN=web.example.test" -days 3 \
	-addext subjectAltName=DNS:web.example.test,DNS:www.example.test,IP:127.0.1.9 2>/dev/null
printf 'agentXSocket none\nengineID midd-scenario\nrocommunity not-asked\n' >"$W/snmpd.conf"
serve "$SSHD" -D -e -f /dev/null -h "$W/hostkey" -o ListenAddress=127.0.1.5 -o ListenAddress=::1 -o PidFile=none
serve openssl s_server -accept 127.0.1.9:443 -key "$W/web.key" -cert "$W/web.pem" -www
serve python3 -m http.server --bind 127.0.1.7 --directory "$W/lab" 80
serve snmpd -f -Lo -C -c "$W/snmpd.conf" --persistentDir="$W/snmp" udp:127.0.1.6:161
serve dnsmasq -k -p 53 --listen-address=127.0.1.53 --bind-interfaces --no-resolv --no-hosts --user=root --pid-file= \
	--ptr-record=5.1.0.127.in-addr.arpa,login.example.test --txt-record=version.bind,none
echo "nameserver 127.0.1.53" >"$W/resolv.conf"
for at in 127.0.1.5/22 127.0.1.9/443 127.0.1.7/80 127.0.1.53/53; do wait_for 10 bash -c ": </dev/tcp/$at"; done

titles="Immich|Zimmer frei|Kilo 5|Switchboard|Capcom|Integrated Management Module (IMM2)|HPE iLO 5|APC - Log On|PDU-7 rack 3|GS724T Switch"
i=70
while read -r title; do
	i=$((i + 1))
	mkdir "$W/site$i"
	echo "<html><head><title>$title</title></head></html>" >"$W/site$i/index.html"
	serve python3 -m http.server --bind "127.0.1.$i" --directory "$W/site$i" 80
	wait_for 10 bash -c ": </dev/tcp/127.0.1.$i/80"
done < <(tr '|' '\n' <<<"$titles")

agent_config <<-Y
	policy: { loopback: true, deny: 127.0.1.66 }
Y
# An /etc/resolv.conf of its own.
unshare -m sh -c 'mount --make-rprivate /; mount --bind "$1/resolv.conf" /etc/resolv.conf; exec "$2" --config "$1/demo/midd.yaml"' sh "$W" "$B/bin/midd" \
	>>"$W/demo/midd.log" 2>&1 &
echo $! >"$W/demo/midd.pid"
wait_for 30 ctl version

# Who is there, and what is heard.
ctl run Scan ranges=127.0.1.0/26 exclude="127.0.1.0-127.0.1.4,127.0.1.10/31" rate=0 dead=true --json >"$W/scan"
host() { jq -c --arg a "$1" ".hosts[] | select(.address == \$a) | $2" "$W/scan"; }
port() { host "$1" ".ports[] | select(.port == $2) | $3"; }
equal "$(jq .addresses "$W/scan")" 57
equal "$(host 127.0.1.5 '[.class, .next, .name]')" '["linux","ssh","login.example.test"]'
has "$(port 127.0.1.5 22 .banner_text)" SSH-2.0-OpenSSH
equal "$(port 127.0.1.7 80 '[.http_status, .http_title]')" '["200","Directory listing for /"]'
has "$(port 127.0.1.9 443 .tls_version)" TLSv1
equal "$(port 127.0.1.6 161 '[.result, .snmp_enterprise, .snmp_engine_id]')" '["open","8072","80001f88046d6964642d7363656e6172696f"]'
equal "$(port 127.0.1.53 53 .result)" '"open"'
equal "$(jq -c '.certificates[0] | [.subject_common_name, .subject_alternative_names, .key_size, .port]' "$W/scan")" \
	'["web.example.test","web.example.test www.example.test 127.0.1.9","2048",443]'
equal "$(jq '[.hosts[] | select(.alive)] | length' "$W/scan")" 57 "all of loopback answers a ping"
equal "$(jq '[.hosts[].ports[] | select(.protocol == "tcp" and .result == "open")] | length' "$W/scan")" 3

# What stands in a page tells what it is, where it is a word and not a part of one.
equal "$(ctl run Scan ranges=127.0.1.71-127.0.1.80 ports=80 rate=0 --json | jq -r '[.hosts[] | .class] | join(" ")')" \
	"host host host host host management management power power network"

# IPv6, by list.
has "$(ctl run Scan ranges=::1 ports=22 --json)" '"banner_text":"SSH-2.0-OpenSSH'

# No target is asked that policy denies, whoever asks; what is no range is told.
ctl run Scan ranges=127.0.1.64/30 ports=22 dead=true --json | jq -r '.hosts[].address' >"$W/asked"
equal "$(paste -sd' ' "$W/asked")" "127.0.1.64 127.0.1.65 127.0.1.67"
has "$(ctl run Scan ranges=127.0.1.66 2>&1 || true)" "127.0.1.66 is in policy.deny"
has "$(ctl run Scan ranges=169.254.169.254 2>&1 || true)" "no target"
has "$(ctl run Scan ranges=10.0.0.0/99 2>&1 || true)" "no address range"
has "$(ctl run Scan ranges=127.0.1.5 ports=ssh,nosuch 2>&1 || true)" '"nosuch" is no port'
has "$(ctl run Scan ranges=10.0.0.0/8 2>&1 || true)" "more than 262144 addresses"

# The instance's own topic and form, through the queue.
run_job Shazzam --source "range" ranges="127.0.1.4-127.0.1.5,127.0.1.7" ports=ssh,http,icmp >"$W/shazzam"
has "$(cat "$W/shazzam")" '<result alive="true" active="true" ip_address="127.0.1.5"'
has "$(cat "$W/shazzam")" '<scanner name="HTTP" portprobe="http" service="http" protocol="tcp" port="80" result="refused">'
has "$(cat "$W/shazzam")" '<banner_text>SSH-2.0-OpenSSH'
has "$(run_job Shazzam --source "range" ranges_json='{"include":[{"start":"127.0.1.4","end":"127.0.1.6"}],"exclude":["127.0.1.4"]}' ports=22)" \
	'ip_address="127.0.1.6"'

# Certificates become CIs: one, though it is shown at two doors.
serve openssl s_server -accept 127.0.1.8:8443 -key "$W/web.key" -cert "$W/web.pem" -www
wait_for 10 bash -c ": </dev/tcp/127.0.1.8/8443"
run_job URLCertificateScanProbe --source https://127.0.1.9/ >/dev/null
has "$(run_job URLCertificateScanProbe --source https://127.0.1.9/ TLS_keepOriginalCertificate=true)" "BEGIN CERTIFICATE"
run_job Scan --source 127.0.1.8/31 ports=443,8443 >/dev/null
# A URL means one port, whatever it is, and no other one is asked there.
serve openssl s_server -accept 127.0.1.8:9443 -key "$W/web.key" -cert "$W/web.pem" -www
wait_for 10 bash -c ": </dev/tcp/127.0.1.8/9443"
equal "$(run_job URLCertificateScanProbe --source "https://127.0.1.8:9443/login?next=/" | jq -c '[.asked, (.certificates[0] | .port, .subject_common_name)]')" '[1,9443,"web.example.test"]'
equal "$(run_job URLCertificateScanProbe --source https://127.0.1.8 | jq -c '[.asked, (.certificates | length)]')" '[1,0]'
has "$(run_job URLCertificateScanProbe --source "https://127.0.1.8:9443, https://127.0.1.9" 2>&1 || true)" "one URL in a job"
has "$(run_job URLCertificateScanProbe --source "https://127.0.1.8:99999/" 2>&1 || true)" "a port that is none"
cis() { lab table cmdb_ci_certificate --json; }
there() { [ "$(cis | jq length)" -ge 1 ]; }
wait_for 20 there
equal "$(cis | jq -c 'map([.subject_common_name, .state, .key_size])')" '[["web.example.test","issued","2048"]]'

# A firewall that drops: silent, asked again where somebody is there. A net that loses a fifth: nothing is missed.
nft -f - <<-N
	table inet t {
		chain i {
			type filter hook input priority 0
			tcp dport 23 drop
			ip daddr 127.0.2.0/24 tcp flags & (syn | ack) == syn numgen inc mod 5 < 1 drop
		}
	}
N
for i in $(seq 1 40); do echo "127.0.2.$i"; done >"$W/many"
serve python3 -c 'import socket, sys, time
listening = [socket.create_server((a.strip(), 80), backlog=9) for a in open(sys.argv[1])]
while True: time.sleep(60)' "$W/many"
wait_for 10 bash -c ": </dev/tcp/127.0.2.40/80"
equal "$(ctl run Scan ranges=127.0.1.5 ports=22,23 timeout=200 refused=true --json | jq -c '[.asked_again, (.hosts[0].ports | map(.result))]')" \
	'[1,["open","timed_out"]]'
ctl run Scan ranges=127.0.2.0/24 ports=80 banners=false rate=0 --json >"$W/lossy"
equal "$(jq '[.hosts[].ports[] | select(.port == 80 and .result == "open")] | length' "$W/lossy")" 40
agent_stop
pass
