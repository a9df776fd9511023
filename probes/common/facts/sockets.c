/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sockets - who listens and who talks, and which process that is.
 *
 * The kernel lists sockets without their process; a process lists what it has
 * open as links "socket:[INODE]". The two lists are brought together here, and
 * the walk over the processes ends as soon as every socket has its owner.
 */
#include "facts/sections.h"

#include <endian.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/accounts.h"
#include "facts/net_sockets.h"
#include "facts/out.h"
#include "facts/system.h"

#define LIST_MAX	(32u << 20)
#define LINKS_MAX	200000	/* open files looked at, over all processes */

static const struct {
	const char *path;
	const char *protocol;
	int family;		/* 0: unix */
	size_t line_max;	/* for facts_read_table(); 0: a path may be long */
} lists[] = {
	{ "proc/net/tcp", "tcp", 4, 512 },
	{ "proc/net/tcp6", "tcp", 6, 512 },
	{ "proc/net/udp", "udp", 4, 512 },
	{ "proc/net/udp6", "udp", 6, 512 },
	{ "proc/net/unix", "unix", 0, 0 },
};

struct search {
	struct facts_source *src;
	struct socket_list *list;
	size_t missing;		/* sockets without an owner so far */
	size_t links;
	bool denied, truncated;
};

static int
read_lists(struct facts_source *src, struct socket_list *list,
    struct facts_err *err)
{
	struct facts_bytes b;
	struct str text;
	int r, found = 0, failed = 0;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		r = facts_read_table(src, lists[i].path, LIST_MAX,
		    lists[i].line_max, &b);
		if (r == -ENOENT && !(i + 1 == sizeof(lists) /
			sizeof(lists[0]) && found == 0))
			continue;	/* IPv6 may be switched off */
		if (r < 0) {
			failed = facts_fail(err, r, lists[i].path);
			continue;
		}
		found++;
		text = (struct str){ b.data, b.len };
		r = lists[i].family != 0 ? sockets_scan_inet(text,
		    lists[i].protocol, lists[i].family, list)
		    : sockets_scan_unix(text, list);
		facts_bytes_free(&b);
		if (r < 0)
			return facts_fail(err, -ENOMEM, lists[i].path);
	}
	return failed;
}

