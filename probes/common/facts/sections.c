/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sections - the table of sections, in the order of the output.
 */
#include "facts/sections.h"

const struct facts_section facts_sections[] = {
	{ "os",
	  "etc/os-release usr/lib/os-release etc/*-release etc/debian_version "
	  "etc/release proc/version proc/sys/kernel/*",
	  "distribution, kernel and architecture", facts_os },
	{ "host",
	  "proc/sys/kernel/hostname etc/hostname etc/hosts "
	  "etc/machine-id proc/sys/kernel/random/boot_id",
	  "host name, domain, machine id", facts_host },
	{ "cpu",
	  "proc/cpuinfo proc/sysinfo sys/devices/system/cpu/* "
	  "sys/devices/system/node/node*",
	  "processors, cores, caches, NUMA nodes", facts_cpu },
	{ "memory",
	  "proc/meminfo proc/swaps sys/kernel/mm/hugepages/* "
	  "sys/devices/system/node/node*/meminfo",
	  "memory, swap, huge pages", facts_memory },
	{ "dmi", "sys/class/dmi/id/* sys/firmware/dmi/tables/* proc/device-tree/*",
	  "maker, model, serial number, UUID, firmware", facts_dmi },
	{ "dimms", "sys/firmware/dmi/tables/DMI sys/firmware/dmi/entries/17-*/raw",
	  "memory modules", facts_dimms },
	{ "block_devices", "sys/block/* sys/class/block/* run/udev/data/b*",
	  "disks and what looks like one", facts_block_devices },
	{ "partitions", "sys/block/*/* run/udev/data/b*",
	  "the parts of each disk", facts_partitions },
	{ "volumes", "sys/block/dm-*/dm/*",
	  "logical volumes and other mapped devices", facts_volumes },
	{ "md", "proc/mdstat sys/block/md*/md/*",
	  "software RAID", facts_md },
	{ "interfaces",
	  "sys/class/net/* proc/net/bonding/* proc/net/vlan/* "
	  "proc/net/dev",
	  "network interfaces", facts_interfaces },
	{ "addresses", "proc/net/fib_trie proc/net/route proc/net/if_inet6",
	  "IP addresses", facts_addresses_section },
	{ "routes", "proc/net/route proc/net/ipv6_route",
	  "the main routing tables", facts_routes },
	{ "dns", "etc/resolv.conf run/systemd/resolve/resolv.conf",
	  "name servers", facts_dns },
	{ "time", "proc/uptime proc/stat proc/loadavg etc/localtime etc/timezone",
	  "uptime, load, time zone", facts_time },
	{ "filesystems", "proc/self/mountinfo proc/1/mountinfo proc/mounts",
	  "file systems with data, and how full they are", facts_filesystems },
	{ "mounts", "proc/self/mountinfo proc/1/mountinfo proc/mounts",
	  "every mount", facts_mounts },
	{ "pci",
	  "sys/bus/pci/devices/*/* proc/bus/pci/devices "
	  "usr/share/misc/pci.ids usr/share/hwdata/pci.ids",
	  "PCI devices", facts_pci },
	{ "usb",
	  "sys/bus/usb/devices/*/* usr/share/misc/usb.ids "
	  "usr/share/hwdata/usb.ids",
	  "USB devices", facts_usb },
	{ "virtual",
	  "sys/class/dmi/id/* proc/cpuinfo proc/sysinfo "
	  "proc/device-tree/* sys/hypervisor/* proc/xen/* proc/1/cgroup "
	  "proc/1/environ run/systemd/container .dockerenv "
	  "run/.containerenv",
	  "hypervisor or container around this system", facts_virtual },
	{ "guests",
	  "var/lib/docker/containers/*/config.v2.json "
	  "var/lib/containers/storage/overlay-containers/containers.json "
	  "var/lib/lxc/*/config etc/pve/*/*.conf etc/libvirt/qemu/*.xml",
	  "virtual machines and containers on this host", facts_guests },
	{ "cluster", "etc/corosync/corosync.conf",
	  "the cluster this machine is a member of", facts_cluster },
	{ "packages",
	  "var/lib/dpkg/status var/lib/dpkg/status.d/* var/lib/rpm/* "
	  "usr/lib/sysimage/rpm/* lib/apk/db/installed "
	  "var/lib/pacman/local/*/desc usr/lib/opkg/status var/db/pkg/*/* "
	  "var/lib/pkgtools/packages/*",
	  "installed packages", facts_packages },
	{ "processes", "proc/stat proc/*/stat proc/*/status proc/*/cmdline etc/passwd",
	  "running processes", facts_processes },
	{ "sockets",
	  "proc/net/tcp proc/net/tcp6 proc/net/udp proc/net/udp6 "
	  "proc/net/unix proc/*/fd/* proc/*/comm",
	  "listening and connected sockets and their processes", facts_sockets },
	{ "services",
	  "etc/systemd/system/* run/systemd/*/* usr/lib/systemd/system/* "
	  "lib/systemd/system/* "
	  "sys/fs/cgroup/system.slice/*/cgroup.procs etc/init.d/* "
	  "etc/rc*.d/*",
	  "what is set to run, and whether it does", facts_services },
	{ "users", "etc/passwd", "local users", facts_users },
	{ "groups", "etc/group", "local groups", facts_groups },
	{ "neighbours", "proc/net/arp", "who answered ARP", facts_neighbours },
	{ NULL, NULL, NULL, NULL },
};
