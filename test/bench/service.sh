# SPDX-License-Identifier: Apache-2.0
# make bench-service: the installed service under a real systemd, beside others of its kind from
# Debian: package sizes, start to READY, from insert to answer, what rest costs, exposure. As root.
#   IDLE=60 seconds of rest, ASKS=100 jobs
. "$(dirname "$0")/../nspawn/lib.sh"
: "${IDLE:=60}" "${ASKS:=100}"
PEERS="zabbix-agent2 fusioninventory-agent glpi-agent prometheus-node-exporter"
lab_init
lab_start
packages
echo "Packages"
for f in "$M"/pkg/*.deb; do printf '  %-34s %8.1f kB, installed %6s kB\n' "$(dpkg-deb -f "$f" Package)" "$(stat -c %s "$f" | awk '{print $1/1000}')" "$(dpkg-deb -f "$f" Installed-Size)"; done
machine_boot
say=$(install_packages midd midd-probe-ssh midd-probe-snmp) || die "$say"
configure </dev/null
sed -i '/^poll:/,$d' "$M/etc/midd/midd.yaml"	# as in life: 40 s between two questions at rest
inside systemctl start midd
wait_for 20 healthy

echo; echo "Start to READY, 7 starts"
starts=$(for _ in $(seq 7); do
	inside systemctl restart midd
	echo $(($(property ActiveEnterTimestampMonotonic) - $(property InactiveExitTimestampMonotonic)))
done | sort -n)
echo "$starts" | awk '{ v[NR] = $1 / 1000 } END { printf "  %-34s %6.0f ms, median %.0f, longest %.0f\n", "midd", v[1], v[int((NR + 1) / 2)], v[NR] }'
equal "$(run_job Echo text=x)" x

echo; echo "From insert to confirmed answer, $ASKS Echo jobs one at a time, by push"
push_up() { ctl status --json | jq -e '.push.state == "up"'; }
wait_for 20 push_up
in_net test/bench/latency.py "$W/lab" "$LAB_URL" "$AGENT" "$ASKS" 1 | sort -n | awk '{ v[NR] = $1 } END {
	printf "  %-34s %6.1f ms, p50 %.1f, p99 %.1f, longest %.1f\n", "midd", v[1], v[int((NR + 1) / 2)], v[int(NR * .99 + .5)], v[NR] }'
no_workers() { ! inside pgrep -x midd-worker; }

# Its server is away, as often in life; without one it ends at once.
for f in fusioninventory glpi-agent; do
	[ ! -d "$M/etc/$f" ] || echo 'server = http://127.0.0.1:9/' >>"$M/etc/$f/agent.cfg"
done
units=midd
for p in $PEERS; do
	inside systemctl cat "$p" >/dev/null 2>&1 || { echo "  ($p is not installed: make bench-deps)"; continue; }
	mkdir -p "$M/run/$p"
	inside timeout 20 systemctl start "$p" 2>/dev/null && units="$units $p" || echo "  ($p does not start here)"
done
wait_for 60 no_workers
inside systemctl enable --now midd-raw.socket midd-facts.socket 2>/dev/null

# PIDS: of a unit, with all their threads: switches given up of themselves, processor time in us, PSS and own kB.
cat >"$M/measure" <<'P'
for p in $(cat /sys/fs/cgroup/unified/system.slice/$1.service/cgroup.procs /sys/fs/cgroup/systemd/system.slice/$1.service/cgroup.procs /sys/fs/cgroup/system.slice/$1.service/cgroup.procs 2>/dev/null | sort -u); do
	cat /proc/$p/task/*/status | awk '/^voluntary/{s+=$2} END{printf "%d ", s}'
	cat /proc/$p/task/*/schedstat | awk '{s+=$1} END{printf "%d ", s/1000}'
	awk '/^Pss:/{p=$2} /^Private_/{o+=$2} END{print p, o}' /proc/$p/smaps_rollup
done | awk '{n++; for (i=1;i<=4;i++) s[i]+=$i} END{print n+0, s[1]+0, s[2]+0, s[3]+0, s[4]+0}'
P
echo; echo "At rest for $IDLE s, in the same machine"
printf '  %-34s %4s %9s %9s %12s %12s %10s\n' "" proc "PSS MiB" "own MiB" "wake-ups/s" "cpu ms/min" exposure
for u in $units; do inside bash /measure "$u" >"$W/before.$u"; done
sleep "$IDLE"
printf '  %-34s %4d\n' "midd-raw, midd-facts: both are on" "$(inside pgrep -c '^midd-[rf]' || true)"
for u in $units; do
	score=$(inside systemd-analyze security "$u" --no-pager | sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p')
	inside bash /measure "$u" | paste -d' ' "$W/before.$u" - | awk -v n="$u" -v t="$IDLE" -v e="$score" \
		'{printf "  %-34s %4d %9.1f %9.1f %12.2f %12.1f %10s\n", n, $6, $9/1024, $10/1024, ($7-$2)/t, ($8-$3)/1000/t*60, e}'
done

echo; echo "What a question costs the helpers: a process each, which ends with it"
cat >"$M/ask.py" <<'P'
import socket, sys, time
took = []
for i in range(30):
    start = time.monotonic()
    s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect("/run/midd/%s.sock" % sys.argv[1])
    s.sendall(b"facts\n" if sys.argv[1] == "facts" else b"targets 192.0.2.1-192.0.2.1\n")
    s.recv(65536)
    while sys.argv[1] == "facts" and s.recv(65536): pass
    took.append((time.monotonic() - start) * 1000); s.close()
took.sort(); print("%.0f ms, median %.0f, longest %.0f" % (took[0], took[14], took[-1]))
P
for h in facts raw; do printf '  %-34s %s\n' "midd-$h, 30 questions" "$(inside python3 /ask.py $h)"; done
pass
