/* SPDX-License-Identifier: Apache-2.0 */
/* os_layout - where our files are on Windows: programs and probes in one folder, the rest in ProgramData. */
#include "os.h"
#include "paths.h"

const struct os_layout os_layout[] = {
	[PATH_WORKER]  = { "%B/bin/midd-worker.exe", "%D/midd-worker.exe" },
	[PATH_PROBES]  = { "%B/probes", "%D/probes" },
	[PATH_MAPS]    = { "%S/share/map", "%D/map" },
	[PATH_EXEC]    = { "%S/share/exec", "%D/exec" },
	[PATH_MIDD]    = { "%B/bin/midd.exe", "%D/midd.exe" },
	[PATH_CONFIG]  = { "C:/ProgramData/midd/midd.yaml", "C:/ProgramData/midd/midd.yaml" },
	[PATH_CONTROL] = { "//./pipe/midd", "//./pipe/midd" },
	[PATH_STATE]   = { "C:/ProgramData/midd/lib", "C:/ProgramData/midd/lib" },
};
const bool os_has_helpers = false;
/* Administrators, SYSTEM, and LocalService, which midd runs as. */
const char *const os_make_private[2] = { "icacls \"", "\" /inheritance:r /grant:r *S-1-5-32-544:F *S-1-5-18:F *S-1-5-19:R" };
const char os_list_separator[2] = ";", os_program_suffix[5] = ".exe", os_module_suffix[5] = ".dll";
