/* SPDX-License-Identifier: Apache-2.0 */
/* rows_unix - the same of AIX, HP-UX and Solaris. */
#include <stddef.h>

#include "formats/linux.h"

static const struct field lsvg_logical[] = {
	{ "lv_name", AS_TEXT }, { "type", AS_TEXT }, { "lps", AS_INT }, { "pps", AS_INT }, { "pvs", AS_INT }, { "state", AS_TEXT },
	{ "mount_point", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field lsvg_physical[] = {
	{ "pv_name", AS_TEXT }, { "pv_state", AS_TEXT }, { "total_pps", AS_INT }, { "free_pps", AS_INT }, { "free_distribution", AS_TEXT },
	{ NULL, AS_TEXT },
};
static const struct field lsps[] = {
	{ "name", AS_TEXT }, { "pv_name", AS_TEXT }, { "vg_name", AS_TEXT }, { "size_mb", AS_TEXT }, { "used_percent", AS_INT },
	{ "active", AS_TEXT }, { "auto", AS_TEXT }, { "type", AS_TEXT }, { NULL, AS_TEXT },
};

static const struct field uname_aix[] = {
	{ "kernel_name", AS_TEXT }, { "node_name", AS_TEXT }, { "kernel_release", AS_TEXT }, { "kernel_version", AS_TEXT }, { "machine", AS_TEXT },
	{ NULL, AS_TEXT },
};
static const struct field uname_hpux[] = {
	{ "kernel_name", AS_TEXT }, { "node_name", AS_TEXT }, { "kernel_release", AS_TEXT }, { "kernel_version", AS_TEXT }, { "machine", AS_TEXT },
	{ "host_id", AS_TEXT }, { "license", AS_REST }, { NULL, AS_TEXT },
};
static const struct field uname_solaris[] = {
	{ "kernel_name", AS_TEXT }, { "node_name", AS_TEXT }, { "kernel_release", AS_TEXT }, { "kernel_version", AS_TEXT }, { "machine", AS_TEXT },
	{ "processor", AS_TEXT }, { "hardware_platform", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field swapinfo[] = {	/* swapinfo -tam */
	{ "type", AS_TEXT }, { "available", AS_NUMBER }, { "used", AS_NUMBER }, { "free", AS_NUMBER }, { "used_percent", AS_NUMBER },
	{ "limit", AS_NUMBER }, { "reserve", AS_NUMBER }, { "priority", AS_NUMBER }, { "name", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field model[] = { { "model", AS_REST }, { NULL, AS_TEXT } };
static const struct field zones[] = {	/* zoneadm list -p */
	{ "id", AS_DASH }, { "name", AS_TEXT }, { "state", AS_TEXT }, { "path", AS_TEXT }, { NULL, AS_TEXT },
};

const struct format formats_unix[] = {
	{ "aix", "df", "filesystems", read_df_mb, true, NULL, 1, ' ', AS_TEXT },
	{ "aix", "etc-group", "parsed", read_fields, true, fields_group, 0, ':', AS_TEXT },
	{ "aix", "etc-passwd", "parsed", read_fields, true, fields_passwd, 0, ':', AS_TEXT },
	{ "aix", "id", "parsed", read_id, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "ifconfig", "interfaces", read_interfaces_freebsd, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "last", "parsed", read_last, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lparstat", "fields", read_pairs, false, NULL, 0, ':', AS_TEXT },
	{ "aix", "lsattr", "attributes", read_lsattr, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lscfg", "mac_addresses", read_lscfg_macs, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lscfg", "devices", read_lscfg, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lsconf", "lsconf", read_lsconf, false, NULL, 0, ':', AS_TEXT },
	{ "aix", "lsdev", "slots", read_lsdev_slots, true, NULL, 0, ':', AS_TEXT },
	{ "aix", "lsdev", "controllers", read_lsdev_controllers, true, NULL, 0, ':', AS_TEXT },
	{ "aix", "lsfs", "fs_types", read_lsfs, false, NULL, 0, ':', AS_TEXT },
	{ "aix", "lslpp", "packages", read_lslpp, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lslv", "logical_volume", read_lslv, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lsps", "paging_spaces", read_lsps, true, lsps, 0, ' ', AS_TEXT },
	{ "aix", "lspv", "physical_volume", read_lspv, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lspv", "physical_volumes", read_lspv_list, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lsvg", "volume_group", read_lsvg, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lsvg", "logical_volumes", read_lsvg_logical, true, lsvg_logical, 0, ' ', AS_TEXT },
	{ "aix", "lsvg", "physical_volumes", read_lsvg_physical, true, lsvg_physical, 0, ' ', AS_TEXT },
	{ "aix", "lsvg", "volume_groups", read_lsvg_names, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lsvpd", "system", read_lsvpd_system, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "lsvpd", "memories", read_lsvpd_memories, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "netstat", "parsed", read_netstat_bsd, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "netstat", "routes", read_routes, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "oslevel", "parsed", read_oslevel, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "prtconf", "prtconf", read_lsconf, false, NULL, 0, ':', AS_TEXT },
	{ "aix", "ps", "parsed", read_ps, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "uname", "parsed", read_one, false, uname_aix, 0, ' ', AS_TEXT },
	{ "aix", "uptime", "parsed", read_uptime, false, NULL, 0, ' ', AS_TEXT },
	{ "aix", "w", "parsed", read_w, true, NULL, 0, ' ', AS_TEXT },
	{ "aix", "who", "parsed", read_who, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "bdf", "filesystems", read_df_mb, true, NULL, 1, ' ', AS_TEXT },
	{ "hpux", "cprop", "memories", read_cprop_memories, true, NULL, 0, ':', AS_TEXT },
	{ "hpux", "cprop", "cpus", read_cprop_cpus, true, NULL, 0, ':', AS_TEXT },
	{ "hpux", "cstm", "memories", read_cstm, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "etc-group", "parsed", read_fields, true, fields_group, 0, ':', AS_TEXT },
	{ "hpux", "etc-passwd", "parsed", read_fields, true, fields_passwd, 0, ':', AS_TEXT },
	{ "hpux", "id", "parsed", read_id, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "ifconfig", "interface", read_ifconfig_hpux, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "ioscan", "slots", read_ioscan_slots, true, NULL, 0, ':', AS_TEXT },
	{ "hpux", "ioscan", "disks", read_ioscan_disks, true, NULL, 0, ':', AS_TEXT },
	{ "hpux", "lanadmin", "interface", read_pairs, false, NULL, 0, '=', AS_TEXT },
	{ "hpux", "lanscan", "interfaces", read_lanscan, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "last", "parsed", read_last, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "machinfo", "machinfo", read_machinfo, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "machinfo", "cpus", read_machinfo_cpus, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "model", "parsed", read_fields, true, model, 0, ' ', AS_TEXT },
	{ "hpux", "netstat", "interfaces", read_netstat_hpux, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "netstat", "parsed", read_netstat_bsd, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "netstat", "routes", read_routes, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "ps", "parsed", read_ps, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "swapinfo", "parsed", read_fields, true, swapinfo, 2, ' ', AS_TEXT },
	{ "hpux", "swlist", "packages", read_swlist, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "uname", "parsed", read_one, false, uname_hpux, 0, ' ', AS_TEXT },
	{ "hpux", "uptime", "parsed", read_uptime, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "w", "parsed", read_w, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "who", "parsed", read_who, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "df", "filesystems", read_df_solaris, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "dladm", "parsed", read_capitals, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "etc-group", "parsed", read_fields, true, fields_group, 0, ':', AS_TEXT },
	{ "solaris", "etc-passwd", "parsed", read_fields, true, fields_passwd, 0, ':', AS_TEXT },
	{ "solaris", "etc-release", "release", read_etc_release, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "fcinfo", "hbas", read_fcinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "id", "parsed", read_id, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "ifconfig", "interfaces", read_interfaces_solaris, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "iostat", "disks", read_iostat_disks, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "ipadm", "parsed", read_capitals, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "kstat", "", read_kstat_speed, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "kstat", "kstat", read_kstat, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "last", "parsed", read_last, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "netstat", "routes", read_routes, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "pkg-info", "packages", read_pkg_info_solaris, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "pkginfo", "packages", read_pkginfo, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "pkginfo", "packages", read_pkginfo_short, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "prtconf", "tree", read_prtconf_tree, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "prtdiag", "inventory", read_prtdiag, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "prtdiag", "slots", read_prtdiag_slots, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "ps", "parsed", read_ps, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "psrinfo", "virtual_cpus", read_psrinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "psrinfo", "physical_cpus", read_psrinfo_chips, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "showrev", "host", read_showrev, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "smbios", "smbios", read_smbios, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "smbios", "memories", read_smbios_memories, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "swap", "parsed", read_swap_l, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "uname", "parsed", read_one, false, uname_solaris, 0, ' ', AS_TEXT },
	{ "solaris", "uptime", "parsed", read_uptime, false, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "w", "parsed", read_w, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "who", "parsed", read_who, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "zfs", "parsed", read_capitals, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "zoneadm", "parsed", read_fields, true, zones, 0, ':', AS_TEXT },
	{ "solaris", "zpool", "parsed", read_capitals, true, NULL, 0, ' ', AS_TEXT },
	{ NULL, NULL, NULL, NULL, false, NULL, 0, 0, AS_TEXT },
};
