/* SPDX-License-Identifier: Apache-2.0 */
/* rows_bsd - the same of FreeBSD and macOS. */
#include <stddef.h>

#include "formats/formats.h"


const struct format formats_bsd[] = {
	{ "freebsd", "arp", "parsed", read_arp, true, NULL, 0, ' ', AS_TEXT },
	{ "freebsd", "df", "filesystems", read_df_mb, true, NULL, 1, ' ', AS_TEXT },
	{ "freebsd", "uname", "parsed", read_uname_bsd, false, NULL, 0, ' ', AS_TEXT },
	{ "macos", "arp", "parsed", read_arp, true, NULL, 0, ' ', AS_TEXT },
	{ "macos", "etc-group", "parsed", read_fields, true, fields_group, 0, ':', AS_TEXT },
	{ "macos", "etc-passwd", "parsed", read_fields, true, fields_passwd, 0, ':', AS_TEXT },
	{ "macos", "id", "parsed", read_id, false, NULL, 0, ' ', AS_TEXT },
	{ "macos", "mount", "parsed", read_mount_bsd, true, NULL, 0, ' ', AS_TEXT },
	{ "macos", "pip-list", "parsed", read_fields, true, fields_pip, 2, ' ', AS_TEXT },
	{ "macos", "uname", "parsed", read_uname_bsd, false, NULL, 0, ' ', AS_TEXT },
	{ "macos", "uptime", "parsed", read_uptime, false, NULL, 0, ' ', AS_TEXT },
	{ NULL, NULL, NULL, NULL, false, NULL, 0, 0, AS_TEXT },
};
