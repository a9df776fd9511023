/* SPDX-License-Identifier: Apache-2.0 */
/* software - the section packages: what has an entry to be uninstalled, of both halves of the registry. */
#include "win.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define UNINSTALL L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"

static bool
text_of(HKEY k, const wchar_t *name, wchar_t to[WIN_TEXT])
{
	DWORD n = WIN_TEXT * sizeof(wchar_t);

	to[0] = L'\0';
	return RegGetValueW(k, NULL, name, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, NULL, to, &n) == ERROR_SUCCESS && to[0] != L'\0';
}

static bool
number_of(HKEY k, const wchar_t *name, DWORD *out)
{
	DWORD n = sizeof(*out);

	return RegGetValueW(k, NULL, name, RRF_RT_REG_DWORD, NULL, out, &n) == ERROR_SUCCESS;
}

/* "20240131" */
static void
put_date(struct json_object *item, HKEY k)
{
	wchar_t wide[WIN_TEXT];
	char text[64];
	struct tm tm = { 0 };

	if (!text_of(k, L"InstallDate", wide) || sscanf(win_utf8(text, sizeof(text), wide), "%4d%2d%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3)
		return;
	if (tm.tm_year < 1980 || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31)
		return;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	out_u64(item, "installed_s", (uint64_t)_mkgmtime64(&tm));
}

static bool
put_entry(struct json_object *out, struct json_object *list, HKEY k, const char *arch)
{
	wchar_t name[WIN_TEXT], text[WIN_TEXT];
	struct json_object *item;
	DWORD n;

	/* Parts of something else, and updates of it, are not what people call software. */
	if (!text_of(k, L"DisplayName", name) || (number_of(k, L"SystemComponent", &n) && n == 1) || text_of(k, L"ParentKeyName", text))
		return false;
	item = win_item(list, out);
	if (item == NULL)
		return false;
	win_put(item, "name", name);
	if (text_of(k, L"DisplayVersion", text))
		win_put(item, "version", text);
	out_cstr(item, "arch", arch);
	out_bool(item, "installed", true);
	if (text_of(k, L"Publisher", text))
		win_put(item, "vendor", text);
	if (number_of(k, L"EstimatedSize", &n))
		out_u64(item, "size_bytes", (uint64_t)n * 1024);
	put_date(item, k);
	return true;
}

static uint64_t
put_half(struct json_object *out, struct json_object *list, REGSAM half, const char *arch, DWORD *e)
{
	wchar_t name[256];
	uint64_t count = 0;
	HKEY all, k;
	DWORD i, n;

	*e = (DWORD)RegOpenKeyExW(HKEY_LOCAL_MACHINE, UNINSTALL, 0, KEY_ENUMERATE_SUB_KEYS | half, &all);
	if (*e != ERROR_SUCCESS)
		return 0;
	for (i = 0; n = 256, RegEnumKeyExW(all, i, name, &n, NULL, NULL, NULL, NULL) == ERROR_SUCCESS; i++) {
		if (RegOpenKeyExW(all, name, 0, KEY_QUERY_VALUE | half, &k) != ERROR_SUCCESS)
			continue;
		count += put_entry(out, list, k, arch);
		RegCloseKey(k);
	}
	RegCloseKey(all);
	return count;
}

int
win_software(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items"), *base;
	uint64_t count;
	DWORD e, second;

	(void)src;
	count = put_half(out, list, KEY_WOW64_64KEY, "x86_64", &e);
	count += put_half(out, list, KEY_WOW64_32KEY, "x86", &second);
	if (e != ERROR_SUCCESS && e != ERROR_FILE_NOT_FOUND)
		return win_fail(err, e, "installed software");
	out_u64(out, "installed_count", count);
	base = out_item(out_list(out, "databases"));
	out_cstr(base, "manager", "windows");
	out_cstr(base, "format", "registry");
	win_put(base, "path", UNINSTALL);
	out_u64(base, "count", count);
	return 0;
}
