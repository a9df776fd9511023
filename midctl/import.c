/* SPDX-License-Identifier: Apache-2.0 */
/* import - see import.h. */
#include "import.h"

#include <ctype.h>
#include <inttypes.h>
#include <json-c/linkhash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "xml.h"

#define FILE_MAX (1u << 20)
#define VALUE_MAX 300
#define TEXT_BYTES 250		/* as ssh.kex has it */

static bool
fits(const struct import_row *row, const char *name)
{
	size_t n = strlen(row->name);

	return row->name[n - 1] == '*' ? strncmp(row->name, name, n - 1) == 0 : strcmp(row->name, name) == 0;
}

const struct import_row *
import_find(const char *name)
{
	const struct import_row *row;

	for (row = import_rows; row->name != NULL; row++)
		if (fits(row, name))
			return row;
	return NULL;
}

static void
note(struct json_object *list, const char *name, const char *why)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "name", name);
	json_put_str(o, "why", why);
	json_add_take(list, o);
}

static void
put_option(struct imported *im, const char *name, const char *option, const char *value)
{
	struct json_object *o = json_object_new_object();

	json_put_str(im->options, option, value);
	json_put_str(o, "name", name);
	json_put_str(o, "option", option);
	json_put_str(o, "value", value);
	json_add_take(im->moved, o);
}

/* --- values: NULL, or why this one can't be taken ------------------------------------- */

static const char *
to_number(const char *value, char out[VALUE_MAX], const char *unit)
{
	char *end;
	double n = strtod(value, &end);

	while (isspace((unsigned char)*end))
		end++;
	if (end == value || *end != '\0' || !(n >= 1 && n <= 1e12))
		return "its value is not a positive number";
	snprintf(out, VALUE_MAX, "%" PRId64 "%s", (int64_t)n, unit);
	return NULL;
}

/* "0.5g", "500 MB": the first letter counts; without one they are gigabytes. */
static const char *
to_units(const char *value, char out[VALUE_MAX])
{
	static const struct { char letter; double factor; } units[] = {
		{ 'b', 1 }, { 'k', 1024 }, { 'm', 1048576 }, { 'g', 1073741824 }, { 't', 1099511627776 },
	};
	double n, factor = 1073741824;
	char *end;
	size_t i;

	n = strtod(value, &end);
	if (end == value || !(n > 0))
		return "its value is not a size";
	while (isspace((unsigned char)*end))
		end++;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (tolower((unsigned char)*end) == units[i].letter)
			factor = units[i].factor;
	if (n * factor > 1e12)
		return "its value is larger than midd can keep";
	snprintf(out, VALUE_MAX, "%" PRId64 " B", (int64_t)(n * factor));
	return NULL;
}

static const char *
to_bool(const char *value, char out[VALUE_MAX])
{
	bool yes = strcasecmp(value, "true") == 0;

	if (!yes && strcasecmp(value, "false") != 0)
		return "its value is neither true nor false";
	snprintf(out, VALUE_MAX, "%s", yes ? "true" : "false");
	return NULL;
}

static const char *
to_negated(const char *value, char out[VALUE_MAX])
{
	const char *why = to_bool(value, out);

	if (why == NULL)
		snprintf(out, VALUE_MAX, "%s", out[0] == 't' ? "false" : "true");
	return why;
}

static const char *
to_level(const char *value, char out[VALUE_MAX])
{
	static const char *const words[] = { "error", "warn", "info", "debug" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(value, words[i]) == 0) {
			snprintf(out, VALUE_MAX, "%s", words[i]);
			return NULL;
		}
	return "its value is none of error, warn, info, debug";
}

static const char *
to_text(const char *value, char out[VALUE_MAX])
{
	if (strlen(value) > TEXT_BYTES)
		return "its value is longer than midd takes";
	snprintf(out, VALUE_MAX, "%s", value);
	return NULL;
}

