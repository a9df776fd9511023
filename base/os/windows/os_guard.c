/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_guard - what Windows can take from a worker; see os.h: a job object bounds
 * its memory and (but for exec) forbids it children. There is no Landlock and no seccomp, which is said.
 */
#include "os.h"

#include <stdio.h>
#include <string.h>

#include "err.h"
#include "os_win.h"

int
os_guard_close(const struct os_guard_want *want, struct os_guard_state *out, struct err *err)
{
	HANDLE job = CreateJobObjectA(NULL, NULL);
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION l = { 0 };

	(void)err;
	memset(out, 0, sizeof(*out));
	out->limits_only = true;
	l.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION | JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
	if (want->memory_max > 0 && !want->may_exec) {
		l.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_MEMORY;
		l.ProcessMemoryLimit = (SIZE_T)want->memory_max;
	}
	if (!want->may_exec) {
		l.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
		l.BasicLimitInformation.ActiveProcessLimit = 1;
	}
	/* The handle stays open as long as we live: its end is the end of our children. */
	out->rlimits = job != NULL && SetInformationJobObject(job, JobObjectExtendedLimitInformation, &l, sizeof(l)) &&
	    AssignProcessToJobObject(job, GetCurrentProcess());
	snprintf(out->missing, sizeof(out->missing), "%ssandbox: Windows has a job object's limits only",
	    out->rlimits ? "" : "limits: the system refused the job object; ");
	return 0;
}

/* A worker's layers are the same for all and known beforehand. */
bool
os_guard_try(const struct os_guard_want *want, struct os_guard_state *out)
{
	(void)want;
	memset(out, 0, sizeof(*out));
	out->limits_only = true;
	snprintf(out->missing, sizeof(out->missing), "sandbox: Windows has a job object's limits only");
	return true;
}
