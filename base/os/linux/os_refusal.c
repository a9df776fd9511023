/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_refusal - what a worker's seccomp filter refuses is decided here, outside
 * of it, so that it can be counted: seccomp_unotify(2). The worker sends the
 * filter's descriptor over a socket when it closes its sandbox; a call that is
 * forbidden then waits until it is answered, and is always refused.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "os.h"

int
os_refusals_pair(intptr_t *ours, int *workers)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
		return -E_OS;
	*ours = fd[0];
	*workers = fd[1];
	return 0;
}

static void
name_of(const struct seccomp_notif *asked, char name[OS_CALL_NAME])
{
	char *known = seccomp_syscall_resolve_num_arch(asked->data.arch, asked->data.nr);

	if (known != NULL)
		snprintf(name, OS_CALL_NAME, "%s", known);
	else
		snprintf(name, OS_CALL_NAME, "call %d", asked->data.nr);
	free(known);
}

int
os_refusals_next(intptr_t fd, char name[OS_CALL_NAME])
{
	struct seccomp_notif *asked = NULL;
	struct seccomp_notif_resp *answer = NULL;
	int r;

	if (seccomp_notify_alloc(&asked, &answer) < 0)
		return -E_NONE;
	r = seccomp_notify_receive((int)fd, asked);
	if (r == 0) {
		name_of(asked, name);
		answer->id = asked->id;
		answer->error = -EPERM;
		(void)seccomp_notify_respond((int)fd, answer);	/* fails when the caller was killed */
	} else {
		r = errno == ENOENT || errno == EINTR ? -E_AGAIN : -E_NONE;
	}
	seccomp_notify_free(asked, answer);
	return r;
}
