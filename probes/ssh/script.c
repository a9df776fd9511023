/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script - see script.h. Written for the oldest shell among those systems, the Bourne
 * shell of Solaris 10: no $(...), no [ -e ], no "command".
 */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * f FILE...          sends files; what may not be read is said (X), so that a section says "denied" and not "missing"
 * l LINK...          sends where links point
 * c NAME COMMAND...  sends what a command prints
 * r NAME COMMAND...  the same of a command that only root may run: as root, by sudo, or X
 * s FILE...          files that only root may read
 * The mark stands in it in two halves: the script's own command line is among what it sends (/proc/PID/cmdline).
 */
static const char head[] =
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/opt/local/bin:/usr/contrib/bin; LC_ALL=C; export PATH LC_ALL\n"
    "a=%.16s; b=%.16s; M=$a$b\n"
    "f() { for p do [ -f \"$p\" ] || continue; if [ -r \"$p\" ]; then printf '\\n%%sF %%s\\n' $M \"$p\"; cat \"$p\" 2>/dev/null\n"
    "else printf '\\n%%sX %%s\\n' $M \"$p\"; fi; done; }\n"
    "l() { for p do [ -L \"$p\" ] || continue; printf '\\n%%sL %%s\\n' $M \"$p\"; printf %%s \"`readlink \"$p\"`\"; done; }\n"
    "c() { printf '\\n%%sF /commands/%%s\\n' $M \"$1\"; shift; \"$@\" 2>/dev/null; }\n"
    "U=`id -u 2>/dev/null`; [ -n \"$U\" ] || U=`/usr/xpg4/bin/id -u 2>/dev/null`; R=\n"
    "if [ \"$U\" = 0 ]; then R=env; elif [ -n \"%s\" ]; then for p in sudo dzdo; do\n"
    "if [ -z \"$R\" ] && { type $p && $p -n -l; } >/dev/null 2>&1; then R=\"$p -n\"; fi; done\n"
    "if [ -z \"$R\" ] && { type doas && [ -r /etc/doas.conf ]; } >/dev/null 2>&1; then R='doas -n'; fi; fi\n"
    "k() { case $R in '') return 1;; env) return 0;; doas*) x=`doas -C /etc/doas.conf \"$@\" 2>/dev/null`; [ \"$x\" = 'permit nopass' ]; return;; esac\n"
    "$R -l \"$@\" >/dev/null 2>&1; }\n"
    "r() { n=$1; shift; type \"$1\" >/dev/null 2>&1 || return 0\n"
    "if k \"$@\"; then c \"$n\" $R \"$@\"; else printf '\\n%%sX /commands/%%s\\n' $M \"$n\"; fi; }\n"
    "s() { for p do if [ -f \"$p\" ] && [ ! -r \"$p\" ] && k cat \"$p\"; then printf '\\n%%sF %%s\\n' $M \"$p\"; $R cat \"$p\" 2>/dev/null; fi; done; }\n"
    "printf '\\n%%sF /commands/uname\\n' $M; for o in s r v m n p; do uname -$o 2>/dev/null || echo; done\n"
    "f /etc/passwd /etc/group /etc/hosts /etc/resolv.conf /etc/os-release\n"
    "S=`uname -s`; case $S in\n";

/* The order of rows_packages (facts/unix_packages.c). */
#define RPM_QUERY "%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCH}\\t%{ARCH}\\t%{SIZE}\\t%{INSTALLTIME}\\t%{VENDOR}\\t%{LICENSE}\\t" \
	"%{SOURCERPM}\\t%{GROUP}\\t%{SUMMARY}\\n"

