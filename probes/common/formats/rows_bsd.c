/* SPDX-License-Identifier: Apache-2.0 */
/* rows_bsd - the same of FreeBSD and macOS. */
#include <stddef.h>

#include "formats/linux.h"

const struct format formats_bsd[] = {
	{ "freebsd", "arp", "parsed", read_arp, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "df", "filesystems", read_df_mb, true, NULL, 1, ' ', AS_TEXT },
	{ "freebsd", "last", "parsed", read_last, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "mount", "fs_types", read_mount_types, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "mount", "parsed", read_mount_bsd, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "ntpq", "parsed", read_ntpq, true, fields_ntpq, 0, ' ', AS_TEXT },
	{ "freebsd", "pkg-info", "packages", read_pkg_info, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "ps", "parsed", read_ps, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "swapinfo", "parsed", read_swapinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "sysctl", "parsed", read_sysctl_bsd, false, NULL, 0, ':', AS_TEXT },
	{ "freebsd", "uname", "parsed", read_uname_bsd, false, NULL, 0, ' ', AS_TEXT },
	{ "macos", "arp", "parsed", read_arp, true, NULL, 0, ' ', AS_TEXT },
	{ "macos", "df", "parsed", read_df, true, NULL, 1, ' ', AS_TEXT },
	{ "macos", "etc-group", "parsed", read_fields, true, fields_group, 0, ':', AS_TEXT },
	{ "macos", "etc-passwd", "parsed", read_fields, true, fields_passwd, 0, ':', AS_TEXT },
	{ "macos", "id", "parsed", read_id, false, NULL, 0, ' ', AS_TEXT },
	{ "macos", "last", "parsed", read_last, true, NULL, 0, ' ', AS_TEXT },
	{ "macos", "mount", "parsed", read_mount_bsd, true, NULL, 0, ' ', AS_TEXT },
	{ "macos", "pip-list", "parsed", read_fields, true, fields_pip, 2, ' ', AS_TEXT },
	{ "macos", "pip-show", "parsed", read_pip_show, true, NULL, 0, ':', AS_TEXT },
	{ "macos", "ps", "parsed", read_ps, true, NULL, 1, ' ', AS_TEXT },
	{ "macos", "sw_vers", "parsed", read_pairs, false, NULL, 0, ':', AS_TEXT },
	{ "macos", "sysctl", "parsed", read_sysctl_bsd, false, NULL, 0, ':', AS_TEXT },
	{ "macos", "uname", "parsed", read_uname_bsd, false, NULL, 0, ' ', AS_TEXT },
	{ "macos", "uptime", "parsed", read_uptime, false, NULL, 0, ' ', AS_TEXT },
	{ "macos", "vm_stat", "parsed", read_vm_stat, false, NULL, 0, ':', AS_TEXT },
	{ "macos", "w", "parsed", read_w, true, NULL, 0, ' ', AS_TEXT },
	{ "macos", "who", "parsed", read_who, true, NULL, 0, ' ', AS_TEXT },
	{ NULL, NULL, NULL, NULL, false, NULL, 0, 0, AS_TEXT },
};
