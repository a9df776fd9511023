# SPDX-License-Identifier: Apache-2.0
# make nspawn: the life of an installed midd under a real systemd. Installed, rebooted, reloaded under
# load, hung and killed, upgraded with 200 results in its spool while the instance is away, removed,
# installed again, purged. Nothing is lost and nothing is done twice.
. "$(dirname "$0")/lib.sh"
step() { echo "── $*"; }

step "an older version is installed, configured, started, healthy"
lab_init
lab_start
packages
mkdir "$W/old"
dpkg-deb -R "$M"/pkg/midd_*.deb "$W/old/midd"
sed -i 's/^Version: .*/&~rc1/' "$W/old/midd/DEBIAN/control"
dpkg-deb --root-owner-group -b "$W/old/midd" "$M/old.deb" >/dev/null
machine_boot
inside env DEBIAN_FRONTEND=noninteractive dpkg -i /old.deb >"$W/dpkg.log" 2>&1 || die "$(cat "$W/dpkg.log")"
configure <<Y
jobs: { standard: 200 }
workers: { runs: 200 }
Y
inside systemctl start midd
wait_for 20 healthy
has "$(run_job LocalInventory sections=os,packages)" '"id":"debian"'
equal "$(stat -c %a "$M/var/lib/midd")" 700

step "after a reboot it is up by itself"
machine_off
machine_boot
wait_for 20 healthy
equal "$(run_job Echo text=rebooted)" rebooted

step "reloaded again and again under load: 300 jobs, one answer each"
reloads_under_load 300 1000 1

step "hung: the watchdog ends it, and it comes back; killed: the same"
mkdir -p "$M/etc/systemd/system/midd.service.d"
printf '[Service]\nWatchdogSec=2\n' >"$M/etc/systemd/system/midd.service.d/test.conf"
inside systemctl daemon-reload
inside systemctl restart midd
wait_for 20 healthy
old=$(main_pid)
another() { [ "$(main_pid)" != "$old" ] && [ "$(main_pid)" != 0 ] && healthy; }
inside kill -STOP "$old"
wait_for 30 another
inside journalctl -q -b -u midd | grep -q 'Watchdog timeout' || die "it was not the watchdog"
old=$(main_pid)
inside systemctl kill --kill-whom=main -s KILL midd
wait_for 20 another
rm "$M/etc/systemd/system/midd.service.d/test.conf"
inside systemctl daemon-reload

step "stopped, midctl doctor still looks at every hop, with the key that the service will get; with an encrypted one as far as it can"
inside systemctl stop midd
doctor_states() { ctl doctor --json | jq -r '[.[] | select(.state != "ok") | "\(.hop) \(.state)"] | join(", ")'; }
equal "$(doctor_states)" "midd warning, spool skipped"

step "an encrypted credential goes before the plain one"
inside systemd-creds encrypt --name=sealed_key /etc/midd/credentials/key /etc/midd/credentials.encrypted/key
rm "$M/etc/midd/credentials/key"
equal "$(doctor_states)" "login skipped, role skipped, midd warning, spool skipped"
inside systemctl restart midd
wait_for 20 healthy
has "$(ctl config show --json | jq -r '.[] | select(.option == "instance.key").value')" sealed_key

step "nobody but root reads the credentials on the disk"
if inside setpriv --reuid=midd --regid=midd --clear-groups ls /etc/midd/credentials 2>/dev/null; then die "midd can list them"; fi

step "a wrong configuration: it fails at once, the journal says why and what to do, midctl that it does not run"
printf 'poll:\n  min: never\n' >"$M/etc/midd/midd.d/99.yaml"
chmod 644 "$M/etc/midd/midd.d/99.yaml"
if inside systemctl restart midd 2>/dev/null; then die "it started"; fi
equal "$(property ActiveState) $(property NRestarts)" "failed 0"
has "$(inside journalctl -q -x -u midd MIDD_EVENT=no-start -n 1)" "99.yaml:2: poll.min"
has "$(inside journalctl -q -x -u midd MIDD_EVENT=no-start -n 1)" "midd --check-config"
status=0
ctl status 2>/dev/null || status=$?
equal "$status" 3
rm "$M/etc/midd/midd.d/99.yaml"
inside systemctl restart midd
wait_for 20 healthy