/* What the sections read (sections.c), but for databases that are no text. */
#define LINUX \
	"Linux)\n" \
	"c df df -Pk; s /sys/class/dmi/id/product_serial /sys/class/dmi/id/product_uuid /sys/class/dmi/id/board_serial /sys/class/dmi/id/chassis_serial\n" \
	"f /usr/lib/os-release /proc/version /proc/sys/kernel/* /proc/sys/kernel/random/boot_id\n" \
	"f /etc/*-release /etc/debian_version /etc/slackware-version /etc/openwrt_release /etc.defaults/VERSION /etc/sonic/sonic_version.yml\n" \
	"l /etc/products.d/baseproduct\n" \
	"f /etc/hostname /etc/machine-id /etc/corosync/corosync.conf /run/systemd/resolve/resolv.conf /etc/timezone\n" \
	"l /etc/localtime\n" \
	"f /proc/cpuinfo /proc/sysinfo /proc/meminfo /proc/swaps /proc/uptime /proc/stat /proc/loadavg /proc/mdstat\n" \
	"f /sys/devices/system/cpu/* /sys/devices/system/cpu/vulnerabilities/* /sys/devices/system/cpu/cpu[0-9]*/topology/* /sys/kernel/cpu_byteorder\n" \
	"for d in /sys/devices/system/cpu/cpu[0-9]*/cache/index*; do f $d/level $d/type $d/size $d/shared_cpu_list $d/shared_cpu_map; done\n" \
	"f /sys/devices/system/cpu/cpu0/cpufreq/*_freq /sys/devices/system/node/node*/meminfo /sys/devices/system/node/node*/cpulist\n" \
	"f /sys/kernel/mm/hugepages/*/nr_hugepages /sys/kernel/mm/hugepages/*/free_hugepages /sys/kernel/mm/hugepages/*/resv_hugepages " \
	    "/sys/devices/system/clocksource/clocksource0/available_clocksource\n" \
	"s /sys/firmware/dmi/tables/DMI /sys/firmware/dmi/tables/smbios_entry_point; " \
	"f /sys/firmware/dmi/tables/DMI /sys/firmware/dmi/tables/smbios_entry_point /sys/class/dmi/id/* /proc/device-tree/model /proc/device-tree/serial-number\n" \
	"f /sys/block/*/size /sys/block/*/removable /sys/block/*/ro /sys/block/*/wwid /sys/block/*/serial /sys/block/*/queue/rotational\n" \
	"f /sys/block/*/queue/*block_size /sys/block/*/device/model /sys/block/*/device/vendor /sys/block/*/device/serial\n" \
	"f /sys/block/*/device/rev /sys/block/*/device/wwid /sys/block/*/device/type /sys/block/*/dm/* /sys/block/*/*/partition\n" \
	"f /sys/block/*/*/size /sys/block/*/*/start /sys/block/*/dev /sys/block/*/*/dev /sys/block/md*/md/* /run/udev/data/b*\n" \
	"l /sys/block/* /sys/block/*/device /sys/block/*/device/subsystem /sys/class/block/*\n" \
	"f /sys/class/net/*/* /sys/class/net/*/statistics/[rt]x_bytes /sys/class/net/*/bonding/* /sys/class/net/*/bridge/* " \
	"/proc/net/bonding/* /proc/net/vlan/* /proc/net/dev\n" \
	"l /sys/class/net/* /sys/class/net/*/device /sys/class/net/*/device/driver /sys/class/net/*/master /sys/class/net/*/device/subsystem\n" \
	"f /proc/net/fib_trie /proc/net/route /proc/net/if_inet6 /proc/net/ipv6_route /proc/net/arp\n" \
	"c ip-neigh ip -6 neigh; f /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6\n" \
	"f /proc/self/mountinfo /proc/1/mountinfo /proc/mounts /proc/1/cgroup /run/systemd/container /.dockerenv /run/.containerenv\n" \
	"for d in /sys/bus/pci/devices/*; do f $d/class $d/vendor $d/device $d/subsystem_vendor $d/subsystem_device $d/revision; " \
	    "l $d/driver; done\n" \
	"for d in /sys/bus/usb/devices/*; do f $d/idVendor $d/idProduct $d/product $d/manufacturer $d/serial $d/bDeviceClass $d/busnum " \
	    "$d/devnum; done\n" \
	"f /sys/hypervisor/type /sys/hypervisor/uuid /var/lib/dpkg/status /var/lib/dpkg/status.d/*\n" \
	"f /etc/systemd/system/*.service /run/systemd/*/*.service /usr/lib/systemd/system/*.service /etc/init.d/*\n" \
	"[ -L /lib ] || f /lib/systemd/system/*.service\n" \
	"l /etc/systemd/system/* /etc/systemd/system/*.wants/* /usr/lib/systemd/system/*.service /etc/rc[0-9S].d/*\n" \
	"f /sys/fs/cgroup/system.slice/*/cgroup.procs\n" \
	"for d in /proc/[0-9]*; do f $d/stat $d/status $d/cmdline; done\n" \
	"r dmidecode dmidecode; r ss ss -Htunape; f /lib/apk/db/installed /usr/lib/apk/db/installed /usr/lib/opkg/status /var/lib/pacman/local/*/desc\n" \
	"[ -d /var/db/pkg ] && c portage ls -d /var/db/pkg/*/*; for p in /var/lib/pkgtools/packages /var/log/packages; do\n" \
	"if [ -d $p ]; then c slackware ls $p; break; fi; done\n" \
	"c rpm rpm -qa --qf '" RPM_QUERY "'\n" \
	";;\n"

