/* SPDX-License-Identifier: Apache-2.0 */
/* rows_unix - the same of AIX, HP-UX and Solaris. */
#include <stddef.h>

#include "formats/formats.h"

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

const struct format formats_unix[] = {
	{ "aix", "ifconfig", "interfaces", read_interfaces_freebsd, true, NULL, 0, ' ', AS_TEXT },
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
	{ "hpux", "bdf", "filesystems", read_df_mb, true, NULL, 1, ' ', AS_TEXT },
	{ "hpux", "cstm", "memories", read_cstm, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "ifconfig", "interface", read_ifconfig_hpux, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "ioscan", "slots", read_ioscan_slots, true, NULL, 0, ':', AS_TEXT },
	{ "hpux", "ioscan", "disks", read_ioscan_disks, true, NULL, 0, ':', AS_TEXT },
	{ "hpux", "lanadmin", "interface", read_pairs, false, NULL, 0, '=', AS_TEXT },
	{ "hpux", "lanscan", "interfaces", read_lanscan, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "machinfo", "machinfo", read_machinfo, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "machinfo", "cpus", read_machinfo_cpus, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "netstat", "interfaces", read_netstat_hpux, false, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "swlist", "packages", read_swlist, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "df", "filesystems", read_df_solaris, true, NULL, 1, ' ', AS_TEXT },
	{ "solaris", "ifconfig", "interfaces", read_interfaces_solaris, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "psrinfo", "virtual_cpus", read_psrinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "psrinfo", "physical_cpus", read_psrinfo_chips, true, NULL, 0, ' ', AS_TEXT },
	{ NULL, NULL, NULL, NULL, false, NULL, 0, 0, AS_TEXT },
};
