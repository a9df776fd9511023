/* SPDX-License-Identifier: Apache-2.0 */
/* rows_unix - the same of AIX, HP-UX and Solaris. */
#include <stddef.h>

#include "formats/formats.h"

const struct format formats_unix[] = {
	{ "aix", "lsdev", "slots", read_lsdev_slots, true, NULL, 0, ':', AS_TEXT },
	{ "aix", "lsdev", "controllers", read_lsdev_controllers, true, NULL, 0, ':', AS_TEXT },
	{ "aix", "lsfs", "fs_types", read_lsfs, false, NULL, 0, ':', AS_TEXT },
	{ "aix", "lslpp", "packages", read_lslpp, true, NULL, 0, ' ', AS_TEXT },
	{ "hpux", "bdf", "filesystems", read_df_mb, true, NULL, 1, ' ', AS_TEXT },
	{ "solaris", "psrinfo", "virtual_cpus", read_psrinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "solaris", "psrinfo", "physical_cpus", read_psrinfo_chips, true, NULL, 0, ' ', AS_TEXT },
	{ NULL, NULL, NULL, NULL, false, NULL, 0, 0, AS_TEXT },
};