#define BSD \
	"FreeBSD|OpenBSD|NetBSD|DragonFly)\n" \
	"c df df -Pk; c ifconfig ifconfig -a; c netstat-rn netstat -rn; c netstat-an netstat -an; c arp arp -an; c sockstat sockstat -46\n" \
	"case $S in OpenBSD) c mount mount;; NetBSD) c mount mount -p; s=\"hw.physmem64 machdep.cpu_brand machdep.dmi\";; *) c mount mount -p;; esac\n" \
	"c sysctl sysctl hw.model hw.machine hw.ncpu hw.physmem hw.clockrate hw.vendor hw.product hw.serialno hw.uuid kern.hostuuid kern.boottime " \
	    "kern.vm_guest kern.smp.cpus kern.smp.cores kern.smp.threads_per_core vm.stats.vm.v_page_size vm.stats.vm.v_free_count " \
	    "hw.cpuspeed hw.ncpuonline $s\n" \
	"c kenv kenv; c freebsd-version freebsd-version; c swapinfo swapinfo -k; c geom geom disk list; c uptime uptime; c date date +%Z\n" \
	"c ps ps -axww -o pid,ppid,uid,user,rss,etime,state,command\n" \
	"c pkg pkg query '%n\\t%v\\t%q\\t%sb\\t%t\\t%c'; c pkg_info pkg_info; c service service -e; c pciconf pciconf -lv; f /var/db/zoneinfo\n" \
	"r dmidecode dmidecode\n" \
	";;\n"

#define MACOS \
	"Darwin)\n" \
	"c df df -Pk; c mount mount; c ifconfig ifconfig -a; c netstat-rn netstat -rn; c netstat-an netstat -an; c arp arp -an\n" \
	"c sw_vers sw_vers; c sysctl sysctl hw machdep.cpu kern.boottime vm.swapusage; c uptime uptime; l /etc/localtime\n" \
	"c ioreg ioreg -rd1 -c IOPlatformExpertDevice\n" \
	"c system_profiler system_profiler SPHardwareDataType SPMemoryDataType SPNVMeDataType SPSerialATADataType SPStorageDataType\n" \
	"c applications system_profiler SPApplicationsDataType -detailLevel mini; c pkgutil pkgutil --pkgs; " \
	"c brew ls -d /opt/homebrew/Cellar/*/* /usr/local/Cellar/*/*\n" \
	"c ps ps -axww -o pid,ppid,uid,user,rss,etime,state,command\n" \
	"c dscl dscl . -readall /Users RecordName UniqueID PrimaryGroupID NFSHomeDirectory UserShell RealName; r launchctl launchctl list\n" \
	";;\n"

