#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing from Debian, saying what and why. Does nothing when
# all is there. One row a package: name, what needs it.
set -eu
rows='
gcc                  compiler
clang                fuzzing and second opinion on warnings
libclang-rt-14-dev   sanitizers and fuzzer runtime of clang
make                 build
pkg-config           build
libc6-dev            build
libuv1-dev           event loop
libkrb5-dev          a Kerberos ticket for a proxy
libp11-kit-dev       midctl enroll makes a key in a PKCS#11 token
libcurl4-openssl-dev HTTPS to the instance
libssl-dev           TLS, CMS, AES-GCM
libsqlite3-dev       the store, the lab, rpm databases
libexpat1-dev        XML from the instance
libjson-c-dev        JSON
libyaml-dev          configuration
libjq-dev            facts to CIs
libseccomp-dev       worker sandbox
libmicrohttpd-dev    the lab
libgnutls28-dev      TLS of the lab
zlib1g-dev           the lab blows up an answer, for a test
libcmocka-dev        unit tests
curl                 tests ask the lab as a stranger would
openssl              tests open sealed results with somebody else'"'"'s tool
jq                   tests read JSON
sqlite3              tests look into the store
python3              corpus comparison
patch                the same, with a patch of ours
dpkg-dev             libssh2 1.11 from Debian 13'"'"'s source, where the own one is older
openssh-server       tests log in to a real sshd
snmpd                tests ask a real SNMP agent
squid                tests go through a real proxy
krb5-kdc             tests have Kerberos tickets from a real KDC
krb5-admin-server    the same: its accounts
krb5-user            the same: kinit
microsocks           tests go through a real SOCKS5 proxy
snmp                 tests compare with net-snmp'"'"'s programs
sudo                 tests become root over SSH
opendoas             the same with a program that asks only on a terminal
tcsh                 tests log in to accounts with other shells
csh                  the same
mksh                 the same
zsh                  the same; and complete midctl
fish                 tests complete midctl in it
busybox              the same
dropbear-bin         tests ask a host whose server is that of small devices
nginx-light          tests put a real TLS server in front of the lab
dnsmasq-base         tests ask a real server for names
haproxy              tests put a real balancer of load in front of the lab
nftables             tests lose packets
iproute2             scenarios have a network of their own
procps               tests count processes
softhsm2             tests keep the key in a PKCS#11 token
libengine-pkcs11-openssl  the same: OpenSSL uses it there
opensc               the same: somebody else looks into it
swtpm                tests keep the key in a TPM2
tpm2-openssl         the same: OpenSSL uses it there
mandoc               man page lint
debhelper            Debian packages
po-debconf           the same: the question at a purge
lintian              the same: checks them
rpm                  RPM packages
systemd-container    tests install the packages under a real systemd
iproute2             the same: in a network of its own
debootstrap          make nspawn: the packages on Debian 13 too
'
# Static programs, for the image: make container.
[ -z "${STATIC:-}" ] || rows="$rows
libnghttp2-dev       HTTP/2 in static programs
autoconf             libcurl and libjq from Debian's sources, static
automake             the same
libtool              the same
"
# A browser is large, and one test wants it: BROWSER=1 make deps.
[ -z "${BROWSER:-}" ] || rows="$rows
chromium             a test looks at the lab's web page, and make demo draws the CMDB"
# Each of these would serve the machine it is put on, and one test wants them: SERVERS=1 make deps.
[ -z "${SERVERS:-}" ] || rows="$rows
chrony               a test scans a real server of time
samba                the same: NetBIOS
openipmi             the same: IPMI
vsftpd               the same: FTP
avahi-daemon         the same: mDNS"
missing=
for p in $(printf '%s\n' "$rows" | awk 'NF{print $1}'); do
	s=$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null || true)
	[ "$s" = "install ok installed" ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

echo "deps: missing from this machine:"
for p in $missing; do
	printf '%s\n' "$rows" | awk -v p="$p" '$1==p{n=$1; $1=""; printf "  %-22s for%s\n", n, $0}'
done
sudo=
if [ "$(id -u)" -ne 0 ]; then
	sudo=$(command -v sudo) || {
		echo "deps: not root and no sudo: as root, run: apt-get install$missing" >&2
		exit 1
	}
	echo "deps: asking sudo to install them"
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q >/dev/null || echo "deps: apt-get update failed, trying with the lists at hand" >&2
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null || {
	echo "deps: apt-get could not install:$missing" >&2
	exit 1
}
echo "deps: installed"
