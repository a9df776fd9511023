/* SPDX-License-Identifier: Apache-2.0 */
/* processes - the section processes, and who a number is. */
#include "win.h"

#include <tlhelp32.h>
#include <winternl.h>

#include <json-c/json.h>
#include <psapi.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_LINE 60		/* ProcessCommandLineInformation, since Windows 8.1 */
#define COMMAND_MAX 4096

struct person { DWORD pid; char name[128]; };
struct win_people { struct person *all; size_t n; };

static int
by_pid(const void *a, const void *b)
{
	const struct person *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

struct win_people *
win_people_new(void)
{
	HANDLE h = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	PROCESSENTRY32W e = { .dwSize = sizeof(e) };
	struct win_people *p = h == INVALID_HANDLE_VALUE ? NULL : calloc(1, sizeof(*p));

	if (p != NULL)
		p->all = calloc(WIN_ITEMS_MAX, sizeof(*p->all));
	if (p != NULL && p->all != NULL && Process32FirstW(h, &e))
		do {
			p->all[p->n].pid = e.th32ProcessID;
			win_utf8(p->all[p->n++].name, sizeof(p->all[0].name), e.szExeFile);
		} while (p->n < WIN_ITEMS_MAX && Process32NextW(h, &e));
	if (h != INVALID_HANDLE_VALUE)
		CloseHandle(h);
	if (p != NULL && p->all != NULL)
		qsort(p->all, p->n, sizeof(*p->all), by_pid);
	return p;
}

void
win_people_free(struct win_people *p)
{
	if (p != NULL)
		free(p->all);
	free(p);
}

const char *
win_people_name(const struct win_people *p, DWORD pid)
{
	const struct person key = { .pid = pid };
	const struct person *found = p == NULL || p->all == NULL ? NULL : bsearch(&key, p->all, p->n, sizeof(key), by_pid);

	return found == NULL ? NULL : found->name;
}

/* --- the section ------------------------------------------------------------------------------ */

/* The account of the process asked last, as most have the same: a name may cost a look at a domain. */
struct asked { BYTE sid[SECURITY_MAX_SID_SIZE]; bool any; char name[512]; };

static void
put_user(struct json_object *item, HANDLE process, struct asked *last)
{
	union { TOKEN_USER user; BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE]; } own;
	HANDLE token;
	DWORD n;

	if (!OpenProcessToken(process, TOKEN_QUERY, &token))
		return;
	if (GetTokenInformation(token, TokenUser, &own, sizeof(own), &n)) {
		if (!last->any || !EqualSid(last->sid, own.user.User.Sid)) {
			win_account(own.user.User.Sid, last->name, sizeof(last->name));
			last->any = CopySid(sizeof(last->sid), last->sid, own.user.User.Sid);
		}
		out_cstr(item, "user", last->name);
	}
	CloseHandle(token);
}

static void
put_command(struct json_object *item, HANDLE process)
{
	typedef LONG WINAPI query_fn(HANDLE, int, void *, ULONG, ULONG *);
	query_fn *query = (query_fn *)(uintptr_t)GetProcAddress(GetModuleHandleA("ntdll"), "NtQueryInformationProcess");
	wchar_t path[WIN_TEXT];
	DWORD n = WIN_TEXT;
	ULONG need = 0;
	UNICODE_STRING *line = malloc(65536 + sizeof(*line));
	struct str s;
	char *text = malloc(4 * 32768);

	if (QueryFullProcessImageNameW(process, 0, path, &n))
		win_put(item, "executable", path);
	if (line != NULL && text != NULL && query != NULL && query(process, COMMAND_LINE, line, 65536, &need) >= 0 && line->Length > 0) {
		line->Buffer[line->Length / sizeof(wchar_t)] = L'\0';
		s = str_of(win_utf8(text, 4 * 32768, line->Buffer));
		out_text(item, "command", str_left(s, COMMAND_MAX));
		if (s.n > COMMAND_MAX)
			out_bool(item, "command_truncated", true);
	} else {
		out_cstr(item, "command", out_get_text(item, "executable"));
	}
	free(line);
	free(text);
}

static void
put_times(struct json_object *item, HANDLE process)
{
	PROCESS_MEMORY_COUNTERS m = { .cb = sizeof(m) };
	FILETIME begun, ended, kernel, user;

	if (GetProcessMemoryInfo(process, &m, sizeof(m)))
		out_u64(item, "rss_bytes", m.WorkingSetSize);
	if (GetProcessTimes(process, &begun, &ended, &kernel, &user) && win_seconds(begun) > 0)
		out_u64(item, "started_s", win_seconds(begun));
}

static void
put_process(struct json_object *item, const PROCESSENTRY32W *e, struct asked *last)
{
	HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, e->th32ProcessID);

	out_u64(item, "pid", e->th32ProcessID);
	out_u64(item, "ppid", e->th32ParentProcessID);
	win_put(item, "name", e->szExeFile);
	out_u64(item, "threads", e->cntThreads);
	if (process == NULL) {
		if (GetLastError() == ERROR_ACCESS_DENIED)
			out_bool(item, "needs_privilege", true);
		return;
	}
	put_command(item, process);
	put_user(item, process, last);
	put_times(item, process);
	CloseHandle(process);
}

int
win_processes(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	HANDLE h = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	PROCESSENTRY32W e = { .dwSize = sizeof(e) };
	struct json_object *list, *item;
	struct asked last = { .any = false };

	(void)src;
	if (h == INVALID_HANDLE_VALUE || !Process32FirstW(h, &e))
		return win_fail(err, GetLastError(), "processes");
	list = out_list(out, "items");
	do {
		if (e.th32ProcessID == 0)	/* the idle one */
			continue;
		item = win_item(list, out);
		if (item == NULL)
			break;
		put_process(item, &e, &last);
	} while (Process32NextW(h, &e));
	CloseHandle(h);
	out_u64(out, "count", json_object_array_length(list));
	return 0;
}