/* An address alone: a path or a slash at the end is cut off. */
static const char *
to_url(const char *value, char out[VALUE_MAX])
{
	const char *why = to_text(value, out);
	char *slash;

	if (why != NULL || strncmp(value, "https://", 8) != 0 || value[8] == '\0' || strchr(value, '@') != NULL)
		return "midd speaks to https:// addresses without a login in them only";
	slash = strchr(out + 8, '/');
	if (slash != NULL)
		*slash = '\0';
	return NULL;
}

static const char *
convert(const struct import_row *row, const char *value, char out[VALUE_MAX])
{
	switch (row->kind) {
	case IMPORT_COUNT: return to_number(value, out, "");
	case IMPORT_SECONDS: return to_number(value, out, "s");
	case IMPORT_BYTES: return to_number(value, out, " B");
	case IMPORT_UNITS: return to_units(value, out);
	case IMPORT_BOOL: return to_bool(value, out);
	case IMPORT_NEGATED: return to_negated(value, out);
	case IMPORT_LEVEL: return to_level(value, out);
	case IMPORT_URL: return to_url(value, out);
	default: return to_text(value, out);
	}
}

/* --- one parameter --------------------------------------------------------------------- */

static void
take_secret(struct imported *im, const struct import_row *row, const char *name, const char *value)
{
	char why[300];

	snprintf(why, sizeof(why), "%s: write the password into a file that only midd's user may read, and name it in %s%s",
	    strncmp(value, "encrypted:", 10) == 0 ? "encrypted, by a key that only the MID Server has" :
	    "a password is not copied into a configuration", row->option,
	    strcmp(row->option, "instance.password_file") == 0 ? "; with a certificate (midctl enroll) none is wanted" : "");
	note(im->left, name, why);
}

static void
take(struct imported *im, const char *name, const char *value)
{
	const struct import_row *row = import_find(name);
	char out[VALUE_MAX];
	const char *why;

	if (row == NULL) {
		note(im->left, name, "midd knows no setting of this name");
	} else if (value[0] == '\0') {
		return;		/* it says nothing */
	} else if (row->kind == IMPORT_SECRET) {
		take_secret(im, row, name, value);
	} else if (strncmp(value, "encrypted:", 10) == 0) {
		note(im->left, name, "encrypted, by a key that only the MID Server has");
	} else if (row->kind == IMPORT_SAME || row->kind == IMPORT_NOT) {
		note(row->kind == IMPORT_SAME ? im->same : im->left, name, row->why);
	} else if (row->kind != IMPORT_PROXY) {
		why = convert(row, value, out);
		if (why != NULL)
			note(im->left, name, why);
		else
			put_option(im, name, row->option, out);
	}
}

static void
take_proxy(struct imported *im, struct json_object *params)
{
	const char *host = json_str(params, "mid.proxy.host", ""), *port = json_str(params, "mid.proxy.port", "80");
	const char *use = json_str(params, "mid.proxy.use_proxy", json_str(params, "mid.instance.use_proxy", "false"));
	char url[VALUE_MAX];

	if (host[0] == '\0')
		return;
	if (strcasecmp(use, "true") != 0)
		note(im->same, "mid.proxy.host", "use_proxy is not true: no proxy was used");
	else if (strlen(host) > 250 || strcspn(host, "/@ \t\"") != strlen(host) || strspn(port, "0123456789") != strlen(port) || strlen(port) > 5)
		note(im->left, "mid.proxy.host", "host and port make no address of a proxy");
	else {
		snprintf(url, sizeof(url), "http://%s:%s", host, port[0] ? port : "80");
		put_option(im, "mid.proxy.host", "instance.proxy", url);
	}
}

/* By its mark, or by the NUL in its first "<". */
static bool
is_utf16(const char *text, size_t len)
{
	return len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 || memcmp(text, "<", 2) == 0 || memcmp(text, "\0<", 2) == 0);
}

