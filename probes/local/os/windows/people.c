/* SPDX-License-Identifier: Apache-2.0 */
/* people - the sections users and groups: the accounts of this machine, not those of its domain. */
#include "win.h"

#include <json-c/json.h>
#include <lm.h>
#include <string.h>

#define PIECE (64u << 10)

static void
put_user(struct json_object *item, const USER_INFO_20 *u)
{
	win_put(item, "name", u->usri20_name);
	out_u64(item, "uid", u->usri20_user_id);
	win_put(item, "full_name", u->usri20_full_name);
	out_bool(item, "login", (u->usri20_flags & UF_ACCOUNTDISABLE) == 0);
}

int
win_users(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items"), *item;
	DWORD n, total, resume = 0, i, r;
	USER_INFO_20 *u;

	(void)src;
	do {
		u = NULL;
		r = NetUserEnum(NULL, 20, FILTER_NORMAL_ACCOUNT, (BYTE **)&u, PIECE, &n, &total, &resume);
		for (i = 0; (r == NERR_Success || r == ERROR_MORE_DATA) && i < n && (item = win_item(list, out)) != NULL; i++)
			put_user(item, &u[i]);
		if (u != NULL)
			NetApiBufferFree(u);
	} while (r == ERROR_MORE_DATA && json_object_array_length(list) < WIN_ITEMS_MAX);
	return r == NERR_Success || r == ERROR_MORE_DATA ? 0 : win_fail(err, r, "local users");
}

/* The last part of its SID is what tools show as its number. */
static void
put_number(struct json_object *item, const wchar_t *name)
{
	BYTE sid[SECURITY_MAX_SID_SIZE];
	wchar_t domain[256];
	DWORD n = sizeof(sid), m = 256;
	SID_NAME_USE use;

	if (LookupAccountNameW(NULL, name, sid, &n, domain, &m, &use) && *GetSidSubAuthorityCount(sid) > 0)
		out_u64(item, "gid", *GetSidSubAuthority(sid, *GetSidSubAuthorityCount(sid) - 1u));
}

static void
put_members(struct json_object *item, const wchar_t *group)
{
	LOCALGROUP_MEMBERS_INFO_3 *m = NULL;
	struct json_object *list;
	DWORD n = 0, total, i;
	DWORD_PTR resume = 0;

	if (NetLocalGroupGetMembers(NULL, group, 3, (BYTE **)&m, PIECE, &n, &total, &resume) == NERR_Success && n > 0) {
		list = out_list(item, "members");
		for (i = 0; i < n; i++)
			win_put_item(list, m[i].lgrmi3_domainandname);
	}
	if (m != NULL)
		NetApiBufferFree(m);
}

int
win_groups(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items"), *item;
	LOCALGROUP_INFO_0 *g;
	DWORD n, total, i, r;
	DWORD_PTR resume = 0;

	(void)src;
	do {
		g = NULL;
		r = NetLocalGroupEnum(NULL, 0, (BYTE **)&g, PIECE, &n, &total, &resume);
		for (i = 0; (r == NERR_Success || r == ERROR_MORE_DATA) && i < n && (item = win_item(list, out)) != NULL; i++) {
			win_put(item, "name", g[i].lgrpi0_name);
			put_number(item, g[i].lgrpi0_name);
			put_members(item, g[i].lgrpi0_name);
		}
		if (g != NULL)
			NetApiBufferFree(g);
	} while (r == ERROR_MORE_DATA && json_object_array_length(list) < WIN_ITEMS_MAX);
	return r == NERR_Success || r == ERROR_MORE_DATA ? 0 : win_fail(err, r, "local groups");
}
