# SPDX-License-Identifier: Apache-2.0
# UnixFacts of systems that are no Linux. Behind a real sshd stands the folder test/data/hosts/SYSTEM
# as a root of its own: its files, a small shell, and programs that print what that system's do. All
# facts of it are seen, in one login, and the record in the CMDB is of that system's class.
. "$(dirname "$0")/lib.sh"
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
BUSYBOX=$(command -v busybox || true)
[ -x "$SSHD" ] || skip_all "there is no sshd (apt-get install openssh-server)"
[ -n "$BUSYBOX" ] || skip_all "there is no busybox"
unshare -r true 2>/dev/null || [ "$(id -u)" -eq 0 ] || skip_all "may not make a root of its own"
mkdir -p "$W/keys"
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/host"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/user"

# What a program of that system prints is a file named after it; these have several.
cat >"$W/fake" <<'F'
#!/bin/sh
n=${0##*/}
case "$n $*" in
"uname -s") sed -n 1p /commands/uname ;; "uname -r") sed -n 2p /commands/uname ;; "uname -v") sed -n 3p /commands/uname ;;
"uname -m") sed -n 4p /commands/uname ;; "uname -n") sed -n 5p /commands/uname ;; "uname -p") sed -n 6p /commands/uname ;;
"netstat -rn") cat /commands/netstat-rn ;; "netstat -an") cat /commands/netstat-an ;; "netstat -in") cat /commands/netstat-in ;;
"psrinfo -pv" | "prtconf " | "prtdiag -v" | "lspv " | "ifconfig -a" | "ioscan -kfnC disk") cat "/commands/$n" ;;
"system_profiler SPApplications"*) cat /commands/applications ;; "system_profiler "*) cat /commands/system_profiler ;;
"lsvg -o") ls /commands/lsvg ;; "lsvg -l "*) cat "/commands/lsvg/$2" ;;
"bootinfo -s "*) cat "/commands/size/$2" ;; "lspv "*) cat "/commands/disk/$1" ;; "ifconfig "*) cat "/commands/ifconfig/$1" ;;
"psrinfo "* | "prtconf "* | "prtdiag "* | "ioscan "* | "uname "*) exit 1 ;;
*) cat "/commands/$n" ;;
esac 2>/dev/null
F
make_root() { # SYSTEM
	local r=$W/root-$1 p
	mkdir -p "$r/bin" "$r/usr/sbin" "$r/dev"
	cp -r "test/data/hosts/$1/." "$r/"
	cp "$W/fake" "$r/usr/sbin/fake"
	chmod +x "$r/usr/sbin/fake"
	cp "$BUSYBOX" "$r/bin/busybox"
	for p in $(ldd "$BUSYBOX" 2>/dev/null | grep -o '/[^ ]*'); do mkdir -p "$r$(dirname "$p")"; cp "$p" "$r$p"; done
	for p in sh cat id ls sed awk sort readlink env; do ln -s busybox "$r/bin/$p"; done
	: >"$r/dev/null"
	for p in uname netstat $(cd "$r/commands" && ls); do ln -sf fake "$r/usr/sbin/${p##*/}"; done
	for p in system_profiler lsvg bootinfo lspv ifconfig; do ln -sf fake "$r/usr/sbin/$p"; done
}
cat >"$W/enter" <<E
#!/bin/sh
[ "\$(id -u)" = 0 ] || exec unshare -r chroot "$W/root" /bin/sh -c "\$SSH_ORIGINAL_COMMAND"
exec chroot "$W/root" /bin/sh -c "\$SSH_ORIGINAL_COMMAND"
E
chmod +x "$W/enter"
PORT=$((20000 + $$ % 12000))
"$SSHD" -D -e -f /dev/null -p $PORT -o ListenAddress=127.0.0.7 -o HostKey="$W/keys/host" -o PidFile=none -o UsePAM=no \
	-o StrictModes=no -o AuthorizedKeysFile="$W/keys/user.pub" -o ForceCommand="$W/enter" 2>>"$W/sshd.log" &
echo $! >"$W/sshd.pid"
wait_for 10 bash -c ": </dev/tcp/127.0.0.7/$PORT"
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
Y
agent_start
ctl creds add key --type ssh_private_key --user "$(id -un)" <"$W/keys/user" >/dev/null
one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
wait_for 10 one

in_cmdb() { [ "$(lab table "$2" "name=$1" --json | jq length)" = 1 ]; }
seen() { # SYSTEM CLASS
	local s
	make_root "$1"
	ln -sfn "$W/root-$1" "$W/root"
	ctl run UnixFacts --source 127.0.0.7 port=$PORT --json >"$W/$1.json"
	for s in $(jq -r 'keys[]' "test/data/hosts/$1/expected.json"); do
		equal "$(jq -cS ".$s" "$W/$1.json")" "$(jq -cS ".$s" "test/data/hosts/$1/expected.json")" "$1: $s"
	done
	job UnixFacts --source 127.0.0.7 port=$PORT >/dev/null
	wait_for 20 in_cmdb "$(jq -r .host.hostname "$W/$1.json")" "$2"
	lab table "$2" --fields name,os,os_version,ram --json | jq -c '.[0]'
}
seen freebsd cmdb_ci_unix_server
seen macos cmdb_ci_osx_server
seen solaris cmdb_ci_solaris_server
seen aix cmdb_ci_aix_server
seen hpux cmdb_ci_hpux_server
equal "$(lab table cmdb_ci_file_system "mount_point=/tank/data" --json | jq length)" 1 "file systems of FreeBSD"
agent_stop
pass