int
import_xml(struct imported *im, const char *text, size_t len, struct err *err)
{
	struct json_object *params = NULL, *xml = NULL;
	int r;

	memset(im, 0, sizeof(*im));
	if (is_utf16(text, len))
		return err_set(err, E_BAD, "it is UTF-16, as editors of Windows write it: save it as UTF-8, or iconv -f UTF-16 -t UTF-8 config.xml > new.xml");
	r = xml_read_parameters(text, len, FILE_MAX, &params, &xml, err);
	if (r < 0)
		return r;
	if (json_object_object_length(params) + json_object_object_length(xml) == 0) {
		json_object_put(params);
		json_object_put(xml);
		return err_set(err, E_BAD, "there is no <parameter name=\"...\" value=\"...\"/> in it: is it a MID Server's config.xml?");
	}
	im->options = json_object_new_object();
	im->moved = json_object_new_array();
	im->left = json_object_new_array();
	im->same = json_object_new_array();
	json_object_object_foreach(params, name, value)
		take(im, name, json_object_get_string(value));
	json_object_object_foreach(xml, inner, ignored) {
		(void)ignored;
		note(im->left, inner, "elements inside a parameter are not understood");
	}
	take_proxy(im, params);
	json_object_put(params);
	json_object_put(xml);
	return 0;
}

void
import_fini(struct imported *im)
{
	json_object_put(im->options);
	json_object_put(im->moved);
	json_object_put(im->left);
	json_object_put(im->same);
	memset(im, 0, sizeof(*im));
}

/* --- as YAML ------------------------------------------------------------------------------ */

static int
put_value(struct buf *out, const char *value)
{
	int r = buf_puts(out, "\"");

	if (r == 0)
		r = json_escape(out, value, strlen(value));
	return r == 0 ? buf_puts(out, "\"\n") : r;
}

/* All options of the section that SEEN has not, below its heading. */
static int
put_section(const struct imported *im, const char *section, size_t n, struct buf *out)
{
	int r = buf_printf(out, "%.*s:\n", (int)n, section);

	json_object_object_foreach(im->options, key, value) {
		if (strncmp(key, section, n) != 0 || key[n] != '.' || r < 0)
			continue;
		r = buf_printf(out, "  %s: ", key + n + 1);
		if (r == 0)
			r = put_value(out, json_object_get_string(value));
	}
	return r;
}

static bool
first_of_section(const struct imported *im, const char *key, size_t n)
{
	json_object_object_foreach(im->options, other, value) {
		(void)value;
		if (strncmp(other, key, n + 1) == 0)
			return other == key || strcmp(other, key) == 0;
	}
	return true;
}

static int
put_options(const struct imported *im, struct buf *out)
{
	int r = 0;
	size_t n;

	json_object_object_foreach(im->options, key, value) {
		n = strcspn(key, ".");
		if (r < 0)
			return r;
		if (key[n] == '\0') {
			r = buf_printf(out, "%s: ", key);
			if (r == 0)
				r = put_value(out, json_object_get_string(value));
		} else if (first_of_section(im, key, n)) {
			r = put_section(im, key, n, out);
		}
	}
	return r;
}

/* A name may hold anything: as in JSON, so that it cannot end the comment. */
static int
put_notes(struct json_object *list, const char *head, struct buf *out)
{
	size_t i, n = json_object_array_length(list);
	struct json_object *o;
	const char *name;
	int r = n > 0 ? buf_printf(out, "\n# %s\n", head) : 0;

	for (i = 0; r == 0 && i < n; i++) {
		o = json_object_array_get_idx(list, i);
		name = json_str(o, "name", "");
		r = buf_puts(out, "#   ");
		if (r == 0)
			r = json_escape(out, name, strlen(name));
		if (r == 0)
			r = buf_printf(out, ": %s\n", json_str(o, "why", ""));
	}
	return r;
}

int
import_yaml(const struct imported *im, struct buf *out)
{
	int r = buf_puts(out, "# Settings of a MID Server, moved by midctl import-config. midctl config check tells whether midd takes them.\n");

	if (r == 0)
		r = put_options(im, out);
	if (r == 0)
		r = put_notes(im->left, "Not moved:", out);
	return r == 0 ? put_notes(im->same, "Needs nothing here:", out) : r;
}
