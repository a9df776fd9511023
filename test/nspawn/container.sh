# SPDX-License-Identifier: Apache-2.0
# make container: the root file system of the container image ($ROOTFS), run as an engine would: process 1, read-only, as a
# user who is nobody here, without capabilities, only its state and /run/midd to be written. Each program is one file
# that loads nothing; jobs of every kind that an image can do, by names that only a DNS server knows.
[ -n "${IN_NET:-}" ] || [ "$(id -u)" != 0 ] || IN_NET=1 exec unshare -n bash "$0"
. "$(dirname "$0")/../scenario/lib.sh"
[ "$(id -u)" = 0 ] || skip_all "container: not root, so nothing can be mounted: run as root"
for t in setpriv dnsmasq; do command -v $t >/dev/null || skip_all "container: $t is missing"; done
SSHD=$(command -v sshd || echo /usr/sbin/sshd) SNMPD=$(command -v snmpd || echo /usr/sbin/snmpd)
for t in "$SSHD" "$SNMPD"; do [ -x "$t" ] || skip_all "container: $t is missing"; done
ip link set lo up
export MIBS= # no noise of snmpd
ROOT=$W/rootfs
cp -a "$ROOTFS" "$ROOT"

# What is in it.
echo "the root holds $(find "$ROOT" -type f | wc -l) files, $(du -sk "$ROOT" | cut -f1) kB; programs: $(cd "$ROOT" && find . -type f -perm -100 | sort | tr '\n' ' ')"
[ -z "$(find "$ROOT" -name '*.so*' -o -name 'ld-*' -o -name sh -o -name busybox)" ] || die "there is a library, a linker or a shell"
equal "$(cd "$ROOT" && find . -type f -perm -100 | sort | tr '\n' ' ')" "./usr/bin/midctl ./usr/lib/midd/midd-worker ./usr/sbin/midd "
find "$ROOT" -type f | while read -r f; do
	readelf -h "$f" >/dev/null 2>&1 || continue
	! readelf -lW "$f" | grep -q INTERP || die "$f wants a dynamic linker"
	! readelf -dW "$f" | grep -q NEEDED || die "$f wants a library"
	readelf -hW "$f" | grep -q 'Type: *DYN' || die "$f is always at the same address"
done
has "$(jq -r '[.components[].name] | join(" ")' "$ROOT/usr/share/midd/midd.cdx.json")" libssl
equal "$(jq -r '.components[] | select(.name == "midd") | .hashes[0].content' "$ROOT/usr/share/midd/midd.cdx.json")" "$(sha256sum <"$ROOT/usr/sbin/midd" | cut -d' ' -f1)"

# The others: an instance, a host, a device, and the one that knows their names.
serve() { "$@" >>"$W/servers.txt" 2>&1 & echo $! >>"$W/servers.pid"; }
lab_init
lab_start
for k in host us; do ssh-keygen -q -t ed25519 -N '' -f "$W/key_$k"; done
cp "$W/key_us.pub" "$W/authorized_keys"
chmod 711 "$W"
mkdir -p /run/sshd
printf '%s\n' 'agentXSocket none' 'sysName in-the-cellar' 'createUser shaaes SHA auth-phrase-1 AES priv-phrase-1' 'rouser shaaes priv' >"$W/snmpd.conf"
serve "$SSHD" -D -e -f /dev/null -h "$W/key_host" -o ListenAddress=127.0.1.5 -o PidFile=none -o StrictModes=no -o UsePAM=no \
	-o PermitRootLogin=prohibit-password -o "AuthorizedKeysFile=$W/authorized_keys"
serve "$SNMPD" -f -Lo -C -c "$W/snmpd.conf" --persistentDir="$W/snmp" udp:127.0.1.6:161
serve dnsmasq -k -p 53 --listen-address=127.0.1.53 --bind-interfaces --no-resolv --no-hosts --user=root --pid-file= \
	--host-record=host.example.test,127.0.1.5 --host-record=device.example.test,127.0.1.6
for at in 127.0.1.5/22 127.0.1.53/53; do wait_for 10 bash -c ": </dev/tcp/$at"; done

cp "$W"/lab/ca.pem "$W"/lab/seal.pem "$ROOT/etc/midd/"
cp "$W/lab/agents/demo.pem" "$ROOT/etc/midd/cert.pem"
install -m 400 -o 10001 "$W/lab/agents/demo.key" "$ROOT/etc/midd/key"
echo "127.0.0.1 localhost" >"$ROOT/etc/hosts"
echo "nameserver 127.0.1.53" >"$ROOT/etc/resolv.conf"
echo "allow SSHCommand 127.0.0.0/8 * *" >"$ROOT/etc/midd/rules"
cat >"$ROOT/etc/midd/midd.yaml" <<Y
name: demo
instance: { url: "$LAB_URL", ca: ca.pem, cert: cert.pem, key: key }
seal: { mode: required, instance_cert: seal.pem }
poll: { min: 100ms, max: 500ms }
policy: { loopback: true, rules: rules }
results: { disk_min: 0 B }
Y