#define SUNOS \
	"SunOS)\n" \
	"f /etc/release /etc/product /etc/mnttab /etc/TIMEZONE /etc/default/init\n" \
	"c df df -k; c ifconfig ifconfig -a; c netstat-rn netstat -rn; c netstat-an netstat -an; c arp arp -an; c dladm dladm show-phys -m -p -o link,address\n" \
	"c psrinfo psrinfo -pv; c psrinfo-v psrinfo -v; c isainfo isainfo -k; c prtconf prtconf; c banner prtconf -b; c swap swap -l; c uptime uptime\n" \
	"c prtdiag prtdiag -v; [ -x /usr/platform/`uname -i`/sbin/prtdiag ] && c prtdiag2 /usr/platform/`uname -i`/sbin/prtdiag -v\n" \
	"c smbios smbios; c sneep sneep; c hostid hostid; c zonename zonename; c virtinfo virtinfo -a; c zoneadm zoneadm list -cp\n" \
	"c iostat iostat -En; c zpool zpool list -H; c zfs zfs list -H -o name,used,available,mountpoint; c svcs svcs -aH\n" \
	"c ps ps -eo pid,ppid,uid,user,rss,etime,s,args\n" \
	"c pkginfo pkginfo -l; c pkg pkg list -H; r fcinfo fcinfo hba-port\n" \
	";;\n"

#define AIX_ \
	"AIX)\n" \
	"c df df -Pk; c mount mount; c lsfs lsfs -c; c ifconfig ifconfig -a; c netstat-rn netstat -rn; " \
	"c netstat-an netstat -an; c netstat-in netstat -in; c arp arp -an\n" \
	"c oslevel oslevel -s; c lsconf lsconf; c lsattr lsattr -El sys0; c lparstat lparstat -i; c bindprocessor bindprocessor -q; c uptime uptime\n" \
	"c lsdev lsdev -C; c lscfg lscfg -vp; c lspv lspv; c lsps lsps -a; c lslpp lslpp -Lcq; c lssrc lssrc -a; f /etc/environment\n" \
	"for v in `lsvg -o 2>/dev/null`; do c lsvg/$v lsvg -l $v; done\n" \
	"for v in `lspv 2>/dev/null | awk '{print $1}'`; do c size/$v bootinfo -s $v; c disk/$v lspv $v; done\n" \
	"c ps ps -eo pid,ppid,uid,user,vsz,etime,st,args\n" \
	"c rpm rpm -qa --qf '" RPM_QUERY "'\n" \
	";;\n"

#define HPUX \
	"HP-UX)\n" \
	"f /etc/mnttab /etc/TIMEZONE\n" \
	"c df df -Pk; c bdf bdf; c netstat-rn netstat -rn; c netstat-an netstat -an; c netstat-in netstat -in; c lanscan lanscan; c arp arp -an; c uptime uptime\n" \
	"c model model; c machinfo machinfo; c serial getconf MACHINE_SERIAL; c ident getconf MACHINE_IDENT; c partition getconf PARTITION_IDENT\n" \
	"c ioscan ioscan -kfnC disk; c ioscan-cpu ioscan -kC processor; c swapinfo swapinfo -a; c swlist swlist -l product\n" \
	"for i in `netstat -in 2>/dev/null | awk 'NR > 1 { print $1 }' | sed 's/[*]$//' | sort -u`; do c ifconfig/$i ifconfig $i; done\n" \
	"UNIX95=1; export UNIX95; c ps ps -eo pid,ppid,uid,user,vsz,etime,state,args\n" \
	"r dmidecode dmidecode\n" \
	";;\n"

static const char *const body[] = { LINUX, BSD, MACOS, SUNOS, AIX_, HPUX, "esac\nprintf '\\n%sE\\n' $M\n" };

char *
script_of_facts(const char *mark, bool sudo)
{
	size_t n = sizeof(head) + 64, i;
	char *at, *script;

	for (i = 0; i < sizeof(body) / sizeof(body[0]); i++)
		n += strlen(body[i]);
	at = script = calloc(1, n);
	if (at == NULL)
		return NULL;
	at += snprintf(at, sizeof(head) + 64, head, mark, mark + 16, sudo ? "y" : "");
	for (i = 0; i < sizeof(body) / sizeof(body[0]); i++)
		at = stpcpy(at, body[i]);
	return script;
}
