#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# build.sh OUT: RPM packages of what is built in $B, into OUT; then looks at
# what is in them, and installs them into a root of their own.
set -eu
cd "$(dirname "$0")/../.."
: "${VERSION:?}" "${B:=build}"
mkdir -p "$1"
out=$(cd "$1" && pwd)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
rm -rf "$out"/top "$out"/root "$out"/*.rpm
rpmbuild -bb --define "_topdir $out/top" --define "midd_version $VERSION" \
	--define "midd_make make -C $PWD B=$B" --define "_buildhost midd" --define "use_source_date_epoch_as_buildtime 1" \
	--define "clamp_mtime_to_source_date_epoch 1" packaging/rpm/midd.spec >"$out/build.log" 2>&1 || {
	tail -n 30 "$out/build.log" >&2
	exit 1
}
mv "$out"/top/RPMS/*/*.rpm "$out"/
rm -rf "$out/top"

# As far as this system can tell: names, scriptlets, and a root that holds the files afterwards.
no() { echo "rpm: $*" >&2; exit 1; }
midd=$(ls "$out"/midd-"$VERSION"-*.rpm)
rpm -qlp "$midd" | grep -qx /usr/lib/systemd/system/midd.service || no "the unit is missing"
for s in preinstall postinstall preuninstall postuninstall; do
	rpm -qp --scripts "$midd" | grep -q "^$s scriptlet" || no "no $s scriptlet"
done
rpm -qp --scripts "$midd" | sed -n '/^[a-z]* scriptlet/,$p' | grep -v ' scriptlet (using ' | sh -n || no "a scriptlet does not parse"
rpm --root "$out/root" --initdb
rpm --root "$out/root" -i --nodeps --noscripts "$out"/*.rpm 2>"$out/install.log" || { cat "$out/install.log" >&2; no "it cannot be installed"; }
[ -x "$out/root/usr/sbin/midd" ] && [ "$(rpm --root "$out/root" -qa | wc -l)" = 4 ] || no "files are missing after the installation"
rpm --root "$out/root" -e --nodeps --noscripts midd midd-probe-ssh midd-probe-snmp midlab 2>"$out/install.log"
[ ! -e "$out/root/usr/sbin/midd" ] || no "files stay after the removal"
rm -rf "$out/root"
ls -l "$out"/*.rpm | awk '{ printf "  %8.1f kB  %s\n", $5 / 1000, $9 }'
