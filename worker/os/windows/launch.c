/* SPDX-License-Identifier: Apache-2.0 */
/* launch - see launch.h. */
#include "launch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "err.h"
#include "xalloc.h"

#define ENV_MAX 32768

/* What a program of Windows can't do without. */
static const char *const needed[] = { "SystemRoot", "SystemDrive", "windir", "PATH", "PATHEXT", "COMSPEC", "TEMP", "TMP", "ProgramData",
	"WINEPREFIX" };

/* ARG behind what is at TO, as CommandLineToArgvW takes it apart. Returns the end. */
static char *
quote(char *to, const char *arg)
{
	size_t slashes = 0, i;

	*to++ = '"';
	for (; *arg != '\0'; arg++) {
		for (i = 0; *arg == '"' && i <= slashes; i++)	/* doubled, and one for the quote */
			*to++ = '\\';
		slashes = *arg == '\\' ? slashes + 1 : 0;
		*to++ = *arg;
	}
	for (i = 0; i < slashes; i++)
		*to++ = '\\';
	*to++ = '"';
	return to;
}

static char *
one_line(const char *const *argv)
{
	size_t n = 1;
	const char *const *a;
	char *line, *to;

	for (a = argv; *a != NULL; a++)
		n += 2 * strlen(*a) + 4;
	line = to = xcalloc(1, n);
	for (a = argv; *a != NULL; a++) {
		if (a != argv)
			*to++ = ' ';
		to = quote(to, *a);
	}
	*to = '\0';
	return line;
}

/* cmd.exe would read the arguments of such a file once more, by rules of its own. */
static bool
is_batch(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && (strcasecmp(path + n - 4, ".cmd") == 0 || strcasecmp(path + n - 4, ".bat") == 0);
}

/* A block of NAME=VALUE, each with its NUL, and one more at the end. */
static char *
block_of(const char *const *env)
{
	char *block = xcalloc(1, ENV_MAX);
	size_t at = 0, i, n;
	const char *v;

	for (i = 0; env != NULL && env[i] != NULL; i++) {
		n = strlen(env[i]) + 1;
		if (at + n + 1 < ENV_MAX)
			memcpy(block + at, env[i], n), at += n;
	}
	for (i = 0; env == NULL && i < sizeof(needed) / sizeof(needed[0]); i++) {
		v = getenv(needed[i]);
		if (v != NULL && at + strlen(needed[i]) + strlen(v) + 3 < ENV_MAX)
			at += (size_t)snprintf(block + at, ENV_MAX - at, "%s=%s", needed[i], v) + 1;
	}
	return block;
}

/* OURS[i] stays here, THEIRS[i] goes to the child; 0 is what it reads. */
static bool
pipes_open(HANDLE ours[3], HANDLE theirs[3])
{
	SECURITY_ATTRIBUTES inherited = { sizeof(inherited), NULL, TRUE };
	bool ok = true;
	int i;

	for (i = 0; i < 3; i++) {
		ok = ok && (i == 0 ? CreatePipe(&theirs[i], &ours[i], &inherited, 0) : CreatePipe(&ours[i], &theirs[i], &inherited, 0));
		ok = ok && SetHandleInformation(ours[i], HANDLE_FLAG_INHERIT, 0);
	}
	return ok;
}

static void
close_all(HANDLE h[3])
{
	int i;

	for (i = 0; i < 3; i++)
		if (h[i] != NULL)
			CloseHandle(h[i]);
}

static HANDLE
new_job(void)
{
	HANDLE job = CreateJobObjectA(NULL, NULL);
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION l = { 0 };

	l.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION | JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
	(void)SetInformationJobObject(job, JobObjectExtendedLimitInformation, &l, sizeof(l));
	return job;
}

/* It begins when it is in JOB. */
static bool
create(const struct mid_spawn *what, HANDLE theirs[3], HANDLE job, PROCESS_INFORMATION *p)
{
	STARTUPINFOEXA si = { .StartupInfo = { .cb = sizeof(si), .dwFlags = STARTF_USESTDHANDLES, .hStdInput = theirs[0],
		.hStdOutput = theirs[1], .hStdError = theirs[2] } };
	char *line = one_line(what->argv), *env = block_of(what->env), root[MAX_PATH] = "C:\\", *c;
	SIZE_T n = 0;
	bool ok;

	for (c = line; is_batch(what->argv[0]) && *c != '\0'; c++)	/* cmd.exe takes '/' for an option's beginning */
		*c = *c == '/' ? '\\' : *c;
	(void)GetWindowsDirectoryA(root, sizeof(root));
	(void)InitializeProcThreadAttributeList(NULL, 1, 0, &n);
	si.lpAttributeList = xcalloc(1, n);
	ok = InitializeProcThreadAttributeList(si.lpAttributeList, 1, 0, &n) &&
	    UpdateProcThreadAttribute(si.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, theirs, 3 * sizeof(theirs[0]), NULL, NULL) &&
	    CreateProcessA(is_batch(what->argv[0]) ? NULL : what->argv[0], line, NULL, NULL, TRUE,
		EXTENDED_STARTUPINFO_PRESENT | CREATE_SUSPENDED | CREATE_NO_WINDOW, env, what->cwd != NULL ? what->cwd : root, &si.StartupInfo, p);
	free(si.lpAttributeList);
	free(line);
	free(env);
	if (!ok)
		return false;
	if (!AssignProcessToJobObject(job, p->hProcess) || ResumeThread(p->hThread) == (DWORD)-1) {
		TerminateProcess(p->hProcess, 1);
		CloseHandle(p->hProcess);
		ok = false;
	}
	CloseHandle(p->hThread);
	return ok;
}

int
launch(struct launched *out, const struct mid_spawn *what, struct err *err)
{
	HANDLE ours[3] = { NULL }, theirs[3] = { NULL }, job;
	PROCESS_INFORMATION p;
	bool ok;
	int r;

	if (is_batch(what->argv[0]) && what->argv[1] != NULL)
		return err_set(err, E_BAD, "%s: a batch file gets no arguments, as cmd.exe would read them by rules of its own: call a program", what->argv[0]);
	job = new_job();
	ok = job != NULL && pipes_open(ours, theirs) && create(what, theirs, job, &p);
	r = ok ? 0 : win_err(err, "start %s", what->argv[0]);
	close_all(theirs);
	if (!ok) {
		close_all(ours);
		if (job != NULL)
			CloseHandle(job);
		return r;
	}
	*out = (struct launched){ p.hProcess, job, ours[0], ours[1], ours[2] };
	return 0;
}
