#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# build.sh OUT: Debian packages of what is built in $B, into OUT. Same sources
# and compiler, same bytes: all dates are those of the last change.
#   VERSION=1.2.3  B=build  packaging/debian/build.sh build/deb
set -eu
cd "$(dirname "$0")/../.."
: "${VERSION:?}" "${B:=build}"
out=$1
work=$out/work
tree=$work/midd-$VERSION
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export TZ=UTC LC_ALL=C.UTF-8
umask 022
rm -rf "$work"
mkdir -p "$tree/build/probes" "$out"

# The tree as it is released, with the programs beside it.
packaging/sources.sh "$tree"
cp -a "$B/bin" "$tree/build/"
cp -a "$B"/probes/*.so "$tree/build/probes/"
rm -rf "$tree/debian"
cp -R packaging/debian "$tree/debian"
rm -f "$tree/debian/build.sh"
for u in service socket; do cp "packaging/systemd/midd.$u" "$tree/debian/midd.midd.$u"; done
for u in raw facts; do cp "packaging/systemd/midd-$u.socket" "$tree/debian/midd.midd-$u.socket"; done
cp packaging/systemd/midd.sysusers "$tree/debian/midd.sysusers"
cat >"$tree/debian/changelog" <<-C
	midd ($VERSION) unstable; urgency=medium

	  * See /usr/share/doc/midd/changelog.gz for what has changed.

	 -- midd maintainers <maintainers@midd.example.org>  $(date -uR -d "@$SOURCE_DATE_EPOCH")
C
(cd "$tree" && debconf-updatepo && MIDD_BUILT=1 dpkg-buildpackage -us -uc -b -d ${DEB_QUIET:+-q}) >"$out/build.log" 2>&1 || {
	tail -n 40 "$out/build.log" >&2
	echo "deb: the whole log is $out/build.log" >&2
	exit 1
}
rm -f "$out"/*.deb "$out"/*.changes "$out"/*.buildinfo
mv "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$out"/
rm -rf "$work"
