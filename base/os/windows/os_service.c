/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_service - midd as a service of Windows. The manager's own thread says what it wants;
 * it is handed to the function of os_on_service(), which gets it to the loop.
 */
#include "os_service.h"

#include "os_win.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "os.h"
#include "xalloc.h"

#define START_MS 30000
#define STOP_MS 30000
#define EXIT_CONFIG 78		/* of midd: a new try will not help */

static struct {
	bool is;
	SERVICE_STATUS_HANDLE handle;
	SERVICE_STATUS status;
	int (*main)(int argc, char **argv);
	int argc;
	char **argv;
	void (*fn)(void *arg, enum os_wish wish);
	void *arg;
} service;

static void
say(DWORD state, DWORD wait_ms)
{
	service.status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
	service.status.dwCurrentState = state;
	service.status.dwWaitHint = wait_ms;
	service.status.dwCheckPoint = wait_ms == 0 ? 0 : service.status.dwCheckPoint + 1;
	service.status.dwControlsAccepted = state == SERVICE_START_PENDING || state == SERVICE_STOPPED ? 0 :
	    SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PAUSE_CONTINUE | SERVICE_ACCEPT_PARAMCHANGE;
	SetServiceStatus(service.handle, &service.status);
}

bool
win_is_service(void)
{
	return service.is;
}

void
win_service_running(void)
{
	if (service.is && service.status.dwCurrentState == SERVICE_START_PENDING)
		say(SERVICE_RUNNING, 0);
}

void
win_service_stopping(void)
{
	if (service.is)
		say(SERVICE_STOP_PENDING, STOP_MS);
}

void
os_on_service(void (*fn)(void *arg, enum os_wish wish), void *arg)
{
	service.arg = arg;
	service.fn = fn;
}

/*
 * A second midd.exe waits for our end and asks the manager to start us. Our account may do that when the
 * service was installed by us (os_service_ask.c); where it may not, we end with an error, and the
 * recovery action starts us after a second: it works too, but stands in the event log as a failure.
 */
int
win_service_again(struct err *err)
{
	STARTUPINFOA si = { .cb = sizeof(si) };
	PROCESS_INFORMATION p;
	char program[MAX_PATH * 4], *line;
	BOOL ok;

	if (!win_service_may_start())
		return err_set(err, E_OS, "our account may not start the service: its recovery action does");
	GetModuleFileNameA(NULL, program, sizeof(program));
	line = xasprintf("\"%s\" " WIN_START_AGAIN, program);
	ok = CreateProcessA(program, line, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &si, &p);
	free(line);
	if (!ok)
		return win_err(err, "%s", program);
	CloseHandle(p.hProcess);
	CloseHandle(p.hThread);
	return 0;
}

static const struct {
	DWORD control, state, wait;
	enum os_wish wish;
} wishes[] = {
	{ SERVICE_CONTROL_STOP, SERVICE_STOP_PENDING, STOP_MS, OS_STOP },
	{ SERVICE_CONTROL_SHUTDOWN, SERVICE_STOP_PENDING, STOP_MS, OS_STOP },
	{ SERVICE_CONTROL_PAUSE, SERVICE_PAUSED, 0, OS_PAUSE },
	{ SERVICE_CONTROL_CONTINUE, SERVICE_RUNNING, 0, OS_RESUME },
	{ SERVICE_CONTROL_PARAMCHANGE, 0, 0, OS_RELOAD },		/* running or paused, as before */
};

static DWORD WINAPI
on_control(DWORD control, DWORD type, void *data, void *arg)
{
	size_t i;

	(void)type, (void)data, (void)arg;
	if (control == SERVICE_CONTROL_INTERROGATE)
		return NO_ERROR;
	for (i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		if (wishes[i].control == control && service.fn != NULL) {
			/* First: an idle midd may have said that it has stopped before FN is back, and nothing may follow that. */
			if (wishes[i].state != 0)
				say(wishes[i].state, wishes[i].wait);
			service.fn(service.arg, wishes[i].wish);
			return NO_ERROR;
		}
	return ERROR_CALL_NOT_IMPLEMENTED;
}

static void WINAPI
service_main(DWORD argc, char **argv)
{
	int r;

	(void)argc, (void)argv;
	service.handle = RegisterServiceCtrlHandlerExA(WIN_SERVICE, on_control, NULL);
	say(SERVICE_START_PENDING, START_MS);
	r = service.main(service.argc, service.argv);
	service.fn = NULL;
	/* An end that is none of the manager's wishes counts as a failure: recovery actions follow, unless midd is not configured yet. */
	service.status.dwWin32ExitCode = r == 0 || r == EXIT_CONFIG ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
	service.status.dwServiceSpecificExitCode = (DWORD)r;
	say(SERVICE_STOPPED, 0);
}

int
os_main(int argc, char **argv, int (*fn)(int argc, char **argv))
{
	static SERVICE_TABLE_ENTRYA table[] = { { (char *)(uintptr_t)WIN_SERVICE, service_main }, { NULL, NULL } };
	int r;

	if (argc == 2 && (r = win_service_verb(argv[1])) >= 0)
		return r;
	if (argc < 2 || strcmp(argv[1], "--service") != 0)
		return fn(argc, argv);
	argv[1] = argv[0];
	service.is = true;
	service.main = fn;
	service.argc = argc - 1;
	service.argv = argv + 1;
	return StartServiceCtrlDispatcherA(table) ? (int)service.status.dwServiceSpecificExitCode : 1;
}
