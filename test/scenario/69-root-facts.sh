# SPDX-License-Identifier: Apache-2.0
# midd as nobody: whose a socket of root is needs privilege, until midd-facts is there to tell; it tells a fixed list to
# whoever says its word, and nothing to others.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root to have what nobody may not see"
command -v systemd-socket-activate >/dev/null || skip_all "needs systemd-socket-activate"
lab_init
lab_start
agent_config </dev/null
chown -R nobody "$W/demo" "$W/lab/agents"
chmod o+x "$W" "$W/lab"
setpriv --reuid=nobody --regid=nogroup --clear-groups "$B/bin/midd" --config "$W/demo/midd.yaml" >>"$W/demo/midd.log" 2>&1 &
echo $! >"$W/demo/midd.pid"
wait_for 30 ctl version

inventory() { ctl run LocalInventory sections=sockets,processes --json; }
lab_socket() { jq -c --argjson p "$LAB_PORT" '[.sockets.items[] | select(.local_port == $p and .state == "listen")][0] | [.pid, .needs_privilege]' "$1"; }
inventory >"$W/without"
equal "$(lab_socket "$W/without")" '[null,true]'

systemd-socket-activate --accept --inetd -l "$W/demo/facts.sock" "$B/bin/midd-facts" >"$W/facts.log" 2>&1 &
echo $! >"$W/facts.pid"
wait_for 10 test -S "$W/demo/facts.sock"
chmod 666 "$W/demo/facts.sock"
inventory >"$W/with"
equal "$(lab_socket "$W/with")" "[$(cat "$W/lab.pid"),null]"
equal "$(jq .processes.count "$W/with" | awk '{ print ($1 > 3) }')" 1

cat >"$W/say.py" <<'P'
import socket, sys
s = socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode()); s.shutdown(socket.SHUT_WR)
got = b""
try:
    while part := s.recv(65536): got += part
except ConnectionResetError: pass
print(len(got), got.count(got[:32] + b"F ") if got else 0, got.endswith(got[:32] + b"E\n"))
P
say() { timeout 20 python3 "$W/say.py" "$W/demo/facts.sock" "$1"; }
has "$(say 'facts
')" True
equal "$(say '/etc/shadow
')" "0 0 False"
equal "$(say fac)" "0 0 False"
equal "$(strings -n 8 "$B/bin/midd-facts" | grep -c shadow || true)" 0

# It breaks off: what it would have told is missing, and the rest is there.
kill "$(cat "$W/facts.pid")"
rm -f "$W/demo/facts.sock"
systemd-socket-activate --accept --inetd -l "$W/demo/facts.sock" /bin/echo not a fact >"$W/echo.log" 2>&1 &
echo $! >"$W/facts.pid"
wait_for 10 test -S "$W/demo/facts.sock"
chmod 666 "$W/demo/facts.sock"
inventory >"$W/broken" 2>"$W/broken.err" || true
equal "$(lab_socket "$W/broken")" '[null,true]'
agent_stop
pass
