# SPDX-License-Identifier: Apache-2.0
# make nspawn: the packages of Debian 12 on Debian 13, whose systemd knows notify-reload: installed, at work, a reload
# is over when the new configuration holds and fails when it is refused; rebooted; purged.
. "$(dirname "$0")/../scenario/lib.sh"
step() { echo "── $*"; }
SUITE=trixie
LOWER=$PWD/build/deps/$SUITE
command -v debootstrap >/dev/null || skip_all "newer: debootstrap is missing (make deps)"
B=${B#"$PWD"/} make -s --no-print-directory deb-only >"$W/deb.log" 2>&1 || { tail -n 20 "$W/deb.log"; die "no packages"; }
root_made() {	# its systemd, and what the packages depend on, under the names they know
	local needs
	needs=$(for d in "$B"/deb/midd_*.deb "$B"/deb/midd-probe-*.deb; do dpkg-deb -f "$d" Depends; done |
		tr ',' '\n' | sed 's/[(|].*//; s/ //g' | grep -v '^midd' | sort -u)
	rm -rf "$LOWER" "$LOWER.new"
	debootstrap --variant=minbase --include=systemd-sysv,dbus,iproute2,procps,ca-certificates "$SUITE" "$LOWER.new" &&
		chroot "$LOWER.new" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $needs &&
		rm -rf "$LOWER.new"/var/cache/apt/archives/*.deb && mv "$LOWER.new" "$LOWER"
}
[ -d "$LOWER" ] || root_made >"$W/root.log" 2>&1 || { tail -n 5 "$W/root.log"; rm -rf "$LOWER.new"; skip_all "newer: no Debian 13 is to be had here"; }
. "$(dirname "$0")/lib.sh"

step "Debian 13: installed, configured, started, healthy, at work"
lab_init
lab_start
packages
machine_boot
[ "$(inside systemctl --version | awk 'NR == 1 { print $2 }')" -ge 253 ]
say=$(install_packages midd midd-probe-ssh midd-probe-snmp) || die "$say"
has "$say" "FIRST START"
echo 'jobs: { standard: 50 }' | configure
inside systemctl enable --now midd 2>/dev/null
wait_for 20 healthy
equal "$(ctl status --json | jq -c '[.guard.seccomp, .guard.missing]')" '[true,""]'
has "$(run_job LocalInventory sections=os)" '"distribution_major_version":"13"'
inside systemd-analyze security --threshold=11 midd >"$W/exposure" || die "$(tail -n 1 "$W/exposure")"

step "a reload is over when the new configuration holds"
equal "$(property Type)" notify-reload
now() { ctl status --json | jq '.lanes[] | select(.name == "standard").slots'; }
for n in 60 70 80; do
	sed -i "s/standard: .* }/standard: $n }/" "$M/etc/midd/midd.yaml"
	inside systemctl reload midd
	equal "$(now)" $n
done

step "again and again under load: 100 jobs, one answer each"
reloads_under_load 100 500

step "a configuration that is refused: it goes on with the one it has, and says so"
sed -i 's/standard: 80/standard: many/' "$M/etc/midd/midd.yaml"
inside systemctl reload midd || true
equal "$(property ActiveState) $(now)" "active 80"
has "$(inside journalctl -q -b -u midd)" "reload refused"
sed -i 's/standard: many/standard: 90/' "$M/etc/midd/midd.yaml"
inside systemctl reload midd
equal "$(now)" 90

step "after a reboot it is up by itself"
machine_off
machine_boot
wait_for 20 healthy
equal "$(run_job Echo text=rebooted)" rebooted

step "purged: nothing of it is left with systemd"
echo 'midd midd/purge-state boolean true' | inside debconf-set-selections
inside env DEBIAN_FRONTEND=noninteractive dpkg -P midd-probe-ssh midd-probe-snmp midd >"$W/purge.log" 2>&1 || die "$(cat "$W/purge.log")"
equal "$(find "$M/etc/systemd/system" -name '*midd*' | wc -l)" 0
[ ! -e "$M/var/lib/midd" ] && [ ! -e "$M/etc/midd" ]
pass
