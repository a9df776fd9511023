/* SPDX-License-Identifier: Apache-2.0 */
/* os_layout - where our files are on Linux; see os.h and paths.c. */
#include "os.h"
#include "paths.h"

const struct os_layout os_layout[] = {
	[PATH_WORKER]  = { "%B/bin/midd-worker", "%P/lib/midd/midd-worker" },
	[PATH_PROBES]  = { "%B/probes", "%P/lib/midd/probes" },
	[PATH_MAPS]    = { "%S/share/map", "%P/share/midd/map" },
	[PATH_EXEC]    = { "%S/share/exec", "%P/lib/midd/exec" },
	[PATH_MIDD]    = { "%B/bin/midd", "%P/sbin/midd" },
	[PATH_CONFIG]  = { "%S/etc/midd.yaml", "/etc/midd/midd.yaml" },
	[PATH_CONTROL] = { "%B/var/control", "/run/midd/control" },
	[PATH_STATE]   = { "%B/var/lib", "/var/lib/midd" },
};
const bool os_has_helpers = true;
const char *const os_make_private[2] = { "chmod 600 ", "" };
const char os_list_separator[2] = ":", os_program_suffix[5] = "", os_module_suffix[5] = ".so";