step "the helpers are switched on; an upgrade leaves them so, a removal does not"
helpers() { inside systemctl is-active midd-raw.socket midd-facts.socket | tr '\n' ' ' || true; }
inside systemctl enable --now midd-raw.socket midd-facts.socket 2>/dev/null

step "upgraded while the instance is away and 200 results wait"
job Echo --count 200 text=waiting delay_ms=3000 >/dev/null
busy() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 200 ]; }
wait_for 20 busy
lab_kill
spooled() { [ "$(ctl spool --json | jq .results)" -ge 200 ]; }
wait_for 20 spooled
say=$(install_packages midd midd-probe-ssh midd-probe-snmp) || die "$say"
wait_for 20 ctl version
equal "$(inside dpkg-query -W -f '${Version}' midd)" "$(dpkg-deb -f "$M"/pkg/midd_*.deb Version)"
spooled || die "results are missing after the upgrade"
lab_start
wait_for 60 all_answered 501 Echo
each_once Echo 501
wait_for 20 healthy
ctl audit verify >/dev/null
has "$(ctl probes)" SnmpFacts
equal "$(helpers)" "active active "
equal "$(ctl doctor --json | jq -r '.[] | select(.hop == "helpers").what')" "midd-raw asks for scans; midd-facts tells what only root may read"
[ -e "$M/usr/lib/midd/exec/../profiles/90-standard.yaml" ] || die "the device profiles are not found by an installed probe"

step "the journal has it all, and there is no other log"
inside journalctl -q -b -x -u midd MIDD_EVENT=up | grep -q 'midctl status' || die "no catalogue entry"
equal "$(find "$M/var/log" "$M/var/lib/midd" -name '*midd*log*')" ""

step "with local-facts.conf LocalInventory sees the processes of others, and whose they are"
others() { run_job LocalInventory sections=processes | jq '[.processes.items[] | select(.pid == 1 and .user == "root")] | length'; }
inside systemctl stop midd-facts.socket
equal "$(others)" 0
mkdir -p "$M/etc/systemd/system/midd.service.d"
ln -s /usr/share/midd/systemd/local-facts.conf "$M/etc/systemd/system/midd.service.d/"
inside systemctl daemon-reload
inside systemctl restart midd
wait_for 20 healthy
equal "$(others)" 1
rm "$M/etc/systemd/system/midd.service.d/local-facts.conf"

step "a network allow list for the unit: it still works, exposure 1.0"
printf '[Service]\nIPAddressDeny=any\nIPAddressAllow=127.0.0.0/24\n' >"$M/etc/systemd/system/midd.service.d/net.conf"
inside systemctl daemon-reload
inside systemctl restart midd
wait_for 20 healthy
inside systemd-analyze security --threshold=10 midd >"$W/exposure" || die "$(tail -n 1 "$W/exposure")"
rm "$M/etc/systemd/system/midd.service.d/net.conf"
inside systemctl daemon-reload

step "removed and purged: the store stays, unless its removal was asked for"
inside env DEBIAN_FRONTEND=noninteractive dpkg -P midd-probe-ssh midd-probe-snmp midd >"$W/purge.log" 2>&1 || die "$(cat "$W/purge.log")"
equal "$(inside systemctl is-active midd || true)" inactive
equal "$(helpers)" "inactive inactive "
[ -e "$M/var/lib/midd/midd.db" ] && [ -e "$M/etc/midd/midd.yaml" ] || die "a purge that was not told to took the store"
say=$(install_packages midd) || die "$say"
wait_for 20 healthy
each_once Echo 501
say=$(install_packages midd-probe-snmp) || die "$say"
knows() { ctl probes | grep -q SnmpFacts; }
wait_for 20 knows
equal "$(ctl probes | grep -c SSHCommand || true)" 0
inside env DEBIAN_FRONTEND=noninteractive dpkg -P midd-probe-snmp >"$W/purge.log" 2>&1 || die "$(cat "$W/purge.log")"
echo 'midd midd/purge-state boolean true' | inside debconf-set-selections
inside env DEBIAN_FRONTEND=noninteractive dpkg -P midd >"$W/purge.log" 2>&1 || die "$(cat "$W/purge.log")"
[ ! -e "$M/var/lib/midd" ] && [ ! -e "$M/etc/midd" ] || die "the purge left something"
[ ! -e "$M/etc/systemd/system/midd.service.d/10-notify-reload.conf" ]
echo "all of it held"
pass
