/* SPDX-License-Identifier: Apache-2.0 */
/* os_child - other programs, and how a worker begins, on Linux; see os.h. */
#include "os.h"
#include "os_guard_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"

/* What comes from FD, as much as B takes; the rest is read too, or the program would end at its next word. */
static void
take_all(struct buf *b, int fd)
{
	char some[8192];
	ssize_t n;
	size_t room;

	while ((n = read(fd, some, sizeof(some))) > 0 || (n < 0 && errno == EINTR)) {
		room = b->max - b->len;
		if (n > 0)
			(void)buf_put(b, some, (size_t)n < room ? (size_t)n : room);
	}
}

int
os_run(const char *const *argv, struct buf *out, int *status, struct err *err)
{
	int p[2] = { -1, -1 }, st = 0;
	pid_t pid;

	if (out != NULL && pipe2(p, O_CLOEXEC) < 0)
		return err_os(err, "pipe for %s", argv[0]);
	pid = fork();
	if (pid == 0) {
		if (out != NULL)
			(void)dup2(p[1], STDOUT_FILENO);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (out != NULL) {
		close(p[1]);
		if (pid > 0)
			take_all(out, p[0]);
		close(p[0]);
	}
	if (pid < 0 || waitpid(pid, &st, 0) != pid)
		return err_os(err, "%s cannot be run", argv[0]);
	*status = WIFEXITED(st) ? WEXITSTATUS(st) : -1;
	if (*status == 127)
		return err_set(err, E_OS, "%s cannot be run", argv[0]);
	return 0;
}

int
os_start_again(char **argv, struct err *err)
{
	execv("/proc/self/exe", argv);
	return err_os(err, "can't start again");
}

int
os_worker_stream(void)
{
	socklen_t n = sizeof(int);
	int type, null, fd;

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &n) < 0)
		return -1;
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, OS_REFUSAL_FD + 1);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fd < 0 || null < 0)
		return -1;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
	return fd;
}

void
os_worker_settle(bool may_exec)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (!may_exec)
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	os_guard_process();
	guard_no_uring();
}

int
os_worker_tell(void)
{
	struct stat st;

	return fstat(OS_REFUSAL_FD, &st) == 0 && S_ISSOCK(st.st_mode) ? OS_REFUSAL_FD : -1;
}

int
os_worker_hand(void)
{
	return os_worker_tell() < 0 ? -1 : fcntl(OS_REFUSAL_FD, F_DUPFD_CLOEXEC, OS_REFUSAL_FD + 1);
}

bool
os_guard_try(const struct os_guard_want *want, struct os_guard_state *out)
{
	int p[2], st = 0;
	ssize_t n;
	pid_t pid;

	memset(out, 0, sizeof(*out));
	if (pipe2(p, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		if (os_guard_close(want, out, NULL) < 0 && out->missing[0] == '\0')
			snprintf(out->missing, sizeof(out->missing), "the sandbox was refused");
		_exit(write(p[1], out, sizeof(*out)) == (ssize_t)sizeof(*out) ? 0 : 1);
	}
	close(p[1]);
	n = read(p[0], out, sizeof(*out));
	close(p[0]);
	return pid > 0 && waitpid(pid, &st, 0) == pid && n == (ssize_t)sizeof(*out);
}
