#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rootfs.sh DIR: a root that holds midd and nothing else: its three programs, each of one file that loads nothing (make
# STATIC=1), their data, what they are made of (CycloneDX), and the authorities of the system. No shell, no library, no
# dynamic linker. midd-facts and midd-raw are not in it: systemd starts them, as root. The Containerfile makes it an
# image; test/nspawn/container.sh runs it read-only, as nobody.
#   B=build/static packaging/container/rootfs.sh build/rootfs
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build/static}"
root=$1
rm -rf "$root"
install -D -m 755 "$B/bin/midd" "$root/usr/sbin/midd"
install -D -m 755 "$B/bin/midctl" "$root/usr/bin/midctl"
install -D -m 755 "$B/bin/midd-worker" "$root/usr/lib/midd/midd-worker"
install -D -m 644 "$B/midd.cdx.json" "$root/usr/share/midd/midd.cdx.json"
install -m 644 etc/midd.yaml "$root/usr/share/midd/midd.yaml"
mkdir -p "$root"/usr/lib/midd/{probes,exec} "$root"/usr/lib/ssl "$root"/etc/ssl/certs "$root"/etc/midd/midd.d "$root"/var/lib/midd "$root"/run/midd \
	"$root"/{tmp,proc,dev,sys}
for d in $(basename -a share/*); do
	[ "$d" != exec ] || continue	# scripts, for a shell
	cp -R "share/$d" "$root/usr/share/midd/"
	[ "$d" = map ] || ln -s "../../share/midd/$d" "$root/usr/lib/midd/$d"	# probes look for their data there
done
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
[ ! -e /etc/ssl/openssl.cnf ] || install -m 644 /etc/ssl/openssl.cnf "$root/etc/ssl/"
for f in certs openssl.cnf; do ln -s "../../../etc/ssl/$f" "$root/usr/lib/ssl/$f"; done	# where Debian's OpenSSL looks
echo 'midd:x:10001:10001:midd:/var/lib/midd:/nonexistent' >"$root/etc/passwd"
echo 'midd:x:10001:' >"$root/etc/group"
printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >"$root/etc/nsswitch.conf"	# what is built into a static libc
find "$root" -type d -exec chmod 755 {} +
chown 10001:10001 "$root/var/lib/midd" "$root/run/midd" 2>/dev/null || true
chmod 700 "$root/var/lib/midd"
find "$root" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