static int
by_inode(const void *a, const void *b)
{
	const struct socket_row *x = a, *y = b;

	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

static void
put_users(struct facts_source *src, struct socket_list *list)
{
	struct json_object *uid;
	struct accounts users;
	size_t i;

	accounts_load(&users, src);
	for (i = 0; i < list->count; i++)
		if (json_object_object_get_ex(list->row[i].item, "uid", &uid))
			out_text(list->row[i].item, "user", accounts_name(
			    &users, json_object_get_uint64(uid)));
	accounts_free(&users);
}

/* NULL for a socket that was not listed, or whose owner is known. */
static struct json_object *
find_ownerless(const struct socket_list *list, struct str link)
{
	struct socket_row key = { 0, NULL }, *row;

	if (!str_starts(link, "socket:[") || !str_ends(link, "]") ||
	    !str_u64(str_left(str_skip(link, 8), link.n - 9), 10, &key.inode))
		return NULL;
	row = bsearch(&key, list->row, list->count, sizeof(key), by_inode);
	if (row == NULL || json_object_object_get_ex(row->item, "pid", NULL))
		return NULL;
	return row->item;
}

/* NAME is read with the first socket of a process, and kept for the others. */
static void
put_owner(struct search *s, struct json_object *item, uint64_t pid,
    char name[64])
{
	char path[FACTS_PATH_MAX];

	if (name[0] == '\0' &&
	    facts_path(path, "proc/%llu/comm", (unsigned long long)pid))
		(void)facts_read_small(s->src, path, name, 64);
	out_u64(item, "pid", pid);
	out_cstr(item, "process", name);
	s->missing--;
}

static void
look_into(struct search *s, uint64_t pid)
{
	char path[FACTS_PATH_MAX], link[64], name[64] = "";
	struct facts_names fds;
	struct json_object *item;
	size_t i;
	int r;

	if (!facts_path(path, "proc/%llu/fd", (unsigned long long)pid))
		return;
	r = facts_list(s->src, path, &fds);
	s->denied = s->denied || r == -EACCES || r == -EPERM;
	if (r < 0)
		return;
	for (i = 0; i < fds.count && s->missing > 0 && r != -EACCES; i++) {
		if (++s->links > LINKS_MAX) {
			s->truncated = true;
			break;
		}
		if (!facts_path(path, "proc/%llu/fd/%s",
			(unsigned long long)pid, fds.name[i]))
			continue;
		r = facts_link(s->src, path, link, sizeof(link));
		s->denied = s->denied || r == -EACCES;
		if (r < 0)
			continue;
		item = find_ownerless(s->list, str_of(link));
		if (item != NULL)
			put_owner(s, item, pid, name);
	}
	facts_names_free(&fds);
}

/* A socket of a process that ended, or of the kernel, has no owner at all. */
static void
find_owners(struct search *s)
{
	struct facts_names names;
	uint64_t pid;
	size_t i;

	if (facts_list(s->src, "proc", &names) < 0)
		return;
	for (i = 0; i < names.count && s->missing > 0 && !s->truncated; i++)
		if (str_u64(str_of(names.name[i]), 10, &pid))
			look_into(s, pid);
	facts_names_free(&names);
}

/* What ss -e -p says as root: "... users:((\"sshd\",pid=819,fd=3)) ino:23456 ..." */
static void
owner_by_ss(struct search *s, struct str line)
{
	const char *user = memmem(line.p, line.n, "users:((\"", 9), *ino = memmem(line.p, line.n, " ino:", 5), *pid;
	struct str rest, name;
	struct json_object *item;
	char link[48];
	uint64_t inode, number;

	if (user == NULL || ino == NULL || !str_leading_u64(str_skip(line, (size_t)(ino - line.p) + 5), &inode))
		return;
	rest = str_skip(line, (size_t)(user - line.p) + 9);
	pid = memmem(rest.p, rest.n, "\",pid=", 6);
	if (pid == NULL || !str_leading_u64(str_skip(rest, (size_t)(pid - rest.p) + 6), &number))
		return;
	name = str_left(rest, (size_t)(pid - rest.p));
	(void)snprintf(link, sizeof(link), "socket:[%llu]", (unsigned long long)inode);
	item = find_ownerless(s->list, str_of(link));
	if (item == NULL)
		return;
	out_u64(item, "pid", number);
	out_text(item, "process", name);
	s->missing--;
}

/* Over a login nobody sends what processes have open: ss tells, where it was run as root. */
static void
ask_ss(struct search *s)
{
	struct facts_bytes b;
	struct str rest, line;

	if (!facts_exists(s->src, "commands/uname"))
		return;
	if (facts_command(s->src, "ss", &b) < 0) {
		s->denied = true;
		return;
	}
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line) && s->missing > 0;)
		owner_by_ss(s, line);
	facts_bytes_free(&b);
}

static void
mark_ownerless(const struct socket_list *list, struct json_object *out)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->row[i].inode != 0 && !json_object_object_get_ex(
			list->row[i].item, "pid", NULL)) {
			out_bool(list->row[i].item, "needs_privilege", true);
			count++;
		}
	if (count > 0) {
		out_bool(out, "needs_privilege", true);
		out_u64(out, "without_owner", count);
	}
}

int
facts_sockets(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct socket_list list = {
		.items = out_list(out, "items"),
		.big = src->live && BYTE_ORDER == BIG_ENDIAN,
	};
	struct search s = { .src = src, .list = &list };
	int r;

	r = read_lists(src, &list, err);
	if (list.count > 0)
		qsort(list.row, list.count, sizeof(*list.row), by_inode);
	s.missing = list.count;
	put_users(src, &list);
	find_owners(&s);
	ask_ss(&s);
	if (s.denied)
		mark_ownerless(&list, out);
	if (list.truncated || s.truncated)
		out_bool(out, "truncated", true);
	free(list.row);
	return r;
}
