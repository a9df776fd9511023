/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accounts - local users and groups, and the names behind user numbers.
 */
#include "facts/accounts.h"

#include <stdlib.h>

#include "facts/out.h"
#include "facts/parsers.h"
#include "facts/sections.h"

#define ACCOUNTS_MAX	50000
#define FILE_MAX	(8u << 20)
#define MEMBERS_MAX	10000

/* Splits at colons; what is missing is empty. False for a comment or an
 * entry of NIS ("+::::::"). */
static bool
split_entry(struct str line, struct str *part, size_t n)
{
	size_t i;

	if (line.n == 0 || line.p[0] == '#' || line.p[0] == '+' ||
	    line.p[0] == '-')
		return false;
	for (i = 0; i < n; i++)
		if (!str_part(&line, ':', &part[i]))
			part[i] = (struct str){ "", 0 };
	return part[0].n > 0;
}

/* A shell that ends at once means: nobody logs in here. */
static bool
can_login(struct str shell)
{
	return !str_ends(shell, "/nologin") && !str_ends(shell, "/false") &&
	    !str_ends(shell, "/sync") && !str_ends(shell, "/shutdown") &&
	    !str_ends(shell, "/halt");
}

static void
put_user(struct json_object *item, const struct str part[7], uint64_t uid)
{
	struct str gecos = part[4], full_name;
	uint64_t gid;

	out_text(item, "name", part[0]);
	out_u64(item, "uid", uid);
	if (str_u64(part[3], 10, &gid))
		out_u64(item, "gid", gid);
	if (str_part(&gecos, ',', &full_name))
		out_text(item, "full_name", full_name);
	out_text(item, "home", part[5]);
	out_text(item, "shell", part[6]);
	out_bool(item, "login", can_login(part[6]));
}

int
parse_passwd(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, part[7];
	struct json_object *items = out_list(out, "items");
	size_t count = 0;
	uint64_t uid;

	while (str_line(&rest, &line)) {
		if (!split_entry(line, part, 7) || !str_u64(part[2], 10, &uid))
			continue;
		if (++count > ACCOUNTS_MAX) {
			out_bool(out, "truncated", true);
			break;
		}
		put_user(out_item(items), part, uid);
	}
	return 0;
}

static void
put_members(struct json_object *item, struct str names)
{
	struct json_object *list = out_list(item, "members");
	struct str name;
	size_t count = 0;

	while (str_part(&names, ',', &name)) {
		if (++count > MEMBERS_MAX) {
			out_bool(item, "truncated", true);
			break;
		}
		out_item_text(list, name);
	}
}

int
parse_group(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, part[4];
	struct json_object *items = out_list(out, "items"), *item;
	size_t count = 0;
	uint64_t gid;

	while (str_line(&rest, &line)) {
		if (!split_entry(line, part, 4) || !str_u64(part[2], 10, &gid))
			continue;
		if (++count > ACCOUNTS_MAX) {
			out_bool(out, "truncated", true);
			break;
		}
		item = out_item(items);
		out_text(item, "name", part[0]);
		out_u64(item, "gid", gid);
		if (part[3].n > 0)
			put_members(item, part[3]);
	}
	return 0;
}

int
facts_users(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	return facts_parse_file(src, "etc/passwd", FILE_MAX, parse_passwd, out,
	    err);
}

int
facts_groups(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	return facts_parse_file(src, "etc/group", FILE_MAX, parse_group, out,
	    err);
}

static int
by_uid(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	return x->name.p < y->name.p ? -1 : x->name.p > y->name.p;
}

static size_t
count_lines(struct str text)
{
	struct str line;
	size_t n = 0;

	while (n < ACCOUNTS_MAX && str_line(&text, &line))
		n++;
	return n;
}

void
accounts_load(struct accounts *a, struct facts_source *src)
{
	struct str rest, line, part[3];
	size_t room;
	uint64_t uid;

	*a = (struct accounts){ .count = 0 };
	if (facts_read(src, "etc/passwd", FILE_MAX, &a->text) < 0)
		return;
	rest = (struct str){ a->text.data, a->text.len };
	room = count_lines(rest);
	a->at = calloc(room + 1, sizeof(*a->at));
	if (a->at == NULL)
		return;
	while (a->count < room && str_line(&rest, &line))
		if (split_entry(line, part, 3) && str_u64(part[2], 10, &uid))
			a->at[a->count++] = (struct account){ uid, part[0] };
	qsort(a->at, a->count, sizeof(*a->at), by_uid);
}

void
accounts_free(struct accounts *a)
{
	facts_bytes_free(&a->text);
	free(a->at);
	*a = (struct accounts){ .count = 0 };
}

/* The first of those who share a number, as the C library does. */
struct str
accounts_name(const struct accounts *a, uint64_t uid)
{
	size_t low = 0, high = a->count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (a->at[mid].uid < uid)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < a->count && a->at[low].uid == uid)
		return a->at[low].name;
	return (struct str){ "", 0 };
}
