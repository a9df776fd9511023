/* SPDX-License-Identifier: Apache-2.0 */
/* system - see system.h. */
#include "facts/system.h"

#include <string.h>

static const struct facts_system systems[] = {
	{ "Linux", "linux", "Linux", "linux", NULL },
	{ "FreeBSD", "freebsd", "FreeBSD", "freebsd", "FreeBSD" },
	{ "DragonFly", "freebsd", "DragonFly", "dragonfly", "DragonFly" },
	{ "OpenBSD", "freebsd", "OpenBSD", "openbsd", "OpenBSD" },
	{ "NetBSD", "freebsd", "NetBSD", "netbsd", "NetBSD" },
	{ "Darwin", "macos", "macOS", "macos", "Darwin" },
	{ "SunOS", "solaris", "Solaris", "solaris", "Solaris" },
	{ "AIX", "aix", "AIX", "aix", "AIX" },
	{ "HP-UX", "hpux", "HP-UX", "hpux", "HP-UX" },
};
#define LINUX (&systems[0])
#define SUNOS (&systems[6])

bool
facts_is(const struct facts_system *sys, const char *formats)
{
	return strcmp(sys->formats, formats) == 0;
}

void
facts_uname(struct facts_source *src, int which, char *buf, size_t size)
{
	char text[FACTS_SMALL];
	struct str rest, line = { "", 0 };

	buf[0] = '\0';
	if (facts_read_small(src, "commands/uname", text, sizeof(text)) < 0)
		return;
	for (rest = str_of(text); which >= 0; which--)
		if (!str_line(&rest, &line))
			return;
	str_copy(buf, size, str_trim(line));
}

/* A captured tree without outputs of commands: Linux has no /etc/release that names one of these. */
static bool
looks_like_sunos(struct facts_source *src)
{
	static const char *const names[] = { "Solaris", "SmartOS", "OpenIndiana", "OmniOS", "Nexenta", "illumos" };
	char text[FACTS_SMALL];
	size_t i;

	if (facts_exists(src, "proc/version") || facts_exists(src, "proc/sys/kernel/ostype") ||
	    facts_read_small(src, "etc/release", text, sizeof(text)) < 0)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strstr(text, names[i]) != NULL)
			return true;
	return false;
}

const struct facts_system *
facts_system(struct facts_source *src)
{
	char name[64];
	size_t i;

	facts_uname(src, UNAME_S, name, sizeof(name));
	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (strcmp(systems[i].uname, name) == 0)
			return &systems[i];
	return name[0] == '\0' && looks_like_sunos(src) ? SUNOS : LINUX;
}

int
facts_command(struct facts_source *src, const char *name, struct facts_bytes *b)
{
	char path[FACTS_PATH_MAX];

	if (!facts_path(path, "commands/%s", name))
		return -1;
	return facts_read(src, path, FACTS_COMMAND_MAX, b);
}
