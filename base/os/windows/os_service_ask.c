/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_service_ask - what is asked of the service manager by hand: midd install, start, restart and so on; see
 * os_service.h. Also what midd needs before it runs: its folder, and the right to start itself.
 */
#include "os_service.h"

#include "os_win.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "os.h"
#include "xalloc.h"

#define EVENTS "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" WIN_SERVICE
#define WIN_FOLDER "C:/ProgramData/midd"	/* as os_layout.c has it */
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

/*
 * Our account may start the service: so it comes back when the instance, or midctl restart, has ended it.
 * Where that can't be said the recovery action does it.
 */
static void
let_us_start(SC_HANDLE s)
{
	static char account[] = "NT AUTHORITY\\LocalService";
	union { SECURITY_DESCRIPTOR d; char room[4096]; } was;
	SECURITY_DESCRIPTOR with;
	EXPLICIT_ACCESSA may;
	BOOL present = FALSE, dflt;
	PACL old = NULL, now;
	DWORD n;

	if (!QueryServiceObjectSecurity(s, DACL_SECURITY_INFORMATION, &was.d, sizeof(was), &n) ||
	    !GetSecurityDescriptorDacl(&was.d, &present, &old, &dflt) || !present || old == NULL)
		return;
	BuildExplicitAccessWithNameA(&may, account, SERVICE_START | SERVICE_QUERY_STATUS, GRANT_ACCESS, NO_INHERITANCE);
	if (SetEntriesInAclA(1, &may, old, &now) != ERROR_SUCCESS)
		return;
	if (InitializeSecurityDescriptor(&with, SECURITY_DESCRIPTOR_REVISION) && SetSecurityDescriptorDacl(&with, TRUE, now, FALSE))
		(void)SetServiceObjectSecurity(s, DACL_SECURITY_INFORMATION, &with);
	LocalFree(now);
}

/*
 * Any user may make a folder in ProgramData, and would own what midd reads there: so it is there from the
 * installation on, for administrators to write, for our account to read, and "lib" for it to write.
 */
static BOOL
make_folders(void)
{
	static const struct { const char *path, *list; } folders[] = {
		{ WIN_FOLDER, "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;GRGX;;;LS)" },
		{ WIN_FOLDER "/lib", "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;LS)" },
	};
	SECURITY_ATTRIBUTES a = { sizeof(a), NULL, FALSE };
	BOOL ours = TRUE;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(folders[i].list, SDDL_REVISION_1, &a.lpSecurityDescriptor, NULL))
			continue;
		if (!CreateDirectoryA(folders[i].path, &a) && GetLastError() == ERROR_ALREADY_EXISTS)	/* whoever made it */
			(void)SetFileSecurityA(folders[i].path, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION |
			    PROTECTED_DACL_SECURITY_INFORMATION, a.lpSecurityDescriptor);
		LocalFree(a.lpSecurityDescriptor);
		ours = ours && win_owned_by_us(folders[i].path);
	}
	if (!ours)
		SetLastError(ERROR_INVALID_OWNER);
	return ours;
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

/* What the MSI can't say; midd install does it too. */
static BOOL
do_recover(SC_HANDLE s)
{
	set_recovery(s);
	let_us_start(s);
	return make_folders();
}

static BOOL
install(SC_HANDLE manager)
{
	char program[MAX_PATH * 4];
	char *line;
	SC_HANDLE s;
	BOOL ok;

	GetModuleFileNameA(NULL, program, sizeof(program));
	line = xasprintf("\"%s\" --service", program);	/* without the quotes, C:\Program.exe would be tried */
	s = CreateServiceA(manager, WIN_SERVICE, "midd agent", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
	    SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, line, NULL, NULL, "Tcpip\0", "NT AUTHORITY\\LocalService", "");
	free(line);
	if (s == NULL)
		return FALSE;
	register_events(program);
	ok = do_recover(s);
	CloseServiceHandle(s);
	return ok;
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

static BOOL
do_restart(SC_HANDLE s)
{
	if (!do_stop(s) && GetLastError() != ERROR_SERVICE_NOT_ACTIVE)
		return FALSE;
	return do_start(s);
}

/* The helper of win_service_again(): midd is about to end. */
static BOOL do_again(SC_HANDLE s) { return wait_for(s, SERVICE_STOPPED) && do_start(s); }
static BOOL do_pause(SC_HANDLE s) { return do_control(s, SERVICE_CONTROL_PAUSE, SERVICE_PAUSED); }
static BOOL do_resume(SC_HANDLE s) { return do_control(s, SERVICE_CONTROL_CONTINUE, SERVICE_RUNNING); }

static const struct {
	const char *verb, *done;
	BOOL (*fn)(SC_HANDLE s);	/* NULL: install */
	DWORD rights;
} verbs[] = {
	{ "install", "installed", NULL, 0 }, { "uninstall", "uninstalled", do_delete, DELETE },
	{ "start", "running", do_start, SERVICE_START | SERVICE_QUERY_STATUS },
	{ "stop", "stopped", do_stop, SERVICE_STOP | SERVICE_QUERY_STATUS },
	{ "restart", "running again", do_restart, SERVICE_STOP | SERVICE_START | SERVICE_QUERY_STATUS },
	{ WIN_START_AGAIN, "running again", do_again, SERVICE_START | SERVICE_QUERY_STATUS },
	{ "pause", "paused", do_pause, SERVICE_PAUSE_CONTINUE | SERVICE_QUERY_STATUS },
	{ "resume", "running", do_resume, SERVICE_PAUSE_CONTINUE | SERVICE_QUERY_STATUS },
	{ "recover", "recovery actions set", do_recover, SERVICE_ALL_ACCESS },
};

/* Where Windows' own words would lead nowhere. */
static const struct { DWORD e; const char *what; } sentences[] = {
	{ ERROR_BAD_CONFIGURATION, "it ended at once, as it has no configuration or a wrong one: midctl enroll makes one, midctl config check says what is wrong" },
	{ ERROR_SERVICE_SPECIFIC_ERROR, "it ended with an error: the event viewer (Application, source midd) says which" },
	{ ERROR_ACCESS_DENIED, "run this as an administrator" },
	{ ERROR_SERVICE_DOES_NOT_EXIST, "there is no such service: midd install makes it" },
	{ ERROR_INVALID_OWNER, WIN_FOLDER " was made by somebody who is no administrator: look at what is in it, remove it, and try again" },
};

static int
refused(const char *verb, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (sentences[i].e == GetLastError())
			return err_set(err, E_OS, "midd %s: %s", verb, sentences[i].what);
	return win_err(err, "midd %s", verb);
}

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
		ok = (s = OpenServiceA(manager, WIN_SERVICE, verbs[i].rights)) != NULL && verbs[i].fn(s);
	if (!ok)
		r = refused(verbs[i].verb, err);
	if (s != NULL)
		CloseServiceHandle(s);
	if (manager != NULL)
		CloseServiceHandle(manager);
	return r;
}

bool
win_service_may_start(void)
{
	SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
	SC_HANDLE s = manager != NULL ? OpenServiceA(manager, WIN_SERVICE, SERVICE_START | SERVICE_QUERY_STATUS) : NULL;
	bool may = s != NULL;

	if (may)
		CloseServiceHandle(s);
	if (manager != NULL)
		CloseServiceHandle(manager);
	return may;
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
