/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one command of one system prints, or a file holds, and all collectors of that system over
 * it: the first byte chooses the system, the second what the rest is of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"
#include "facts/source_bundle.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static const char *const systems[] = { "FreeBSD", "Darwin", "SunOS", "AIX", "HP-UX", "Linux" };
static const char *const names[] = {
	"commands/ifconfig", "commands/netstat-rn", "commands/netstat-an", "commands/netstat-in", "commands/arp", "commands/df",
	"commands/mount", "etc/mnttab", "commands/ps", "commands/sysctl", "commands/kenv", "commands/geom", "commands/swapinfo",
	"commands/swap", "commands/lsps", "commands/system_profiler", "commands/applications", "commands/dscl", "commands/psrinfo",
	"commands/prtdiag", "commands/prtconf", "commands/smbios", "commands/iostat", "commands/zfs", "commands/pkg",
	"commands/pkginfo", "commands/lsconf", "commands/lscfg", "commands/lspv", "commands/disk/hdisk0", "commands/lsvg/rootvg",
	"commands/lslpp", "commands/lssrc", "commands/machinfo", "commands/ioscan", "commands/lanscan", "commands/ifconfig/lan0",
	"commands/swlist", "commands/uptime", "commands/sockstat", "commands/dladm", "commands/dmidecode", "commands/ss", "commands/rpm",
	"commands/svcs", "commands/launchctl", "commands/service", "commands/sw_vers", "commands/oslevel", "commands/lparstat",
	"etc/release", "etc/os-release", "etc/SuSE-release", "etc/redhat-release", "etc/product", "etc/TIMEZONE",
	"lib/apk/db/installed", "var/lib/pacman/local/x/desc", "etc/lsb-release",
};

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *bundle = malloc(len + 600);
	struct facts_source *src;
	struct facts_run *run;
	struct facts_err err;
	const char *text, *name;
	size_t n;
	bool whole;
	int at;

	if (len < 2 || bundle == NULL) {
		free(bundle);
		return 0;
	}
	name = names[data[1] % (sizeof(names) / sizeof(names[0]))];
	at = snprintf(bundle, 600, "\n@@F /commands/uname\n%s\n1.0\n2.0\nx86_64\nhost\nx86\n\n@@F /commands/lspv\nhdisk0 1 rootvg active\n\n@@F /%s\n",
	    systems[data[0] % (sizeof(systems) / sizeof(systems[0]))], name);
	memcpy(bundle + at, data + 2, len - 2);
	if (facts_source_bundle(&src, bundle, (size_t)at + len - 2, "@@", &whole) == 0) {
		if (facts_begin(&run, src, NULL, &err) == 0) {
			while (facts_next(run, &text, &n) > 0)
				;
			facts_end(run);
		}
		facts_source_close(src);
	}
	free(bundle);
	return 0;
}
