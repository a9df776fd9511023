/* SPDX-License-Identifier: Apache-2.0 */
/* unix_os - the section os of systems that are no Linux. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/system.h"
#include "facts/unix.h"

#define WORDS 160

/* What /etc/release of the relatives of Solaris begins with, or holds somewhere. */
static const struct { const char *word, *id, *name; } suns[] = {
	{ "SmartOS", "smartos", "SmartOS" }, { "OpenIndiana", "openindiana", "OpenIndiana" }, { "OmniOS", "omnios", "OmniOS" },
	{ "Nexenta", "nexenta", "Nexenta" }, { "Solaris", "solaris", "Solaris" }, { "illumos", "illumos", "illumos" },
};

/* The words of S behind the one that is WORD: the first of them. */
static struct str
after(struct str s, const char *word)
{
	struct str w;

	while (str_word(&s, &w))
		if (str_eq(w, word))
			return str_word(&s, &w) ? w : STR("");
	return STR("");
}

static struct str
last(struct str s)
{
	struct str w = STR(""), next;

	while (str_word(&s, &next))
		w = next;
	return w;
}

/* Its own number where the release names one, else what uname -v says. */
static void
sun_version(struct facts_source *src, const char *id, struct str first, char *buf, size_t size)
{
	char text[FACTS_SMALL], kernel[WORDS];
	struct str rest, line, v = STR("");

	buf[0] = '\0';
	facts_uname(src, UNAME_V, kernel, sizeof(kernel));
	if (strcmp(id, "solaris") == 0)
		v = after(first, "Solaris");
	else if (strcmp(id, "omnios") == 0 || strcmp(id, "nexenta") == 0)
		v = last(first);
	else if (strcmp(id, "openindiana") == 0 && kernel[0] == '\0')	/* "Hipster 2023.10", "Development oi_151.1.9" */
		v = after(first, str_find(first, '_') >= 0 ? "Development" : "Hipster");
	if (v.n > 1 && v.p[0] == 'v')
		v = str_skip(v, 1);
	/* A zone of SmartOS has an image of its own. */
	if (strcmp(id, "smartos") == 0 && facts_read_small(src, "etc/product", text, sizeof(text)) == 0)
		for (rest = str_of(text); str_line(&rest, &line);)
			if (str_starts(line, "Image:"))
				v = last(line);
	if (v.n > 0)
		str_copy(buf, size, v);
	else if (kernel[0] != '\0')
		snprintf(buf, size, "%s", kernel);
	else if (strcmp(id, "smartos") == 0)	/* its kernel is named by the day of the image */
		snprintf(buf, size, "joyent_%.*s", (int)str_left(after(first, "SmartOS"), 100).n, after(first, "SmartOS").p);
}

static void
sun_os(struct facts_source *src, struct json_object *out)
{
	char text[FACTS_SMALL], version[WORDS], major[WORDS];
	struct str rest, first = STR("");
	size_t i;

	if (facts_read_small(src, "etc/release", text, sizeof(text)) < 0)
		return;
	rest = str_of(text);
	(void)str_line(&rest, &first);
	first = str_trim(first);
	for (i = 0; i < sizeof(suns) / sizeof(suns[0]) && strstr(text, suns[i].word) == NULL; i++)
		;
	if (i == sizeof(suns) / sizeof(suns[0]))
		return;
	sun_version(src, suns[i].id, first, version, sizeof(version));
	out_cstr(out, "id", suns[i].id);
	out_cstr(out, "name", str_starts(first, "Oracle Solaris") ? "Oracle Solaris" : suns[i].name);
	out_text(out, "pretty_name", first);
	out_cstr(out, "version_id", version);
	out_cstr(out, "distribution", suns[i].name);
	out_cstr(out, "distribution_version", version);
	out_text(out, "distribution_release", first);
	if (strcmp(suns[i].id, "solaris") == 0) {
		snprintf(major, sizeof(major), "%.*s", (int)strcspn(version, "."), version);
		out_cstr(out, "distribution_major_version", major);
	}
}

