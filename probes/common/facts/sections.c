/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sections - the table of sections, in the order of the output.
 */
#include "facts/sections.h"

const struct facts_section facts_sections[] = {
	{ "os", "etc/os-release usr/lib/os-release proc/version proc/sys/kernel/*",
	  "distribution, kernel and architecture", facts_os },
	{ "cpu", "proc/cpuinfo proc/sysinfo sys/devices/system/cpu/* sys/devices/system/node/node*",
	  "processors, cores, caches, NUMA nodes", facts_cpu },
	{ "memory", "proc/meminfo proc/swaps sys/kernel/mm/hugepages/* sys/devices/system/node/node*/meminfo",
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
	{ "packages", "var/lib/dpkg/status var/lib/dpkg/status.d/* var/lib/rpm/* usr/lib/sysimage/rpm/*",
	  "installed packages of dpkg and rpm", facts_packages },
	{ "processes", "proc/stat proc/*/stat proc/*/status proc/*/cmdline etc/passwd",
	  "running processes", facts_processes },
	{ "sockets", "proc/net/tcp proc/net/tcp6 proc/net/udp proc/net/udp6 proc/net/unix proc/*/fd/* proc/*/comm",
	  "listening and connected sockets and their processes", facts_sockets },
	{ "services", "etc/systemd/system/* run/systemd/*/* usr/lib/systemd/system/* lib/systemd/system/* sys/fs/cgroup/system.slice/*/cgroup.procs etc/init.d/* etc/rc*.d/*",
	  "what is set to run, and whether it does", facts_services },
	{ "users", "etc/passwd", "local users", facts_users },
	{ "groups", "etc/group", "local groups", facts_groups },
	{ "neighbours", "proc/net/arp", "who answered ARP", facts_neighbours },
	{ NULL, NULL, NULL, NULL },
};
