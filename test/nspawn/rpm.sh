# SPDX-License-Identifier: Apache-2.0
# make nspawn: the RPM packages and their scriptlets under a real systemd: installed, started, upgraded, removed;
# and then no package at all, but make install.
# The system below is Debian's, as no other is to be had: so without the names of its libraries (--nodeps).
. "$(dirname "$0")/lib.sh"
step() { echo "── $*"; }
command -v rpmbuild >/dev/null || skip_all "rpm: rpmbuild is missing (make deps)"
lab_init
lab_start
mkdir -p "$M/pkg/old" "$M/pkg/new"
for v in old:0.0.9 new:0.1.0; do
	B="${B#"$PWD"/}" VERSION=${v#*:} packaging/rpm/build.sh "$W/rpm" >"$W/rpm.log" 2>&1 || die "$(cat "$W/rpm.log")"
	mv "$W"/rpm/*.rpm "$M/pkg/${v%:*}/"
done
machine_boot
rpm_do() { nsenter -t "$LEADER" -a --wd="$M/pkg" bash -c "rpm $1" >"$W/said" 2>&1 || die "rpm $1: $(cat "$W/said")"; }

step "installed: its user is there, nothing starts, the next command is said"
rpm_do '-i --nodeps old/midd-0*.rpm old/midd-probe-*.rpm'
has "$(cat "$W/said")" "midctl enroll"
equal "$(property ActiveState)" inactive
equal "$(inside stat -c '%U:%G %a' /etc/midd /etc/midd/credentials | tr '\n' ' ')" "root:midd 750 root:root 700 "

step "configured, started, healthy, at work; the helpers on"
configure </dev/null
inside systemctl enable --now midd midd-raw.socket midd-facts.socket 2>/dev/null
wait_for 20 healthy
equal "$(run_job Echo text=rpm)" rpm
has "$(inside journalctl -q -b -x -u midd MIDD_EVENT=up)" "midctl status"
old=$(main_pid)

step "upgraded: begun anew, all that was on is on"
rpm_do '-U --nodeps new/midd-0*.rpm new/midd-probe-*.rpm'
wait_for 20 healthy
[ "$(main_pid)" != "$old" ] || die "the old one still runs"
equal "$(inside systemctl is-active midd midd-raw.socket midd-facts.socket | tr '\n' ' ')" "active active active "
equal "$(inside systemctl is-enabled midd)" enabled
has "$(ctl probes)" SnmpFacts
equal "$(run_job Echo text=again)" again

step "removed: all is off, configuration and store stay"
rpm_do '-e midd-probe-ssh midd-probe-snmp midd'
equal "$(inside systemctl is-active midd midd-raw.socket midd-facts.socket | tr '\n' ' ')" "inactive inactive inactive "
[ ! -e "$M/usr/sbin/midd" ] && [ -e "$M/var/lib/midd/midd.db" ] && [ -e "$M/etc/midd/midd.yaml" ] || die "too much or too little is gone"
equal "$(find "$M/etc/systemd/system" -name 'midd*' | wc -l)" 0

step "make install, over the configuration that has stayed: started, healthy, at work"
rm -rf "$M/var/lib/midd"
inside userdel midd
nsenter -t "$LEADER" -a --wd="$M$PWD" make -s B="${B#"$PWD"/}" install INSTALL_ONLY=1 >"$W/said" 2>&1 || die "$(cat "$W/said")"
inside systemctl start midd
wait_for 20 healthy
equal "$(run_job Echo text=made)" made
equal "$(inside systemd-analyze cat-config sysusers.d | grep -c '^u midd')" 1
pass
