# SPDX-License-Identifier: Apache-2.0
# A large Shazzam answer for an instance that opens no sealed results: each page is XML by itself, in the form of the instance, a result
# for each address, and each address is in one of them.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] && [ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
SEAL=off
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
	results: { page: 64 kB }
Y
agent_start
id=$(job Shazzam ranges=127.0.3.0/24 ports=icmp,ssh,http,8000-8009 rate=0 per_network=5000)
there() { [ "$(answers "$id")" -ge 1 ] && [ "$(ctl spool --json | jq .results)" = 0 ]; }
wait_for 30 there
lab table ecc_queue "queue=input^response_to=$id" --json >"$W/pages"
python3 - "$W/pages" >"$W/told" <<'P'
import json, sys
import xml.etree.ElementTree as tree
pages = [tree.fromstring(row["payload"]) for row in json.load(open(sys.argv[1]))]
hosts = [host for page in pages for host in page.findall("result")]
print(len(pages) > 3, len(hosts), len({host.get("ip_address") for host in hosts}),
      {host.get("alive") for host in hosts}, {len(host.findall("scanner")) for host in hosts})
P
equal "$(cat "$W/told")" "True 256 256 {'true'} {13}"
agent_stop
pass
