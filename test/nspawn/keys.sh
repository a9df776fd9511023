# SPDX-License-Identifier: Apache-2.0
# make nspawn: the ten minutes of README.md under a real systemd: installed by apt-get, enrolled, healthy.
# Then the same with a key that systemd-creds encrypts, one in a PKCS#11 token and one of a TPM2, which the service reaches by its drop-ins
# from inside of its sandbox, at an exposure of 1.1 all the same.
. "$(dirname "$0")/lib.sh"
step() { echo "── $*"; }
lab_init
lab_start --enroll-days 90
packages
machine_boot

step "installed by apt-get, as README.md says; nothing starts"
nsenter -t "$LEADER" -a --wd="$M/pkg" bash -c 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q ./midd_*.deb ./midd-probe-{ssh,snmp}_*.deb' >"$W/apt.log" 2>&1 ||
	die "$(cat "$W/apt.log")"
has "$(cat "$W/apt.log")" "midctl enroll"
equal "$(property ActiveState)" inactive

# enroll NAME OPTION...: with a token of one use; somebody there approves.
enroll() {
	enroll_token "$W/token" --agent "$1"
	enroll_begin timeout 120 nsenter -t "$LEADER" -a env "${ENV:-A=}" midctl enroll "$LAB_URL" "$@" <"$W/token"
	enroll_approve
}
works() {	# NAME
	wait_for 20 healthy
	AGENT=$1
	equal "$(run_job Echo text="$1")" "$1"
	# Without the kernel's resource manager a TPM2 has no room for a second program's key.
	[ "$1" = tpm ] || equal "$(ctl doctor --json | jq -r '[.[] | select(.state != "ok").hop] | join(" ")')" ""
	inside systemd-analyze security --threshold=11 midd >"$W/exposure" || die "$(tail -n 1 "$W/exposure")"
}

step "enrolled, started by the command that it names, healthy, at work"
lab enroll token >"$W/said"
enroll dc1 --fingerprint "$(sed -n 's/^our CA *//p' "$W/said")"
has "$(cat "$W/enroll.log")" "systemctl enable --now midd"
inside systemctl enable --now midd 2>/dev/null
works dc1
cp "$W/lab/ca.pem" "$M/etc/midd/ca.pem"

step "the key is encrypted to this host; none lies there in the clear"
before=$(ls "$M/etc/midd/credentials" | wc -l)
enroll dc2 --ca /etc/midd/ca.pem --sealed
equal "$(ls "$M/etc/midd/credentials" | wc -l) $(ls "$M/etc/midd/credentials.encrypted" | wc -l)" "$before 1"
inside systemctl restart midd
works dc2
rm "$M"/etc/midd/credentials.encrypted/*

dropin() { mkdir -p "$M/etc/systemd/system/midd.service.d"; cat >"$M/etc/systemd/system/midd.service.d/$1"; inside systemctl daemon-reload; }

step "the key is encrypted by systemd-creds, and stays so when the certificate is renewed"
enroll crd --ca /etc/midd/ca.pem --sealed
key=$(sed -n 's/^  key: "credential:\(.*\)"/\1/p' "$M/etc/midd/midd.d/10-enroll.yaml")
[ -e "$M/etc/midd/credentials.encrypted/$key" ] && [ ! -e "$M/etc/midd/credentials/$key" ] || die "the key is not encrypted, or plain too"
! grep -l "PRIVATE KEY" "$M/etc/midd/credentials.encrypted/$key" || die "it is not encrypted"
echo 'cert: { renew_before: 400d }' >"$M/etc/midd/midd.d/60-renew.yaml"
inside systemctl restart midd
works crd
has "$(ctl config show --json | jq -r '.[] | select(.option == "instance.key").value')" "sealed_$key"
wait_for 20 test -e "$M/var/lib/midd/renewed.pem"
! grep "PRIVATE KEY" "$M/var/lib/midd/renewed.pem" || die "a key lies in the clear"
rm "$M/etc/midd/midd.d/60-renew.yaml"

step "the key is in a PKCS#11 token"
if inside softhsm2-util --init-token --free --label midd --so-pin 12345678 --pin 7654321 >"$W/said" 2>&1 && [ -e "$M"/usr/lib/*/engines-3/pkcs11.so ]; then
	install -m 600 /dev/stdin "$M/etc/midd/credentials/pin" <<<7654321
	enroll tok --ca /etc/midd/ca.pem --key 'pkcs11:token=midd;object=tok?pin-source=credential:pin'
	if inside systemctl restart midd 2>/dev/null; then die "the sandbox lets it reach the token"; fi
	has "$(inside journalctl -q -b -u midd MIDD_EVENT=no-start -n 1)" "Keys in hardware"
	inside sh -c 'chown -R midd /var/lib/softhsm/tokens/*'
	printf '[Service]\nSupplementaryGroups=softhsm\nReadWritePaths=/var/lib/softhsm\n' | dropin token.conf
	inside systemctl reset-failed midd
	inside systemctl restart midd
	works tok
	rm "$M/etc/systemd/system/midd.service.d/token.conf"
else
	echo "   left out: softhsm2 or libengine-pkcs11-openssl is not installed"
fi

step "the key is a TPM2's; of all devices the service sees that one"
if command -v swtpm >/dev/null && [ -e "$(openssl version -m | sed -n 's/.*"\(.*\)".*/\1/p')/tpm2.so" ] && inside getent group tss >/dev/null; then
	mkdir "$W/tpm"
	ip netns exec "$NET" swtpm socket --tpm2 --tpmstate "dir=$W/tpm" --server type=tcp,port=2321 --ctrl type=tcp,port=2322 \
		--flags not-need-init,startup-clear >"$W/swtpm.log" 2>&1 &
	echo $! >"$W/swtpm.pid"
	there() { in_net bash -c ': </dev/tcp/127.0.0.1/2322'; }
	wait_for 10 there
	ENV=TPM2OPENSSL_TCTI=swtpm:host=127.0.0.1,port=2321
	enroll tpm --ca /etc/midd/ca.pem --key tpm2
	# There is no such device here: what stands in for it can be opened, and the TPM2 itself is asked over TCP.
	nsenter -t "$LEADER" -m sh -c 'mknod /dev/tpmrm0 c 1 3 && chmod 660 /dev/tpmrm0' && inside chgrp tss /dev/tpmrm0
	dropin hardware-key.conf <packaging/systemd/hardware-key.conf
	printf '[Service]\nEnvironment=%s\nExecStartPre=/bin/sh -c ": <>/dev/tpmrm0 && ls /dev"\n' "$ENV" | dropin test.conf
	inside systemctl reset-failed midd
	inside systemctl restart midd
	works tpm
	equal "$(inside ls "/proc/$(main_pid)/root/dev" | grep -cE '^(tpmrm0|vda|mem|kmsg)$')" 1
else
	echo "   left out: swtpm or tpm2-openssl is not installed"
fi
pass
