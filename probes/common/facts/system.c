/* SPDX-License-Identifier: Apache-2.0 */
/* system - see system.h. */
#include "facts/system.h"

#include <errno.h>
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
/* Asked by calls: no uname of a host is taken for it. */
static const struct facts_system windows = { "Windows_NT", "windows", "Windows", "windows", "Windows" };
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

static const struct facts_system *
named(const char *uname)
{
	size_t i;

	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (strcmp(systems[i].uname, uname) == 0)
			return &systems[i];
	return NULL;
}

bool
facts_known(struct facts_source *src)
{
	char name[64];

	facts_uname(src, UNAME_S, name, sizeof(name));
	return named(name) != NULL;
}

const struct facts_system *
facts_system(struct facts_source *src)
{
	const struct facts_system *sys;
	char name[64];

	if (src->ops->collector != NULL)
		return &windows;
	facts_uname(src, UNAME_S, name, sizeof(name));
	sys = named(name);
	if (sys == NULL)
		sys = name[0] == '\0' && looks_like_sunos(src) ? SUNOS : LINUX;
	return sys;
}

int
facts_command_failed(struct facts_err *err, int error, const char *name)
{
	if (error == -EACCES)
		(void)facts_say(err, "denied", "%s needs privilege: this user may not run it there", name);
	else if (error == -ENOENT)
		(void)facts_say(err, "missing", "%s printed nothing there", name);
	else
		(void)facts_fail(err, error, name);
	return error;
}

int
facts_command(struct facts_source *src, const char *name, struct facts_bytes *b)
{
	char path[FACTS_PATH_MAX];

	int r;

	if (!facts_path(path, "commands/%s", name))
		return -ENAMETOOLONG;
	r = facts_read(src, path, FACTS_COMMAND_MAX, b);
	if (r == 0 && str_trim((struct str){ b->data, b->len }).n == 0) {	/* there is no such command */
		facts_bytes_free(b);
		return -ENOENT;
	}
	return r;
}
