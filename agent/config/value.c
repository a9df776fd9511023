/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value - one value of an option: from text to struct config and back. One
 * row a kind; a sentence of refusal always shows what may be written instead.
 */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "key.h"
#include "os.h"
#include "xalloc.h"

#define TEXT_MAX 4096
#define CREDENTIALS "/run/credentials/midd.service/"	/* while the service runs */
#define CREDENTIALS_FROM "/etc/midd/credentials"	/* where it takes them from: midd.service */

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit durations[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 },
	{ NULL, 0 }
};
/* Powers of 1000 as disks count; of 1024 when written so. The larger first: printing takes the first that fits. */
static const struct unit sizes[] = {
	{ "TB", 1000000000000 }, { "GB", 1000000000 }, { "MB", 1000000 }, { "kB", 1000 },
	{ "TiB", (int64_t)1 << 40 }, { "GiB", 1 << 30 }, { "MiB", 1 << 20 }, { "KiB", 1 << 10 },
	{ "KB", 1000 }, { "B", 1 },
	{ NULL, 0 }
};

/* A whole number and a unit of the table, blanks between them allowed. */
static int
measure_parse(const char *text, const struct unit *units, int64_t *out)
{
	char *end;
	intmax_t n;

	if (!isdigit((unsigned char)*text))
		return -E_BAD;
	errno = 0;
	n = strtoimax(text, &end, 10);
	if (errno != 0)
		return -E_BAD;
	while (*end == ' ')
		end++;
	for (; units->name != NULL; units++) {
		if (strcmp(end, units->name) != 0)
			continue;
		if (n > INT64_MAX / units->factor)
			return -E_BAD;
		*out = n * units->factor;
		return 0;
	}
	return -E_BAD;
}

static void
measure_print(struct buf *b, int64_t v, const struct unit *units, const char *blank, const char *zero)
{
	for (; units->name != NULL; units++) {
		if (v != 0 && v % units->factor == 0) {
			(void)buf_printf(b, "%" PRId64 "%s%s", v / units->factor, blank, units->name);
			return;
		}
	}
	(void)buf_puts(b, zero);
}

int
duration_parse(const char *text, int64_t *ms)
{
	return measure_parse(text, durations, ms);
}

int
size_parse(const char *text, int64_t *bytes)
{
	return measure_parse(text, sizes, bytes);
}

static int
count_parse(const char *text, int64_t *out)
{
	static const struct unit plain[] = { { "", 1 }, { NULL, 0 } };

	return measure_parse(text, plain, out);
}

/* --- the kinds ------------------------------------------------------------------ */

typedef int number_fn(const char *text, int64_t *out);

static int
set_number(struct config *c, const struct option *o, const char *text, number_fn *parse,
    const char *what, struct err *err)
{
	int64_t v, min = 0, max = INT64_MAX;

	if (parse(text, &v) < 0)
		return err_set(err, E_BAD, "\"%.80s\" is not %s", text, what);
	(void)parse(o->min, &min);
	(void)parse(o->max, &max);
	if (v < min || v > max)
		return err_set(err, E_BAD, "\"%.80s\" is out of range: write %s to %s", text, o->min, o->max);
	memcpy((char *)c + o->at, &v, sizeof(v));
	return 0;
}

static int
set_duration(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	(void)folder;
	return set_number(c, o, text, duration_parse, "a duration: write for example 15s or 2m", err);
}

static int
set_size(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	(void)folder;
	return set_number(c, o, text, size_parse, "a size: write for example 500 MB or 2 GB", err);
}

static int
set_count(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	(void)folder;
	return set_number(c, o, text, count_parse, "a whole number: write for example 25", err);
}

static int
set_bool(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	static const char *const words[] = { "false", "true", "no", "yes", "off", "on" };
	bool v;
	size_t i;

	(void)folder;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			v = i % 2 == 1;
			memcpy((char *)c + o->at, &v, sizeof(v));
			return 0;
		}
	}
	return err_set(err, E_BAD, "\"%.80s\" is neither true nor false: write one of them", text);
}

/* Swallows VALUE. */
static int
put_text(struct config *c, const struct option *o, char *value)
{
	char **at = (char **)((char *)c + o->at);

	free(*at);
	*at = value;
	return 0;
}

static const char *
get_text(const struct config *c, const struct option *o)
{
	return *(char *const *)((const char *)c + o->at);
}

