# SPDX-License-Identifier: Apache-2.0
# The package under a real systemd: not started before there is a configuration; then healthy and at
# work inside its sandbox; killed, it comes back; who asks while it restarts is answered; stopped, it
# stays stopped whoever asks. The long form: make nspawn.
. "$(dirname "$0")/../nspawn/lib.sh"
lab_init
lab_start
packages
machine_boot
say=$(install_packages midd) || die "$say"
has "$say" "FIRST START"
has "$(ctl status 2>&1 || true)" "it has no configuration yet: midctl enroll https://YOUR-INSTANCE"
equal "$(property ActiveState) $(property ConditionResult)" "inactive no"

echo 'policy: { loopback: true }' | configure
inside systemctl start midd
wait_for 20 healthy
said() { [ "$(property StatusText)" = "connected to ${LAB_URL#https://}" ]; }
wait_for 20 said
equal "$(ctl status --json | jq -c '[.guard.seccomp, .guard.missing]')" '[true,""]' "the workers' own sandbox, inside of the unit's"
# Systemd gives sockets away by their names: in a folder of midd's own another file could take the name of one (here raw.sock would have been it).
equal "$(inside stat -c '%U %a' /run/midd)" "root 755"
equal "$(inside stat -c '%U %a' /run/midd/own)" "midd 755"
inside systemd-analyze security --threshold=11 midd >"$W/exposure" || die "$(tail -n 1 "$W/exposure")"
equal "$(run_job Echo text=hello)" hello
has "$(run_job LocalInventory sections=os)" '"id":"debian"'

# What root has written with a narrow umask is told before the service fails by it.
unread() { has "$(ctl doctor --json | jq -r '.[] | select(.hop == "files") | "\(.state) \(.what) \(.remedy)"')" "$1"; }
chmod 600 "$M/etc/midd/midd.yaml"
unread "bad configuration: the service, as user midd, may not read /etc/midd/midd.yaml chmod 644"
chmod 644 "$M/etc/midd/midd.yaml"
chmod 600 "$M/etc/midd/seal.pem"
unread "bad seal.instance_cert: the service, as user midd, may not read /etc/midd/seal.pem chmod 644"
chmod 644 "$M/etc/midd/seal.pem"
unread "ok"

# The probes' data is where they look for it.
for d in $(ls share | grep -vxE 'exec|map|profiles'); do [ -e "$M/usr/lib/midd/exec/../$d" ] || die "$d is not found by an installed probe"; done

# Without any capability it pings: the package has opened the range of groups that may.
equal "$(inside cat "/proc/sys/$ping_range" | tr '\t' ' ')" "0 2147483647"
equal "$(ctl run Scan --source 127.0.0.1 ports=icmp --json | jq -c '[.alive, .no_ping]')" '[1,null]'

# The helpers are off; switched on, one shows the processes that the sandbox hides, the other asks for a scan.
for h in raw facts; do equal "$(property ActiveState midd-$h.socket)" inactive; inside systemd-analyze security --threshold=16 "midd-$h@.service" >/dev/null; done
processes() { ctl run LocalInventory sections=processes --json | jq .processes.count; }
few=$(processes)
inside systemctl enable --now midd-raw.socket midd-facts.socket 2>/dev/null
[ "$(processes)" -gt $((few + 3)) ] || die "midd-facts shows no more processes than $few"
equal "$(ctl run LocalInventory sections=processes --json | jq -c '[.processes.items[] | select(.pid == 1) | .name]')" '["systemd"]'
owned_by_systemd() { ctl run LocalInventory sections=sockets --json | jq '[.sockets.items[] | select(.process == "systemd")] | length'; }
equal "$(owned_by_systemd)" 0 "that takes a second capability"
inside mkdir "/etc/systemd/system/midd-facts@.service.d"
inside ln -s /usr/share/midd/systemd/socket-owners.conf "/etc/systemd/system/midd-facts@.service.d"
inside systemctl daemon-reload
[ "$(owned_by_systemd)" -gt 0 ] || die "socket-owners.conf brings no owner"
inside ip addr add 10.77.0.1/24 dev lo
equal "$(ctl run Scan ranges=10.77.0.0/24 exclude=10.77.0.1 ports=22,80,icmp rate=0 timeout=300 names=false --json | jq '.alive > 250')" true
equal "$(inside systemctl show -P NAccepted midd-raw.socket)" 1

# The journal knows of what a line speaks, and what to do about it.
bad=$(job NoSuchTopic)
journal() { [ "$(inside journalctl -q -o json "$@" | jq -s length)" -ge 1 ]; }
wait_for 20 journal MIDD_JOB="$bad" MIDD_TOPIC=NoSuchTopic PRIORITY=6
said=$(inside journalctl -q -x -u midd MIDD_EVENT=job-failed)
has "$said" "midctl job show JOB"

# In a cloud: the service that has the machine's credentials is out of reach, also to a worker that was taken over.
inside mkdir -p /etc/systemd/system/midd.service.d
inside ln -s /usr/share/midd/systemd/no-metadata.conf /etc/systemd/system/midd.service.d
inside systemctl daemon-reload
has "$(inside systemctl cat midd)" "IPAddressDeny=169.254.169.254"
equal "$(inside systemd-analyze verify --man=no midd.service 2>&1 | grep -c no-metadata)" 0

# Killed: systemd brings it back. Restarted while somebody asks: every question is answered.
old=$(main_pid)
inside systemctl kill -s KILL midd
another() { [ "$(main_pid)" != "$old" ] && [ "$(main_pid)" != 0 ] && healthy; }
wait_for 20 another
inside systemctl restart midd &
restart=$!
asked=0
while kill -0 $restart 2>/dev/null; do ctl version >/dev/null; asked=$((asked + 1)); done
wait $restart
[ $asked -gt 0 ]
ctl version >/dev/null
equal "$(run_job Echo text=again)" again

# Our certificate comes to its end: the journal has that by its id, and what to do.
"$B/bin/midlab" cert "$W/lab" demo --days 20 >/dev/null
cp "$W/lab/agents/demo.pem" "$M/etc/midd/cert.pem"
install -m 600 "$W/lab/agents/demo.key" "$M/etc/midd/credentials/key"
inside systemctl restart midd
wait_for 20 journal MESSAGE_ID=f504c3a6465d5e3e80137d7dd7712322 PRIORITY=4
has "$(inside journalctl -q -x -u midd MIDD_EVENT=cert-ends)" "midctl enroll URL"

# Stopped means stopped: no question starts it, and none waits in vain.
inside systemctl stop midd
status=0
ctl version 2>"$W/stopped.log" || status=$?
equal "$status $(property ActiveState) $(property ActiveState midd.socket)" "3 inactive inactive"
has "$(inside setpriv --reuid=midd --regid=midd --init-groups midctl doctor --json | jq -r '.[] | select(.hop == "files") | "\(.state): \(.remedy)"')" "warning: run midctl doctor as root"
pass
