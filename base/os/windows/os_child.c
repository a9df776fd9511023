/* SPDX-License-Identifier: Apache-2.0 */
/* os_child - other programs, and how a worker begins, on Windows; see os.h. */
#include "os.h"

#include "os_win.h"

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "os_service.h"
#include "xalloc.h"

/* ARGV as CommandLineToArgv reads it again. No argument of ours ends in a backslash. */
static char *
one_line(const char *const *argv)
{
	char *line = xstrdup(""), *more;
	const char *const *a;

	for (a = argv; *a != NULL; a++) {
		more = xasprintf("%s%s\"%s\"", line, a == argv ? "" : " ", *a);
		free(line);
		line = more;
	}
	return line;
}

/* What comes FROM, as much as B takes; the rest is read too, or the program would wait for ever. */
static void
take_all(struct buf *b, HANDLE from)
{
	char some[8192];
	DWORD n = 0;
	size_t room;

	while (ReadFile(from, some, sizeof(some), &n, NULL) && n > 0) {
		room = b->max - b->len;
		(void)buf_put(b, some, n < room ? n : room);
	}
}

static BOOL
start(const char *const *argv, HANDLE out, PROCESS_INFORMATION *p)
{
	STARTUPINFOA si = { .cb = sizeof(si), .dwFlags = STARTF_USESTDHANDLES };
	char *line = one_line(argv);
	BOOL ok;

	si.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
	si.hStdOutput = out;
	si.hStdError = GetStdHandle(STD_ERROR_HANDLE);
	ok = CreateProcessA(argv[0], line, NULL, NULL, TRUE, 0, NULL, NULL, &si, p);
	free(line);
	return ok;
}

int
os_run(const char *const *argv, struct buf *out, int *status, struct err *err)
{
	SECURITY_ATTRIBUTES inherited = { sizeof(inherited), NULL, TRUE };
	PROCESS_INFORMATION p;
	HANDLE from = NULL, to = GetStdHandle(STD_OUTPUT_HANDLE);
	DWORD code = 0;
	BOOL ok;

	if (out != NULL && (!CreatePipe(&from, &to, &inherited, 0) || !SetHandleInformation(from, HANDLE_FLAG_INHERIT, 0)))
		return win_err(err, "pipe for %s", argv[0]);
	ok = start(argv, to, &p);
	if (!ok)
		(void)win_err(err, "%s cannot be run", argv[0]);
	if (out != NULL) {
		CloseHandle(to);
		if (ok)
			take_all(out, from);
		CloseHandle(from);
	}
	if (!ok)
		return -E_OS;
	WaitForSingleObject(p.hProcess, INFINITE);
	GetExitCodeProcess(p.hProcess, &code);
	CloseHandle(p.hProcess);
	CloseHandle(p.hThread);
	*status = (int)code;
	return 0;
}

static BOOL WINAPI
ignore(DWORD what)
{
	return what == CTRL_C_EVENT || what == CTRL_BREAK_EVENT;
}

/* From here on our end, whichever, is that of those we start: the handle stays open as long as we live. */
static void
take_along(void)
{
	HANDLE job = CreateJobObjectA(NULL, NULL);
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION l = { .BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE };

	if (job != NULL && SetInformationJobObject(job, JobObjectExtendedLimitInformation, &l, sizeof(l)))
		(void)AssignProcessToJobObject(job, GetCurrentProcess());
}

/*
 * Windows can't put a program in another's place. A service ends, and the manager starts it anew
 * (os_service.c); in a window the new one runs while we stand before it, and its end is ours.
 */
int
os_start_again(char **argv, struct err *err)
{
	int status = 1, r;
	char *was = argv[0], program[MAX_PATH * 4];

	if (win_is_service())
		return win_service_again(err);
	GetModuleFileNameA(NULL, program, sizeof(program));
	SetConsoleCtrlHandler(ignore, TRUE);
	take_along();
	argv[0] = program;
	r = os_run((const char *const *)argv, NULL, &status, err);
	argv[0] = was;
	if (r == 0)
		exit(status);
	return r;
}

/* The pipe of midd as a number of the C library's, for libuv; standard input and output become NUL. */
int
os_worker_stream(void)
{
	int fd, null;

	if (GetFileType(GetStdHandle(STD_INPUT_HANDLE)) != FILE_TYPE_PIPE)
		return -1;
	fd = dup(STDIN_FILENO);
	null = open("NUL", O_RDWR | O_BINARY);
	if (fd < 0 || null < 0)
		return -1;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
	return fd;
}

/* If midd dies, our stream ends and so do we. */
void
os_worker_settle(bool may_exec)
{
	(void)may_exec;
	SetConsoleCtrlHandler(ignore, TRUE);
	os_guard_process();
}

int
os_worker_hand(void)
{
	return -1;
}

int
os_worker_tell(void)
{
	return -1;
}