static int
set_text(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	size_t n = strlen(text);

	(void)folder;
	if (n < strtoul(o->min, NULL, 10))
		return err_set(err, E_BAD, "it is empty: write a value or take the line out");
	if (n > strtoul(o->max, NULL, 10))
		return err_set(err, E_BAD, "it has %zu bytes: write %s at most", n, o->max);
	return put_text(c, o, xstrdup(text));
}

/* Is the word of N bytes at S one of those in LIST, which are separated by blanks? */
static bool
word_in(const char *list, const char *s, size_t n)
{
	const char *end;

	for (; *list != '\0'; list = *end == ' ' ? end + 1 : end) {
		end = list + strcspn(list, " ");
		if ((size_t)(end - list) == n && strncmp(list, s, n) == 0)
			return true;
	}
	return false;
}

static int
set_choice(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	(void)folder;
	if (*text == '\0' || !word_in(o->min, text, strlen(text)))
		return err_set(err, E_BAD, "\"%.80s\" is none of: %s", text, o->min);
	return put_text(c, o, xstrdup(text));
}

/* "http https socks5" -> "http://, https:// or socks5://". */
static void
say_schemes(char *out, size_t size, const char *words)
{
	size_t at = 0, n;

	for (out[0] = '\0'; *words != '\0' && at < size; words += n + (words[n] == ' ')) {
		n = strcspn(words, " ");
		at += (size_t)snprintf(out + at, size - at, "%s%.*s://", at == 0 ? "" : words[n] == ' ' ? ", " : " or ", (int)n, words);
	}
}

static int
set_url(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	const char *sep = strstr(text, "://");
	char schemes[60] = "";
	size_t n = strlen(text);

	(void)folder;
	if (n == 0)
		return put_text(c, o, xstrdup(""));
	if (sep == NULL || !word_in(o->min, text, (size_t)(sep - text)))
		say_schemes(schemes, sizeof(schemes), o->min);
	if (schemes[0] != '\0')
		return err_set(err, E_BAD, "\"%.80s\" does not begin with %s: write for example %s", text, schemes,
		    strchr(o->min, ' ') ? "http://proxy.example.com:3128" : "https://acme.example.com");
	if (sep[3] == '\0' || sep[3] == '/' || n > 500)
		return err_set(err, E_BAD, "\"%.80s\" names no host", text);
	if (strpbrk(text, " \t\r\n\"<>") != NULL || strchr(sep, '@') != NULL)
		return err_set(err, E_BAD, "\"%.80s\" holds a blank, a quote or a user: "
		    "write only scheme, host and port", text);
	while (text[n - 1] == '/')
		n--;
	return put_text(c, o, xstrndup(text, n));
}

/*
 * credential:NAME is what the service manager has brought us: a drop-in's NAME, or the file NAME of
 * /etc/midd/credentials.encrypted or /etc/midd/credentials (midd.service). Who asks from elsewhere, as
 * midctl doctor does, is shown that; and while the service does not run, where it will come from.
 */
static char *
credential(const char *name)
{
	static const char *const from[] = { "sealed_", "plain_", "" };
	static const char *const elsewhere[] = { CREDENTIALS "sealed_", CREDENTIALS "plain_", CREDENTIALS, CREDENTIALS_FROM ".encrypted/",
		CREDENTIALS_FROM "/" };
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	size_t i, n = dir != NULL ? 3 : 5;
	char *path = NULL;

	for (i = 0; i < n; i++) {
		free(path);
		path = dir != NULL ? xasprintf("%s/%s%s", dir, from[i], name) : xasprintf("%s%s", elsewhere[i], name);
		if (access(path, F_OK) == 0)
			break;
	}
	return path;		/* absent: whoever reads it says so */
}

/* One that is missing is put there by root, who will not guess that a reload does not bring it. */
static int
put_credential(struct config *c, const struct option *o, const char *name, struct err *err)
{
	char *path = credential(name);
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	if (dir != NULL && access(path, F_OK) < 0) {
		free(path);
		return err_set(err, E_BAD, "there was no credential %.80s when midd was started: put it into " CREDENTIALS_FROM
		    ", and systemctl restart midd (a reload brings none)", name);
	}
	return put_text(c, o, path);
}

/* Swallows PATH. The service itself may not even enter the folders that systemd reads for it. */
static int
put_path(struct config *c, const struct option *o, char *path, struct err *err)
{
	int r = 0;

	if (getenv("CREDENTIALS_DIRECTORY") != NULL && (strncmp(path, CREDENTIALS_FROM "/", sizeof(CREDENTIALS_FROM)) == 0 ||
	    strncmp(path, CREDENTIALS_FROM ".encrypted/", sizeof(CREDENTIALS_FROM) + 10) == 0))
		r = err_set(err, E_BAD, "\"%.160s\" is root's, and systemd brings it: write credential:%.80s", path, strrchr(path, '/') + 1);
	if (r == 0)
		return put_text(c, o, path);
	free(path);
	return r;
}

