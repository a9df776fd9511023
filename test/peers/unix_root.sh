# SPDX-License-Identifier: Apache-2.0
# unix_root - captured systems behind a real sshd: the folder test/data/hosts/SYSTEM as a root of its
# own, with its files, a small shell, and programs that print what that system's do. Sourced; needs busybox.

# unix_root SYSTEM FOLDER: makes FOLDER that root.
unix_root() {
	local r=$2 p busybox
	busybox=$(command -v busybox)
	mkdir -p "$r/bin" "$r/usr/sbin" "$r/dev"
	cp -r "test/data/hosts/$1/." "$r/"
	# What a program of that system prints is a file named after it; these have several.
	cat >"$r/usr/sbin/fake" <<-'F'
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
	chmod +x "$r/usr/sbin/fake"
	cp "$busybox" "$r/bin/busybox"
	for p in $(ldd "$busybox" 2>/dev/null | grep -o '/[^ ]*'); do mkdir -p "$r$(dirname "$p")"; cp "$p" "$r$p"; done
	for p in sh cat id ls sed awk sort readlink env; do ln -s busybox "$r/bin/$p"; done
	: >"$r/dev/null"
	for p in uname netstat $(cd "$r/commands" && ls) system_profiler lsvg bootinfo lspv ifconfig; do ln -sf fake "$r/usr/sbin/${p##*/}"; done
}

# unix_enter ROOT FILE: FILE becomes the ForceCommand that leads into ROOT.
unix_enter() {
	cat >"$2" <<-E
		#!/bin/sh
		[ "\$(id -u)" = 0 ] || exec unshare -r chroot "$1" /bin/sh -c "\$SSH_ORIGINAL_COMMAND"
		exec chroot "$1" /bin/sh -c "\$SSH_ORIGINAL_COMMAND"
	E
	chmod +x "$2"
}
