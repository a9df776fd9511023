#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rootfs.sh DIR: a root that holds midd and nothing else: the programs, the
# libraries they load, the authorities of the system. No shell, no package
# manager, no program of any other kind. Not one static program: a worker loads its
# probes as modules, and that takes the dynamic linker. The Containerfile makes it an image;
# test/nspawn/container.sh runs it read-only, as nobody.
#   B=build packaging/container/rootfs.sh build/rootfs
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}"
root=$1
rm -rf "$root"
mkdir -p "$root"
make -s B="$B" install INSTALL_ONLY=1 DESTDIR="$(cd "$root" && pwd)"
rm -rf "$root"/usr/share/{man,bash-completion,zsh,fish} "$root"/usr/include "$root"/usr/lib/systemd "$root"/usr/lib/sysusers.d "$root"/usr/lib/sysctl.d \
	"$root"/usr/share/midd/systemd "$root"/usr/share/midd/exec "$root"/usr/bin/midlab "$root"/etc/midd/credentials*
find "$root/usr" -type f \( -perm -100 -o -name '*.so' \) -exec strip --strip-unneeded {} +

# A library is put where the dynamic linker will look for it.
for f in "$root"/usr/sbin/midd "$root"/usr/bin/midctl "$root"/usr/lib/midd/midd-worker "$root"/usr/lib/midd/probes/*.so; do ldd "$f"; done |
	awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' | sort -u | while read -r lib; do
	install -D -m 755 "$lib" "$root$lib"
done
mkdir -p "$root"/etc/ssl/certs "$root"/etc/midd "$root"/var/lib/midd "$root"/run/midd "$root"/tmp "$root"/proc "$root"/dev "$root"/sys
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
for f in /etc/ssl/openssl.cnf; do [ ! -e $f ] || install -D -m 644 $f "$root$f"; done
echo 'midd:x:10001:10001:midd:/var/lib/midd:/nonexistent' >"$root/etc/passwd"
echo 'midd:x:10001:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
chmod 755 "$root/etc/midd" "$root/etc/midd/midd.d"
chown 10001:10001 "$root/var/lib/midd" "$root/run/midd" 2>/dev/null || true
chmod 700 "$root/var/lib/midd"
find "$root" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
