# SPDX-License-Identifier: Apache-2.0
# What systemd would hear: READY, STATUS, WATCHDOG, RELOADING, STOPPING.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config </dev/null
python3 - "$W/notify" >"$W/notify.log" <<'P' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(4096).decode().replace("\n", " "), flush=True)
P
echo $! >"$W/notify.pid"
wait_for 10 test -S "$W/notify"
export NOTIFY_SOCKET=$W/notify WATCHDOG_USEC=400000
agent_start
unset NOTIFY_SOCKET WATCHDOG_USEC
heard() { grep -q "$1" "$W/notify.log"; }
wait_for 10 heard READY=1
wait_for 10 heard WATCHDOG=1
wait_for 10 heard "STATUS=connected to"
equal "$(grep 'STATUS=' "$W/notify.log" | grep -vE ' STATUS=(not )?connected to localhost:[0-9]+(: .*)?$')" "" "what systemctl status shows"
kill -HUP "$(agent_pid)"
wait_for 10 heard RELOADING=1
agent_stop
wait_for 10 heard STOPPING=1

# A place for figures that can never be is a wrong configuration: systemd does not try it again and again.
agent_config <<<'metrics: { listen: /proc/figures }'
agent_spawn
status=0
wait "$(agent_pid)" || status=$?
rm "$W/demo/midd.pid"
equal "$status" 78
has "$(cat "$W/demo/midd.log")" "metrics.listen must name a file in a folder where midd may write, which is /run/midd/own under systemd"
pass
