/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os - distribution, kernel and architecture.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/cpu.h"
#include "facts/out.h"
#include "facts/parsers.h"
#include "facts/system.h"

/* What os-release(5) and lsb-release say, and our name for it. */
static const struct {
	const char *key;
	const char *field;
} release_keys[] = {
	{ "ID", "id" },
	{ "ID_LIKE", "id_like" },
	{ "NAME", "name" },
	{ "VERSION", "version" },
	{ "VERSION_ID", "version_id" },
	{ "VERSION_CODENAME", "codename" },
	{ "PRETTY_NAME", "pretty_name" },
	{ "VARIANT", "variant" },
	{ "BUILD_ID", "build_id" },
	{ "CPE_NAME", "cpe" },
	{ "DISTRIB_ID", "name" },
	{ "DISTRIB_RELEASE", "version_id" },
	{ "DISTRIB_CODENAME", "codename" },
	{ "DISTRIB_DESCRIPTION", "pretty_name" },
};

/* Systems from before os-release(5), the more particular first. */
static const struct {
	const char *path, *id, *name;
} release_files[] = {
	{ "etc/oracle-release", "ol", "Oracle Linux Server" },
	{ "etc/centos-release", "centos", "CentOS" },
	{ "etc/fedora-release", "fedora", "Fedora" },
	{ "etc/redhat-release", "rhel", "Red Hat Enterprise Linux" },
	{ "etc/SuSE-release", "sles", "SUSE Linux" },
	{ "etc/alpine-release", "alpine", "Alpine Linux" },
	{ "etc/gentoo-release", "gentoo", "Gentoo" },
	{ "etc/slackware-version", "slackware", "Slackware" },
	{ "etc/debian_version", "debian", "Debian GNU/Linux" },
};

int
parse_os_release(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	size_t i;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, '=', &key, &value))
			continue;
		for (i = 0; i < sizeof(release_keys) / sizeof(release_keys[0]);
		     i++)
			if (str_eq(key, release_keys[i].key))
				out_text(out, release_keys[i].field,
				    str_unquote(value));
	}
	return 0;
}

/* "Linux version 5.14.0-70.el9.x86_64 (mock@...) (gcc ...) #1 SMP ..." */
int
parse_proc_version(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, word;
	long at;

	if (!str_word(&rest, &word) || str_eq(word, "version"))
		return -1;
	out_text(out, "kernel_name", word);
	if (str_word(&rest, &word) && str_eq(word, "version") &&
	    str_word(&rest, &word))
		out_text(out, "kernel_release", word);
	at = str_find(rest, '#');
	if (at >= 0)
		out_text(out, "kernel_version", str_skip(rest, (size_t)at));
	return 0;
}

/* "CentOS release 6.10 (Final)": the first word that starts with a digit. */
static void
put_version(struct json_object *out, struct str text)
{
	struct str rest = text, word;
	long open = str_find(text, '('), close = str_find(text, ')');

	while (str_word(&rest, &word))
		if (word.p[0] >= '0' && word.p[0] <= '9') {
			out_text(out, "version_id", word);
			break;
		}
	if (open >= 0 && close > open)
		out_text(out, "codename", (struct str){ text.p + open + 1,
		    (size_t)(close - open - 1) });
}

/* One line of an older release file. */
int
parse_release_line(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line;

	if (!str_line(&rest, &line) || str_trim(line).n == 0)
		return -1;
	line = str_trim(line);
	if (line.p[0] >= 'A' && line.p[0] <= 'Z')
		out_text(out, "pretty_name", line);
	put_version(out, line);
	return 0;
}

static int
read_old_release(struct facts_source *src, struct json_object *out)
{
	struct facts_err ignored;
	size_t i;

	for (i = 0; i < sizeof(release_files) / sizeof(release_files[0]); i++) {
		if (facts_parse_file(src, release_files[i].path, FACTS_SMALL,
			parse_release_line, out, &ignored) < 0)
			continue;
		out_cstr(out, "id", release_files[i].id);
		out_cstr(out, "name", release_files[i].name);
		return 0;
	}
	return facts_parse_file(src, "etc/lsb-release", FACTS_SMALL,
	    parse_os_release, out, &ignored);
}

static int
read_release(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_err ignored;
	int r;

	r = facts_parse_file(src, "etc/os-release", 65536, parse_os_release,
	    out, err);
	if (r < 0)
		r = facts_parse_file(src, "usr/lib/os-release", 65536,
		    parse_os_release, out, &ignored);
	if (r < 0)
		r = read_old_release(src, out);
	return r;
}

static void
read_kernel(struct facts_source *src, struct json_object *out)
{
	static const struct out_row rows[] = {
		{ "ostype", "kernel_name", OUT_TEXT, 0 },
		{ "osrelease", "kernel_release", OUT_TEXT, 0 },
		{ "version", "kernel_version", OUT_TEXT, 0 },
		{ NULL, NULL, OUT_TEXT, 0 },
	};
	struct facts_err ignored;

	out_files(out, src, "proc/sys/kernel", rows);
	if (out_get_text(out, "kernel_release") == NULL)
		(void)facts_parse_file(src, "proc/version", FACTS_SMALL,
		    parse_proc_version, out, &ignored);
}

static void
read_architecture(struct facts_source *src, struct json_object *out)
{
	struct json_object *info = NULL;
	struct facts_err ignored;
	char text[64];

	if (!src->live) {
		info = json_object_new_object();
		(void)facts_parse_file(src, "proc/cpuinfo", 32u << 20,
		    parse_cpuinfo, info, &ignored);
	}
	cpu_architecture(src, info, text, sizeof(text));
	out_cstr(out, "architecture", text);
	json_object_put(info);
}

int
facts_os(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	int r;

	read_kernel(src, out);
	read_architecture(src, out);
	r = read_release(src, out, err);
	facts_identity(src, out);
	return out_get_text(out, "distribution") != NULL ? 0 : r;
}
