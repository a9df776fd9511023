# SPDX-License-Identifier: Apache-2.0
# lib - a real systemd: systemd-nspawn over an overlay of this machine's own
# root (or of the one in LOWER), in a network of its own, with the lab beside it in that network. What is
# done to it is gone afterwards. Sourced by tests that install the packages.
#
#   machine_boot           boots it (again); M is its root as seen from here
#   inside COMMAND...      runs it there, as root
#   machine_off            powers it off; its disk stays until the test ends
. "$(dirname "${BASH_SOURCE[0]}")/../scenario/lib.sh"
case $B in */san) skip_all "systemd: the packages are made from the plain build, which make check tests" ;; esac
[ "$(id -u)" = 0 ] || skip_all "systemd: not root, so no systemd-nspawn: run as root"
for tool in systemd-nspawn nsenter dpkg-buildpackage dh ip; do
	command -v $tool >/dev/null || skip_all "systemd: $tool is missing (make deps)"
done

NET=midd-$$
M=$W/machine
mkdir -p "$W/over" "$M"
mount -t tmpfs -o size=2g over "$W/over" 2>/dev/null && mkdir "$W/over/up" "$W/over/work" &&
	mount -t overlay over -o "lowerdir=${LOWER:-/},upperdir=$W/over/up,workdir=$W/over/work" "$M" 2>/dev/null ||
	{ umount "$W/over" 2>/dev/null || true; skip_all "systemd: no overlay can be mounted here"; }
ip netns add "$NET" && ip -n "$NET" link set lo up || { umount "$M" "$W/over"; skip_all "systemd: no network namespaces here"; }
LEADER=

machine_dead() { [ -z "$LEADER" ] || ! kill -0 "$NSPAWN" 2>/dev/null; }
machine_off() {
	[ -n "$LEADER" ] || return 0
	inside systemctl poweroff >/dev/null 2>&1 || true
	for _ in $(seq 150); do machine_dead && break; sleep 0.1; done
	machine_dead || kill -KILL "$LEADER" 2>/dev/null || true
	wait "$NSPAWN" 2>/dev/null || true
	LEADER=
}
cleanup_more() {
	[ "$FAILED" = 0 ] || [ -z "$LEADER" ] || { echo "--- journal"; inside journalctl -b -n 60 --no-pager -u 'midd*' 2>/dev/null || true; }
	machine_off
	drop_groups
	umount -l "$M" "$W/over" 2>/dev/null || true
	ip netns del "$NET" 2>/dev/null || true
}

