/* SPDX-License-Identifier: Apache-2.0 */
/* services - the section services: what the service manager knows. */
#include "win.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER 8192		/* the most that a service's configuration takes */
#define OF_A_USER 0x80u		/* SERVICE_USERSERVICE_INSTANCE: comes and goes with a login */

static const char *
start_of(DWORD start, bool delayed)
{
	return start == SERVICE_AUTO_START ? delayed ? "auto-delayed" : "auto" : start == SERVICE_DEMAND_START ? "manual" :
	    start == SERVICE_DISABLED ? "disabled" : "boot";
}

static const char *
state_of(DWORD state)
{
	return state == SERVICE_RUNNING ? "running" : state == SERVICE_STOPPED ? "stopped" : state == SERVICE_PAUSED ? "paused" : NULL;
}

static void
put_config(struct json_object *item, SC_HANDLE s, void *room)
{
	QUERY_SERVICE_CONFIGW *c = room;
	SERVICE_DESCRIPTIONW *d = room;
	SERVICE_DELAYED_AUTO_START_INFO late = { FALSE };
	DWORD n;

	(void)QueryServiceConfig2W(s, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, (BYTE *)&late, sizeof(late), &n);
	if (QueryServiceConfigW(s, c, ANSWER, &n)) {
		win_put(item, "exec", c->lpBinaryPathName);
		win_put(item, "user", c->lpServiceStartName);
		out_cstr(item, "enabled", start_of(c->dwStartType, late.fDelayedAutostart));
	}
	if (QueryServiceConfig2W(s, SERVICE_CONFIG_DESCRIPTION, room, ANSWER, &n) && d->lpDescription != NULL)
		win_put(item, "details", d->lpDescription);
}

static void
put_service(struct json_object *out, struct json_object *list, SC_HANDLE manager, const ENUM_SERVICE_STATUS_PROCESSW *e, void *room)
{
	const SERVICE_STATUS_PROCESS *st = &e->ServiceStatusProcess;
	struct json_object *item;
	SC_HANDLE s;

	if ((st->dwServiceType & OF_A_USER) != 0 || (item = win_item(list, out)) == NULL)
		return;
	win_put(item, "name", e->lpServiceName);
	win_put(item, "description", e->lpDisplayName);
	out_cstr(item, "type", st->dwServiceType & SERVICE_WIN32_SHARE_PROCESS ? "shared" : "own");
	out_cstr(item, "state", state_of(st->dwCurrentState));
	if (st->dwProcessId != 0)
		out_u64(item, "main_pid", st->dwProcessId);
	s = OpenServiceW(manager, e->lpServiceName, SERVICE_QUERY_CONFIG);
	if (s == NULL) {
		out_bool(item, "needs_privilege", true);
		return;
	}
	put_config(item, s, room);
	CloseServiceHandle(s);
}

/* The manager's list; the caller's free(). NULL with *E. */
static ENUM_SERVICE_STATUS_PROCESSW *
all_services(SC_HANDLE manager, DWORD *count, DWORD *e)
{
	ENUM_SERVICE_STATUS_PROCESSW *all = NULL;
	DWORD n = 256u << 10, need = 0, resume;
	int i;

	for (i = 0; i < 5; i++, n += need + 16384) {
		free(all);
		all = malloc(n);
		resume = 0;
		if (all == NULL)
			break;
		if (EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL, (BYTE *)all, n, &need, count, &resume, NULL))
			return all;
		*e = GetLastError();
		if (*e != ERROR_MORE_DATA)
			break;
	}
	free(all);
	return NULL;
}

int
win_services(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE);
	DWORD e = GetLastError(), i, count = 0;
	ENUM_SERVICE_STATUS_PROCESSW *all = manager == NULL ? NULL : all_services(manager, &count, &e);
	void *room = malloc(ANSWER);
	struct json_object *list;
	int r = 0;

	(void)src;
	out_cstr(out, "manager", "scm");
	list = out_list(out, "items");
	for (i = 0; all != NULL && room != NULL && i < count; i++)
		put_service(out, list, manager, &all[i], room);
	if (all == NULL)
		r = win_fail(err, e, "services");
	free(room);
	free(all);
	if (manager != NULL)
		CloseServiceHandle(manager);
	return r;
}
