#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the packages' scripts do, for `make install` into this system: the user, who may read the configuration,
# and what systemd must be told. Done twice it changes nothing.
set -eu
command -v systemd-sysusers >/dev/null || { echo "no systemd here: make a user midd, and let it read /etc/midd"; exit 0; }
systemd-sysusers /usr/lib/sysusers.d/midd.conf
chgrp midd /etc/midd /etc/midd/midd.d
[ ! -d /run/midd ] || chown root:root /run/midd
version=$(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
if [ "${version:-0}" -ge 253 ]; then
	mkdir -p /etc/systemd/system/midd.service.d
	ln -sf /usr/share/midd/systemd/notify-reload.conf /etc/systemd/system/midd.service.d/10-notify-reload.conf
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	journalctl --update-catalog >/dev/null 2>&1 || true
	for s in /usr/lib/systemd/systemd-sysctl /lib/systemd/systemd-sysctl; do
		[ ! -x $s ] || { $s 60-midd-ping.conf || true; break; }
	done
fi
[ -e /etc/midd/midd.yaml ] || echo "midd is installed. Next: midctl enroll https://YOUR-INSTANCE    # or by hand: FIRST START in midd(8)"