# This machine's own services are nobody's business there; what forbids starts is taken away.
rm -f "$M/usr/sbin/policy-rc.d"
rm -rf "$M"/etc/systemd/system/*.wants "$M"/var/lib/midd "$M"/etc/midd
ln -sf /dev/null "$M/etc/systemd/system/systemd-networkd-wait-online.service"
ln -sf /dev/null "$M/etc/systemd/system/getty.target"

in_net() { ip netns exec "$NET" "$@"; }
inside() {
	[ -n "$LEADER" ] || die "the machine does not run"	# else it would be done to this one
	nsenter -t "$LEADER" -a "$@"
}
machine_up() {
	LEADER=$(pgrep -P "$NSPAWN" -x systemd) || return 1
	case $(inside systemctl is-system-running 2>/dev/null) in running|degraded) ;; *) return 1 ;; esac
}
# Control groups of its own: two machines at once, of two runs, would otherwise share those of their services, and one
# that ends its midd would end the other's too.
GROUPS_OF="/sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup"
own_groups() {
	local g
	for g in $GROUPS_OF; do
		[ ! -e "$g/cgroup.procs" ] || { mkdir -p "$g/$NET" && echo "$BASHPID" >"$g/$NET/cgroup.procs"; } 2>/dev/null || true
	done
}
drop_groups() {
	local g
	for g in $GROUPS_OF; do
		[ ! -d "$g/$NET" ] || find "$g/$NET" -depth -type d -exec rmdir {} + 2>/dev/null || true
	done
}
machine_boot() {
	(own_groups; exec systemd-nspawn -D "$M" --register=no --keep-unit --boot --console=pipe --system-call-filter="bpf landlock_create_ruleset landlock_add_rule landlock_restrict_self" \
		--network-namespace-path="/run/netns/$NET" </dev/null >>"$W/boot.log" 2>&1) &
	NSPAWN=$!
	for _ in $(seq 300); do
		machine_up && { settable; return 0; }
		kill -0 "$NSPAWN" 2>/dev/null || break
		sleep 0.1
	done
	tail -n 20 "$W/boot.log"
	LEADER=
	skip_or_die "systemd: it does not boot in systemd-nspawn here"
}
skip_or_die() { [ -z "${MIDD_NSPAWN:-}" ] || die "$*"; cleanup_more; skip_all "$*"; }

# nspawn gives a network by path a read-only /proc/sys: this one value can be set, as on a real machine.
ping_range=net/ipv4/ping_group_range
settable() {
	inside mount -t proc proc /mnt
	inside mount --bind "/mnt/sys/$ping_range" "/proc/sys/$ping_range"
	inside umount -l /mnt
}

# --- the lab, in that network ------------------------------------------------------

lab() { in_net "$B/bin/midlab" -d "$W/lab" "$@"; }
lab_start() {
	rm -f "$W/lab/serve.json"
	ip netns exec "$NET" "$B/bin/midlab" serve "$W/lab" --listen "127.0.0.1:${LAB_PORT:-0}" "$@" >>"$W/lab.log" 2>&1 &
	echo $! >"$W/lab.pid"
	wait_for 20 test -s "$W/lab/serve.json"
	LAB_URL=$(jq -r .url "$W/lab/serve.json")
	LAB_PORT=${LAB_URL##*:}
}

# --- midd, installed there -----------------------------------------------------------

ctl() { inside midctl "$@"; }
packages() {	# once for all tests of a run; into $DEBS
	DEBS=$B/deb
	make -s --no-print-directory B="${B#"$PWD"/}" deb-only >"$W/deb.log" 2>&1 || { tail -n 20 "$W/deb.log"; die "no packages"; }
	mkdir -p "$M/pkg"
	cp "$DEBS"/*.deb "$M/pkg/"
	rm -f "$M"/pkg/*dbgsym*
}
# install_packages NAME...: as an operator would, offline.
install_packages() {
	local n files=
	for n in "$@"; do files="$files $(cd "$M" && echo pkg/"${n}"_*.deb)"; done
	nsenter -t "$LEADER" -a --wd="$M" env DEBIAN_FRONTEND=noninteractive dpkg -i $files 2>&1
}
# The five lines of FIRST START.
configure() {
	cp "$W/lab/ca.pem" "$W/lab/seal.pem" "$M/etc/midd/"
	cp "$W/lab/agents/$AGENT.pem" "$M/etc/midd/cert.pem"
	install -m 600 "$W/lab/agents/$AGENT.key" "$M/etc/midd/credentials/key"
	cat >"$M/etc/midd/midd.yaml" <<-Y
		name: $AGENT
		instance:
		  url: $LAB_URL
		  ca: ca.pem
		  cert: cert.pem
		  key: credential:key
		seal:
		  mode: required
		  instance_cert: seal.pem
		poll:
		  min: 100ms
		  max: 500ms
		results:
		  disk_min: 0 B
		  retry_min: 100ms
		  retry_max: 1s
	Y
	[ -t 0 ] || cat >>"$M/etc/midd/midd.yaml"
	chmod 644 "$M"/etc/midd/*.pem "$M/etc/midd/midd.yaml"
}
main_pid() { inside systemctl show -P MainPID midd; }
property() { inside systemctl show -P "$1" "${2:-midd}"; }
healthy() { ctl status >/dev/null 2>&1; }
# reloads_under_load N MS [BEFORE]: N Echo jobs of MS each, ten reloads meanwhile; each answered once, as the BEFORE of earlier steps.
reloads_under_load() {
	local all=$(($1 + ${3:-0}))
	job Echo --count "$1" text=load delay_ms="$2" >/dev/null
	for _ in $(seq 10); do inside systemctl reload midd; done
	wait_for 60 all_answered $all Echo
	each_once Echo $all
	equal "$(property NRestarts)" 0
}
