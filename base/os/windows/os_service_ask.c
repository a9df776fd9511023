/* SPDX-License-Identifier: Apache-2.0 */
/* os_service_ask - midd install, uninstall, start, stop, pause, resume, recover; see os_service.h. */
#include "os_service.h"

#include "os_win.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "os.h"
#include "xalloc.h"

#define EVENTS "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" WIN_SERVICE
#define WAIT_MS 30000
#define DESCRIPTION "Takes jobs from the instance, runs them on this network and delivers the results."

/* After each failure it is started again: at once, after a minute, after five. Forgotten after a day. */
static void
set_recovery(SC_HANDLE s)
{
	SC_ACTION a[] = { { SC_ACTION_RESTART, 1000 }, { SC_ACTION_RESTART, 60000 }, { SC_ACTION_RESTART, 300000 } };
	SERVICE_FAILURE_ACTIONSA f = { .dwResetPeriod = 86400, .cActions = 3, .lpsaActions = a };
	SERVICE_FAILURE_ACTIONS_FLAG also = { TRUE };	/* an end with an error is one too, not only a crash */
	SERVICE_DELAYED_AUTO_START_INFO later = { TRUE };
	SERVICE_DESCRIPTIONA d = { (char *)(uintptr_t)DESCRIPTION };

	(void)ChangeServiceConfig2A(s, SERVICE_CONFIG_FAILURE_ACTIONS, &f);
	(void)ChangeServiceConfig2A(s, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &also);
	(void)ChangeServiceConfig2A(s, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &later);
	(void)ChangeServiceConfig2A(s, SERVICE_CONFIG_DESCRIPTION, &d);
}

/* So that the event viewer shows our sentences: they are in our own program. */
static void
register_events(const char *program)
{
	HKEY k;
	DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;

	if (RegCreateKeyExA(HKEY_LOCAL_MACHINE, EVENTS,
	    0, NULL, 0, KEY_SET_VALUE, NULL, &k, NULL) != ERROR_SUCCESS)
		return;
	(void)RegSetValueExA(k, "EventMessageFile", 0, REG_EXPAND_SZ, (const BYTE *)program, (DWORD)strlen(program) + 1);
	(void)RegSetValueExA(k, "TypesSupported", 0, REG_DWORD, (const BYTE *)&types, sizeof(types));
	RegCloseKey(k);
}

static BOOL
install(SC_HANDLE manager)
{
	char program[MAX_PATH * 4];
	char *line;
	SC_HANDLE s;

	GetModuleFileNameA(NULL, program, sizeof(program));
	line = xasprintf("\"%s\" --service", program);	/* without the quotes, C:\Program.exe would be tried */
	s = CreateServiceA(manager, WIN_SERVICE, "midd agent", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
	    SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, line, NULL, NULL, "Tcpip\0", "NT AUTHORITY\\LocalService", "");
	free(line);
	if (s == NULL)
		return FALSE;
	set_recovery(s);
	register_events(program);
	CloseServiceHandle(s);
	return TRUE;
}

static BOOL
wait_for(SC_HANDLE s, DWORD state)
{
	SERVICE_STATUS st = { 0 };
	ULONGLONG until = GetTickCount64() + WAIT_MS;

	while (QueryServiceStatus(s, &st) && st.dwCurrentState != state) {
		if (GetTickCount64() > until || (st.dwCurrentState == SERVICE_STOPPED && state != SERVICE_STOPPED)) {
			SetLastError(st.dwWin32ExitCode != NO_ERROR ? st.dwWin32ExitCode :
			    st.dwCurrentState == SERVICE_STOPPED ? ERROR_BAD_CONFIGURATION : ERROR_SERVICE_REQUEST_TIMEOUT);
			return FALSE;
		}
		Sleep(50);
	}
	return TRUE;
}

static BOOL do_start(SC_HANDLE s) { return StartServiceA(s, 0, NULL) && wait_for(s, SERVICE_RUNNING); }

static BOOL
do_delete(SC_HANDLE s)
{
	(void)RegDeleteKeyA(HKEY_LOCAL_MACHINE, EVENTS);
	return DeleteService(s);
}

static BOOL
do_control(SC_HANDLE s, DWORD control, DWORD state)
{
	SERVICE_STATUS st;

	return ControlService(s, control, &st) && wait_for(s, state);
}

static BOOL do_stop(SC_HANDLE s) { return do_control(s, SERVICE_CONTROL_STOP, SERVICE_STOPPED); }
static BOOL do_pause(SC_HANDLE s) { return do_control(s, SERVICE_CONTROL_PAUSE, SERVICE_PAUSED); }
static BOOL do_resume(SC_HANDLE s) { return do_control(s, SERVICE_CONTROL_CONTINUE, SERVICE_RUNNING); }
static BOOL do_recover(SC_HANDLE s) { set_recovery(s); return TRUE; }

static const struct {
	const char *verb, *done;
	BOOL (*fn)(SC_HANDLE s);	/* NULL: install */
} verbs[] = {
	{ "install", "installed", NULL }, { "uninstall", "uninstalled", do_delete }, { "start", "running", do_start },
	{ "stop", "stopped", do_stop }, { "pause", "paused", do_pause }, { "resume", "running", do_resume },
	{ "recover", "recovery actions set", do_recover },
};

static int
apply(size_t i, struct err *err)
{
	SC_HANDLE manager = OpenSCManagerA(NULL, NULL, verbs[i].fn == NULL ? SC_MANAGER_CREATE_SERVICE : SC_MANAGER_CONNECT);
	SC_HANDLE s = NULL;
	BOOL ok = manager != NULL;
	int r = 0;

	if (ok && verbs[i].fn == NULL)
		ok = install(manager);
	else if (ok)
		ok = (s = OpenServiceA(manager, WIN_SERVICE, SERVICE_ALL_ACCESS)) != NULL && verbs[i].fn(s);
	if (!ok)
		r = win_err(err, "midd %s", verbs[i].verb);
	if (s != NULL)
		CloseServiceHandle(s);
	if (manager != NULL)
		CloseServiceHandle(manager);
	return r;
}

int
win_service_verb(const char *verb)
{
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].verb, verb) != 0)
			continue;
		if (apply(i, &err) < 0) {
			fprintf(stderr, "%s\n", err.text);
			return 1;
		}
		printf("service midd: %s\n", verbs[i].done);
		return 0;
	}
	return -1;
}
