#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What static programs (make STATIC=1) are linked with where Debian's -dev packages hold no fitting archive, from Debian's
# source packages, made once into DIR (build/deps/static): libjq and libonig are shared objects there, and libcurl.a needs
# the archives of Kerberos and LDAP, which are none either. Whatever else they need is an archive of a -dev package.
#
#   static.sh DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ -n "${1:-}" ] || { echo "deps: it is: packaging/deps/static.sh build/deps/static" >&2; exit 2; }
STATIC=1 "$here/debian.sh"
. "$here/source.sh"
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
for_what="static programs"
make_in "$1" "$mirror $suite" "$mirror $suite-updates" "$mirror-security $suite-security"

FLAGS="-O2 -g -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$P=."
# Not pinned, as the -dev packages aren't: the newest that Debian has when it is made.
version_of() { cat "$src/version.$1" 2>/dev/null || true; }
digest_of() { :; }
how_built() { version_of "$1"; echo "$FLAGS"; }
by_configure() { ./configure -q --prefix="$P" --disable-shared --enable-static CFLAGS="$FLAGS" "$@"; }
make_curl() {
	build_curl --with-openssl --with-zlib --with-nghttp2 --without-gssapi --disable-ntlm-wb \
		--with-ca-bundle=/etc/ssl/certs/ca-certificates.crt
}

# A static program keeps the holes of what it was made of: a library that the system's own has overtaken is made again, if
# a source that is newer can be had.
package_of() { case $1 in curl) echo libcurl4 ;; libonig) echo libonig5 ;; jq) echo libjq1 ;; esac; }
is_old() { ! dpkg --compare-versions "$(version_of "$1")" ge "$(candidate "$(package_of "$1")")"; }
# A list may name what its mirror no longer has, or not yet.
choose() {	# PACKAGE: the newest that can be had
	local v
	for v in $(with_lists apt-cache showsrc --only-source "$1" 2>/dev/null | awk '$1 == "Version:" { print $2 }' | sort -Vru); do
		[ "$v" != "$(version_of "$1")" ] || ! is_made "$1" || return 0
		(cd "$src" && with_lists apt-get source --download-only "$1=$v") >"$src/log.$1" 2>&1 || continue
		echo "$v" >"$src/version.$1"
		return 0
	done
}
lately=$(find "$src/log.update" -mmin -1440 2>/dev/null || true)
for p in libonig jq curl; do
	if ! is_made $p || { is_old $p && [ -z "$lately" ]; }; then
		update
		choose $p
		is_made $p || { echo "deps: makes $p $(version_of $p), static: a minute, once" && fetch $p && one $p; }
	fi
	! is_old $p || echo "deps: $p $(version_of $p) is older than the system's own, and no newer source can be had" >&2
done

# What is linked in: when that changes, so do the programs (packaging/host/static.mk).
dev="libssl-dev libc6-dev libexpat1-dev libjson-c-dev libnghttp2-dev libseccomp-dev libsqlite3-dev libuv1-dev libyaml-dev zlib1g-dev"
{ cat "$src"/made.*; dpkg-query -W $dev; } >"$P/linked.part"
cmp -s "$P/linked.part" "$P/linked" || cp "$P/linked.part" "$P/linked"
apt-cache policy $dev 2>/dev/null | awk '/^[^ ]/ { p = $1 } $1 == "Installed:" { had = $2 } $1 == "Candidate:" && $2 != had {
	print "deps: " p " " had " is linked in, and there is " $2 ": apt-get upgrade before an image is given to others" }' >&2
