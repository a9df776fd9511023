# SPDX-License-Identifier: Apache-2.0
# A scan by midd-raw: pings and ports with no socket of the worker's own, banners of what is open, nothing that policy
# denies, nothing missed where packets are lost or the helper dies; and the helper asks nobody else, whoever speaks to it.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root for a raw socket and networks of its own"
ip link show lo >/dev/null 2>&1 && [ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
command -v systemd-socket-activate >/dev/null || skip_all "needs systemd-socket-activate"
sysctl -qw net.ipv4.ping_group_range="1 0"
lab_init
lab_start

# Another host with 10.64.0.0/16, behind a cable.
unshare -n sleep 300 & there=$!; echo $! >>"$W/servers.pid"
far() { nsenter -t $there -n "$@"; }
apart() { [ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/$there/ns/net)" ]; }
wait_for 5 apart
ip link add here type veth peer name ve1 netns $there
ip addr add 10.200.0.1/24 dev here; ip link set here up
far ip link set lo up; far ip link set ve1 up
far ip addr add 10.200.0.2/24 dev ve1; far ip route add local 10.64.0.0/16 dev lo
ip route add 10.64.0.0/16 via 10.200.0.2
cat >"$W/serve.py" <<'P'
import socket, sys, threading
def serve(s):
    while True:
        c = s.accept()[0]
        try:
            c.sendall(b"SSH-2.0-raw-scenario\r\n"); c.recv(100)
        except OSError: pass
        c.close()
for i in range(1, 41):
    s = socket.create_server((f"10.64.0.{i}", 22), backlog=99)
    threading.Thread(target=serve, args=(s,), daemon=True).start()
print("ready", flush=True); threading.Event().wait()
P
far python3 "$W/serve.py" >"$W/serve.log" 2>&1 & served=$!; echo $! >>"$W/servers.pid"
wait_for 10 grep -qs ready "$W/serve.log"
far nft 'table inet t { counter denied {}; counter syns {}; chain i { type filter hook input priority 0; ip daddr 10.64.0.66 counter name denied; tcp flags & (syn | ack) == syn counter name syns; tcp dport 23 drop; }; }'
counted() { far nft list counter inet t "$1" | awk '/packets/ { print $2 }'; }

agent_config <<-Y
	policy: { deny: 10.64.0.66 }
Y
agent_start
RAW=$W/$AGENT/raw.sock
systemd-socket-activate --accept --inetd -l "$RAW" "$B/bin/midd-raw" >"$W/raw.log" 2>&1 & helper=$!; echo $! >>"$W/servers.pid"
wait_for 10 test -S "$RAW"

scan() { ctl run Scan ranges=10.64.0.0/25 ports=22,23,80,icmp rate=0 names=false dead=true "$@" --json; }
open_in() { jq '[.hosts[].ports[]? | select(.port == 22 and .result == "open")] | length' "$1"; }
scan refused=true >"$W/scan"
equal "$(jq '[.hosts[] | select(.alive)] | length' "$W/scan")" 127
equal "$(jq .no_ping "$W/scan")" null "the worker may not ping, midd-raw does"
equal "$(open_in "$W/scan")" 40
equal "$(jq '[.hosts[].ports[]? | select(.banner_text == "SSH-2.0-raw-scenario")] | length' "$W/scan")" 40
equal "$(jq -c '[.hosts[] | select(.address == "10.64.0.50") | .ports[]? | select(.protocol == "tcp") | [.port, .result]] | sort' "$W/scan")" \
	'[[22,"refused"],[23,"timed_out"],[80,"refused"]]'
equal "$(counted denied)" 0 "policy.deny"

# The same by connections.
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
scan refused=true raw=false >"$W/connect"
strip() { jq -S '[.hosts[] | {address, alive, class, ports: [.ports[]? | {port, protocol, result, banner_text}]}]' "$1"; }
equal "$(strip "$W/scan")" "$(strip "$W/connect")"

# A net that loses a fifth; then a helper that is killed in the middle.
far nft add rule inet t i ip daddr 10.64.0.0/26 tcp flags \& \(syn \| ack\) == syn numgen inc mod 5 \< 1 drop
ctl run Scan ranges=10.64.0.0/25 ports=22,80 banners=false rate=0 names=false --json >"$W/lossy"
equal "$(open_in "$W/lossy")" 40 "a fifth is lost"
far nft flush chain inet t i
far nft add rule inet t i tcp flags \& \(syn \| ack\) == syn counter name syns
before=$(counted syns)
(ctl run Scan ranges=10.64.0.0/25 ports=22,80,8000-8010 rate=2000 names=false --json >"$W/killed") & scan=$!
begun() { [ "$(counted syns)" -gt $((before + 50)) ]; }
wait_for 20 begun
kill -9 "$(pgrep -P $helper -x midd-raw)"
wait $scan
equal "$(open_in "$W/killed")" 40 "the helper was killed"

# Whoever speaks to it: only what its first line names, and nothing but the two questions.
cat >"$W/abuse.py" <<'P'
import socket, struct, sys
def talk(line, *asked):
    s = socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(sys.argv[1]); s.sendall(line)
    for address, port, what in asked:
        s.sendall(socket.inet_aton(address) + struct.pack(">HBB", port, ord(what), 0))
    got, said = b"", ""
    while len(said) < 1 + len(asked):
        part = s.recv(4096)
        if not part: return said + "."
        got += part
        said = "".join(chr(got[i + 6]) for i in range(0, len(got) // 8 * 8, 8))
    return said
print(talk(b"targets 10.64.0.1-10.64.0.9\n", ("10.64.0.50", 22, "S")), talk(b"targets 10.64.0.1-10.64.0.9 127.0.0.0-127.0.0.9\n", ("127.0.0.1", 22, "S")),
      talk(b"targets 10.64.0.1-10.64.0.9\n", ("10.64.0.70", 80, "S")), talk(b"targets 10.64.0.65-10.64.0.70\n", ("10.64.0.70", 80, "S")),
      talk(b"targets 10.64.0.70-10.64.0.70\n", ("10.64.0.70", 0, "E")), talk(b"targets 10.64.0.1-10.64.0.9\n", ("10.64.0.1", 22, "R")),
      talk(b"targets 10.64.0.1-10.64.0.9\n", ("10.64.0.1", 0, "S")), talk(b"GET / HTTP/1.0\n"), talk(b"targets x\n"))
P
equal "$(timeout 60 python3 "$W/abuse.py" "$RAW")" "gn gn gn gr ge . . . ."
agent_stop
pass