# What a static program cannot do, it says.
inside() { chroot --userspec=10001:10001 --groups= "$ROOT" "$@"; }
inside /usr/sbin/midd --config /etc/midd/midd.yaml --check-config >/dev/null
sed 's/key: key/key: key, proxy_login: negotiate/' "$ROOT/etc/midd/midd.yaml" >"$ROOT/etc/midd/other.yaml"
has "$(inside /usr/sbin/midd --config /etc/midd/other.yaml --check-config 2>&1 || true)" 'needs Kerberos, which this midd is built without'
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | sed 's/ PRIVATE/ TSS2 PRIVATE/' >"$W/tss.key"
install -m 400 -o 10001 "$W/tss.key" "$ROOT/etc/midd/tss.key"
for key in tss.key '"pkcs11:token=T;object=O"'; do
	sed "s/key: key/key: $key/" "$ROOT/etc/midd/midd.yaml" >"$ROOT/etc/midd/other.yaml"
	has "$(inside /usr/sbin/midd --config /etc/midd/other.yaml 2>&1 || true)" "uses no key in hardware"
done
rm "$ROOT/etc/midd/other.yaml" "$ROOT/etc/midd/tss.key"
cp "$B/probes/echo.so" "$ROOT/usr/lib/midd/probes/other.so"

cat >"$W/run.sh" <<R
set -e
mount --bind "$ROOT" "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o uid=10001,gid=10001,mode=700 state "$ROOT/var/lib/midd"
mount -t tmpfs -o uid=10001,gid=10001,mode=755 run "$ROOT/run/midd"
mount --bind /dev "$ROOT/dev"
mount -o remount,bind,ro "$ROOT"
exec chroot --userspec=10001:10001 --groups= "$ROOT" /usr/sbin/midd --config /etc/midd/midd.yaml
R
mkdir -p "$W/demo"
setpriv --no-new-privs unshare -m -p -f --propagation private bash "$W/run.sh" >"$W/demo/midd.log" 2>&1 &
echo $! >"$W/demo/midd.pid"
pid() { pgrep -P "$(cat "$W/demo/midd.pid")" -x midd; }
in_it() { nsenter -t "$(pid)" -m -p -r --setuid=10001 --setgid=10001 /usr/bin/midctl "$@"; }
wait_for 20 in_it status
equal "$(run_job Echo text=contained)" contained
has "$(run_job LocalInventory sections=cpu)" '"cpu"'
equal "$(in_it probes --json | jq -r '[.[].name] | sort | join(" ")')" "$(basename -as .so "$B"/probes/*.so | sort | paste -sd' ')"
equal "$(in_it probes --json | jq -r '.[] | select(.name == "local") | .map')" linux
has "$(cat "$W/demo/midd.log")" "other.so is left out: a static program loads no modules"
has "$(in_it doctor || true)" "midd-worker, and its probes in it"

# What helps somebody else to help, without a tar.
in_it bundle /var/lib/midd/b.tar.gz --yes >"$W/said"
has "$(tar -tzf "/proc/$(pid)/root/var/lib/midd/b.tar.gz")" doctor.json

# Over the network: an account by SSH, a device by SNMPv3, a range.
in_it creds add us --type ssh_private_key --user root <"$W/key_us" >/dev/null
echo '{"auth_protocol": "SHA", "auth_key": "auth-phrase-1", "priv_protocol": "AES", "priv_key": "priv-phrase-1"}' |
	in_it creds add device --type snmpv3 --user shaaes >/dev/null
both() { [ "$(in_it creds list --json | jq length)" = 2 ]; }
wait_for 10 both
equal "$(run_job SSHCommand --source host.example.test name='echo from there')" "from there"
has "$(run_job SNMP --source device.example.test oid_spec_list='get sysName.0')" "in-the-cellar"
has "$(in_it run SNMP --source nobody.example.test 2>&1 || true)" 'there is no address for nobody.example.test'
in_it run Scan ranges=127.0.1.4-127.0.1.7 ports=ssh,snmp --json >"$W/scan"
equal "$(jq -c '[.hosts[] | select(.class != null and .class != "") | .address] | sort' "$W/scan")" '["127.0.1.5","127.0.1.6"]'

# Who it is.
equal "$(awk '$1=="Uid:"{print $2} $1=="CapEff:"{print $2} $1=="NoNewPrivs:"{print $2}' "/proc/$(pid)/status" | tr '\n' ' ')" "10001 0000000000000000 1 "
awk '$5 == "/" { exit !($6 ~ /(^|,)ro(,|$)/) }' "/proc/$(pid)/mountinfo" || die "its root can be written"
equal "$(awk '$1=="NSpid:"{print $NF}' "/proc/$(pid)/status")" 1
in_it status
# Stopped as an engine does it, with a job under way: it ends well and in time, and leaves nobody behind.
job Echo text=late delay_ms=1000 >/dev/null
busy() { [ "$(in_it status --json | jq '[.lanes[].running] | add')" -ge 1 ]; }
wait_for 10 busy
kill -TERM "$(pid)"
timeout 12 tail --pid="$(cat "$W/demo/midd.pid")" -f /dev/null || die "it did not stop"
status=0
wait "$(cat "$W/demo/midd.pid")" || status=$?
rm "$W/demo/midd.pid"
equal "$status" 0
pass