/* sw_vers, lines as "ProductVersion:	10.14.6". */
static void
mac_os(struct facts_source *src, struct json_object *out)
{
	static const struct { const char *key, *field; } rows[] = {
		{ "ProductName", "name" }, { "ProductVersion", "version_id" }, { "BuildVersion", "build_id" },
	};
	struct facts_bytes b;
	struct str rest, line, key, value;
	size_t i;

	if (facts_command(src, "sw_vers", &b) < 0)
		return;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (str_pair(line, ':', &key, &value) && str_eq(key, rows[i].key))
				out_text(out, rows[i].field, value);
	facts_bytes_free(&b);
}

/* "7200-05-03-2148" of oslevel -s; without it uname's "7" and "2" are 7.2. */
static void
aix_os(struct facts_source *src, struct json_object *out)
{
	char v[WORDS], r[WORDS], level[FACTS_SMALL], text[2 * WORDS + 2];

	facts_uname(src, UNAME_V, v, sizeof(v));
	facts_uname(src, UNAME_R, r, sizeof(r));
	snprintf(text, sizeof(text), "%s.%s", v, r);
	if (v[0] != '\0' && r[0] != '\0')
		out_cstr(out, "version_id", text);
	if (facts_read_small(src, "commands/oslevel", level, sizeof(level)) == 0 && isdigit((unsigned char)level[0]))
		out_cstr(out, "version", level);
}

/* "B.11.31": the letter stands for a line of machines. */
static void
hp_os(struct facts_source *src, struct json_object *out)
{
	char r[WORDS];
	const char *dot;

	facts_uname(src, UNAME_R, r, sizeof(r));
	dot = strchr(r, '.');
	out_cstr(out, "version_id", isalpha((unsigned char)r[0]) && dot != NULL ? dot + 1 : r);
	out_cstr(out, "version", r);
}

/* "13.2-RELEASE-p4". */
static void
bsd_os(struct facts_source *src, struct json_object *out)
{
	char r[WORDS];

	if (facts_read_small(src, "commands/freebsd-version", r, sizeof(r)) < 0 || r[0] == '\0')
		facts_uname(src, UNAME_R, r, sizeof(r));
	out_cstr(out, "version", r);
	r[strcspn(r, "-")] = '\0';
	out_cstr(out, "version_id", r);
}

static const struct { const char *formats; void (*tell)(struct facts_source *src, struct json_object *out); } tellers[] = {
	{ "solaris", sun_os }, { "macos", mac_os }, { "aix", aix_os }, { "hpux", hp_os }, { "freebsd", bsd_os },
};

static void
kernel(struct facts_source *src, const struct facts_system *sys, struct json_object *out)
{
	char text[WORDS];

	out_cstr(out, "kernel_name", sys->uname);
	facts_uname(src, UNAME_R, text, sizeof(text));
	out_cstr(out, "kernel_release", text);
	facts_uname(src, UNAME_V, text, sizeof(text));
	out_cstr(out, "kernel_version", text);
	/* uname -m of AIX is the number of the machine, of Solaris a kind of board. */
	facts_uname(src, facts_is(sys, "aix") || facts_is(sys, "solaris") ? UNAME_P : UNAME_M, text, sizeof(text));
	out_cstr(out, "architecture", text);
}

int
facts_unix_os(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const struct facts_system *sys = facts_system(src);
	const char *version, *name;
	char text[WORDS];
	size_t i;

	(void)err;
	kernel(src, sys, out);
	for (i = 0; i < sizeof(tellers) / sizeof(tellers[0]); i++)
		if (facts_is(sys, tellers[i].formats))
			tellers[i].tell(src, out);
	if (out_get_text(out, "id") == NULL)
		out_cstr(out, "id", sys->id);
	name = out_get_text(out, "name");
	if (name == NULL)
		out_cstr(out, "name", sys->name);
	out_cstr(out, "family", sys->family);
	version = out_get_text(out, "version_id");
	if (out_get_text(out, "distribution") != NULL || version == NULL)
		return 0;
	out_cstr(out, "distribution", sys->name);
	out_cstr(out, "distribution_version", version);
	out_cstr(out, "distribution_release", out_get_text(out, "version"));
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(version, "."), version);
	out_cstr(out, "distribution_major_version", text);
	return 0;
}