static int
set_file(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	if (strlen(text) > TEXT_MAX - 100)
		return err_set(err, E_BAD, "the file name is longer than %d bytes", TEXT_MAX - 100);
	if (*text == '\0' || os_path_is_absolute(text))
		return put_path(c, o, xstrdup(text), err);
	if (strncmp(text, "credential:", 11) == 0) {
		if (text[11] == '\0' || strchr(text, '/') != NULL)
			return err_set(err, E_BAD, "\"%.80s\" names no credential: write credential:NAME", text);
		return put_credential(c, o, text + 11, err);
	}
	return put_path(c, o, xasprintf("%s/%s", folder, text), err);
}

/* In a URI "pin-source=credential:NAME" is the one thing that is ours, and not of RFC 7512. */
static int
set_key(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	static const char ours[] = "?pin-source=credential:";
	const char *pin = strstr(text, ours);
	char *whole, *path, *bare, *pin_file;
	int r;

	if (!key_in_token(text))
		return set_file(c, o, text, folder, err);
	if (strlen(text) > TEXT_MAX - 100)
		return err_set(err, E_BAD, "the URI is longer than %d bytes", TEXT_MAX - 100);
	if (pin != NULL) {
		path = credential(pin + sizeof(ours) - 1);
		whole = xasprintf("%.*s?pin-source=%s", (int)(pin - text), text, path);
		free(path);
	} else {
		whole = xstrdup(text);
	}
	r = key_uri(whole, &bare, &pin_file, err);
	if (r < 0) {
		free(whole);
		return r;
	}
	free(bare);
	free(pin_file);
	return put_text(c, o, whole);
}

/* Several paths with colons between them, each of them relative for itself. */
static int
set_files(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	struct buf all;
	size_t n;

	if (strlen(text) > TEXT_MAX - 100)
		return err_set(err, E_BAD, "the list is longer than %d bytes", TEXT_MAX - 100);
	buf_init(&all, 64 * TEXT_MAX);
	for (;; text += n + 1) {
		n = strcspn(text, os_list_separator);
		if (n > 0 && buf_printf(&all, "%s%s%s%.*s", all.len ? os_list_separator : "",
		    os_path_is_absolute(text) ? "" : folder, os_path_is_absolute(text) ? "" : "/", (int)n, text) < 0) {
			buf_fini(&all);
			return err_set(err, E_BAD, "the list has too many parts");
		}
		if (text[n] == '\0')
			break;
	}
	return put_text(c, o, buf_take(&all, NULL));
}

typedef int set_fn(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err);
static set_fn *const setters[] = {
	[OPT_TEXT] = set_text, [OPT_FILE] = set_file, [OPT_KEY] = set_key, [OPT_FILES] = set_files, [OPT_URL] = set_url, [OPT_CHOICE] = set_choice,
	[OPT_COUNT] = set_count, [OPT_DURATION] = set_duration, [OPT_SIZE] = set_size, [OPT_BOOL] = set_bool,
};

int
option_set(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err)
{
	const char *p;

	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			return err_set(err, E_BAD, "it holds a control character");
	return setters[o->kind](c, o, text, folder, err);
}

static bool
is_text(const struct option *o)
{
	return o->kind <= OPT_CHOICE;
}

void
option_print(const struct config *c, const struct option *o, struct buf *b)
{
	const char *at = (const char *)c + o->at;
	int64_t v;

	if (is_text(o)) {
		(void)buf_puts(b, get_text(c, o));
		return;
	}
	if (o->kind == OPT_BOOL) {
		(void)buf_puts(b, *(const bool *)at ? "true" : "false");
		return;
	}
	memcpy(&v, at, sizeof(v));
	if (o->kind == OPT_DURATION)
		measure_print(b, v, durations, "", "0s");
	else if (o->kind == OPT_SIZE)
		measure_print(b, v, sizes, " ", "0 B");
	else
		(void)buf_printf(b, "%" PRId64, v);
}

bool
option_same(const struct config *a, const struct config *b, const struct option *o)
{
	if (is_text(o))
		return strcmp(get_text(a, o), get_text(b, o)) == 0;
	return memcmp((const char *)a + o->at, (const char *)b + o->at,
	    o->kind == OPT_BOOL ? sizeof(bool) : sizeof(int64_t)) == 0;
}
