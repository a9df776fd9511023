/* SPDX-License-Identifier: Apache-2.0 */
/* win - see win.h. */
#include "win.h"

#include <json-c/json.h>
#include <sddl.h>
#include <stdio.h>
#include <string.h>

#define EPOCH 116444736000000000ull	/* 1970 in 100 ns since 1601 */

char *
win_utf8(char *to, size_t n, const wchar_t *from)
{
	to[0] = '\0';
	if (from != NULL && WideCharToMultiByte(CP_UTF8, 0, from, -1, to, (int)n, NULL, NULL) == 0)
		to[n - 1] = '\0';	/* cut; out.c mends a half sequence */
	return to;
}

void
win_put(struct json_object *obj, const char *key, const wchar_t *text)
{
	char utf8[4 * WIN_TEXT];

	out_cstr(obj, key, win_utf8(utf8, sizeof(utf8), text));
}

void
win_put_item(struct json_object *list, const wchar_t *text)
{
	char utf8[WIN_TEXT];

	out_item_text(list, str_of(win_utf8(utf8, sizeof(utf8), text)));
}

struct json_object *
win_item(struct json_object *list, struct json_object *out)
{
	if (json_object_array_length(list) < WIN_ITEMS_MAX)
		return out_item(list);
	out_bool(out, "truncated", true);
	return NULL;
}

int
win_fail(struct facts_err *err, DWORD e, const char *what)
{
	if (e == ERROR_ACCESS_DENIED)
		return facts_say(err, "denied", "%s: this account may not be told", what);
	if (e == ERROR_NOT_SUPPORTED || e == ERROR_CALL_NOT_IMPLEMENTED || e == ERROR_INVALID_FUNCTION)
		return facts_say(err, "missing", "%s: this system does not tell", what);
	return facts_say(err, "io", "%s: error %lu of Windows", what, (unsigned long)e);
}

bool
win_reg_text(const wchar_t *key, const wchar_t *name, wchar_t *to, size_t n)
{
	DWORD size = (DWORD)(n * sizeof(*to));

	to[0] = L'\0';
	return RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND | RRF_SUBKEY_WOW6464KEY,
	    NULL, to, &size) == ERROR_SUCCESS;
}

bool
win_reg_number(const wchar_t *key, const wchar_t *name, uint32_t *out)
{
	DWORD v, size = sizeof(v);

	if (RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6464KEY, NULL, &v, &size) != ERROR_SUCCESS)
		return false;
	*out = v;
	return true;
}

bool
win_put_reg(struct json_object *obj, const char *field, const wchar_t *key, const wchar_t *name)
{
	wchar_t text[WIN_TEXT];

	if (!win_reg_text(key, name, text, WIN_TEXT))
		return false;
	win_put(obj, field, text);
	return true;
}

uint64_t
win_seconds(FILETIME t)
{
	uint64_t ticks = ((uint64_t)t.dwHighDateTime << 32) | t.dwLowDateTime;

	return ticks < EPOCH ? 0 : (ticks - EPOCH) / 10000000;
}

void
win_address(const SOCKADDR *a, char to[64])
{
	const void *p = a->sa_family == AF_INET ? (const void *)&((const SOCKADDR_IN *)a)->sin_addr : &((const SOCKADDR_IN6 *)a)->sin6_addr;

	if (inet_ntop(a->sa_family, p, to, 64) == NULL)
		to[0] = '\0';
}

void
win_mac(const BYTE *mac, size_t n, char to[64])
{
	size_t i, at = 0;
	BYTE any = 0;

	to[0] = '\0';
	for (i = 0; i < n; i++)
		any |= mac[i];
	for (i = 0; any != 0 && i < n && i < 20; i++)
		at += (size_t)snprintf(to + at, 64 - at, "%s%02x", i > 0 ? ":" : "", mac[i]);
}

void
win_account(PSID sid, char *to, size_t n)
{
	wchar_t name[256], domain[256];
	DWORD a = 256, b = 256;
	SID_NAME_USE use;
	char x[512], y[512], *text;

	to[0] = '\0';
	if (LookupAccountSidW(NULL, sid, name, &a, domain, &b, &use))
		snprintf(to, n, "%s%s%s", win_utf8(x, sizeof(x), domain), x[0] != '\0' ? "\\" : "", win_utf8(y, sizeof(y), name));
	else if (ConvertSidToStringSidA(sid, &text)) {
		snprintf(to, n, "%s", text);
		LocalFree(text);
	}
}
