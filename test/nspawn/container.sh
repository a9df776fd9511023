# SPDX-License-Identifier: Apache-2.0
# make container: the root file system of the container image, run as an engine would: process 1, read-only, as a
# user who is nobody here, without capabilities, only its state and /run/midd to be written.
. "$(dirname "$0")/../scenario/lib.sh"
[ "$(id -u)" = 0 ] || skip_all "container: not root, so nothing can be mounted: run as root"
command -v setpriv >/dev/null || skip_all "container: setpriv is missing"
ROOT=$W/rootfs
packaging/container/rootfs.sh "$ROOT"
echo "the root holds $(find "$ROOT" -type f | wc -l) files, $(du -sm "$ROOT" | cut -f1) MB; programs: $(cd "$ROOT" && find . -type f -perm -100 ! -name '*.so*' | sort | tr '\n' ' ')"
[ ! -e "$ROOT/bin/sh" ] || die "there is a shell"
lab_init
lab_start
cp "$W"/lab/ca.pem "$W"/lab/seal.pem "$ROOT/etc/midd/"
cp "$W/lab/agents/demo.pem" "$ROOT/etc/midd/cert.pem"
install -m 400 -o 10001 "$W/lab/agents/demo.key" "$ROOT/etc/midd/key"
echo "127.0.0.1 localhost" >"$ROOT/etc/hosts"
cat >"$ROOT/etc/midd/midd.yaml" <<Y
name: demo
instance: { url: "$LAB_URL", ca: ca.pem, cert: cert.pem, key: key }
seal: { mode: required, instance_cert: seal.pem }
poll: { min: 100ms, max: 500ms }
results: { disk_min: 0 B }
Y
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
