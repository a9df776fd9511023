/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parsers - every parser by name: the fuzzer walks it, and so do the tests.
 */
#include "facts/parsers.h"

const struct facts_parser facts_parsers[] = {
	{ "os-release", parse_os_release },
	{ "cpuinfo", parse_cpuinfo },
	{ "s390-sysinfo", parse_s390_sysinfo },
	{ "meminfo", parse_meminfo },
	{ "node-meminfo", parse_node_meminfo },
	{ "swaps", parse_swaps },
	{ "smbios-dmi", parse_smbios_dmi },
	{ "smbios-dimms", parse_smbios_dimms },
	{ "smbios-entry", parse_smbios_entry },
	{ "udev-data", parse_udev_data },
	{ "vpd-serial", parse_vpd_serial },
	{ "mdstat", parse_mdstat },
	{ "dpkg-status", parse_dpkg_status },
	{ "rpm-header", parse_rpm_header },
	{ "rpm-bdb", parse_rpm_bdb },
	{ "rpm-ndb", parse_rpm_ndb },
	{ "rpm-sqlite", parse_rpm_sqlite },
	{ "passwd", parse_passwd },
	{ "group", parse_group },
	{ "proc-stat", parse_proc_stat },
	{ "proc-status", parse_proc_status },
	{ "proc-cmdline", parse_proc_cmdline },
	{ "arp", parse_arp },
	{ "proc-net-tcp", parse_proc_net_tcp },
	{ "proc-net-udp6", parse_proc_net_udp6 },
	{ "proc-net-unix", parse_proc_net_unix },
	{ "unit", parse_unit },
	{ "init-script", parse_init_script },
	{ NULL, NULL },
};
