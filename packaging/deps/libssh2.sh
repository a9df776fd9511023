#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# libssh2 1.11 for systems whose own is older: from Debian 13's source package
# with its patches, signed by Debian, made once into DIR (build/deps) and linked
# statically. Older ones lack rsa-sha2, ETM and strict key exchange.
#
#   libssh2.sh DIR        makes DIR/lib/libssh2.a, unless pkg-config knows 1.11
set -eu
VERSION=1.11.1
PATCH=$(cd "$(dirname "$0")" && pwd)/libssh2-host-certificates.patch	# ours: certificates of hosts
STAMP="$VERSION $(cksum <"$PATCH")"
dir=$1
pkg-config --atleast-version=1.11 libssh2 2>/dev/null && exit 0
[ -f "$dir/lib/libssh2.a" ] && [ "$(cat "$dir/libssh2.version" 2>/dev/null)" = "$STAMP" ] && exit 0
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The mirror that this system uses, with a configuration of its own: nothing of the system's lists changes.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | head -n 1 || true)
[ -n "$mirror" ] || mirror=http://deb.debian.org/debian
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/parts"
echo "deb-src ${mirror%/} trixie main" >"$work/sources.list"
chmod -R a+rX "$work"
apt="-o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=$work/parts -o Dir::State::lists=$work/lists
	-o Dir::Cache=$work/cache -o APT::Sandbox::User=root"
echo "deps: libssh2 $VERSION from Debian's source package"
# shellcheck disable=SC2086
{ apt-get $apt update -q && cd "$work" && apt-get $apt source -q libssh2; } >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	echo "deps: libssh2 $VERSION can't be fetched: is $mirror reachable, and dpkg-dev installed?" >&2
	exit 1
}
cd "$work/libssh2-$VERSION"
patch -p1 -s <"$PATCH"
{
	./configure -q --prefix="$dir" --libdir="$dir/lib" --with-crypto=openssl --without-libz --disable-shared --enable-static \
		--with-pic --disable-examples-build --disable-docs-build --disable-sshd-tests --disable-tests \
		CFLAGS="-O2 -g -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2" &&
	make -s -j2 -C src && make -s -C src install && make -s install-includeHEADERS install-data
} >"$work/log" 2>&1 || {
	tail -n 30 "$work/log" >&2
	echo "deps: libssh2 $VERSION can't be built" >&2
	exit 1
}
echo "$STAMP" >"$dir/libssh2.version"
echo "deps: made $dir/lib/libssh2.a"
