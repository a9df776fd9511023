/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostile - tries what a probe that was taken over would try, and says which of
 * it was refused: one line "what refused" or "what done" each.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <midd/probe.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOME_FILE "/tmp/midd-hostile-was-here"

struct test {
	const struct mid_host *host;
	struct mid_run *run;
};

static int
test_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct test *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -1;
	t->host = host;
	t->run = run;
	*state = t;
	return 0;
}

static void
test_close(void *state)
{
	free(state);
}

/* Each: 0 when it could be done. */

static int
try_write(struct test *t)
{
	int fd = open(SOME_FILE, O_WRONLY | O_CREAT, 0600);

	(void)t;
	if (fd < 0)
		return -1;
	close(fd);
	unlink(SOME_FILE);
	return 0;
}

static int
try_read(struct test *t)
{
	int fd = open(t->host->param(t->run, "path"), O_RDONLY), r;
	char byte;

	if (fd < 0)
		return -1;
	r = read(fd, &byte, 1) < 0 ? -1 : 0;
	close(fd);
	return r;
}

static int
try_unlink(struct test *t)
{
	(void)t;
	return unlink("/tmp/midd-there-is-no-such-file") < 0 && errno != ENOENT ? -1 : 0;
}

static int
try_exec(struct test *t)
{
	static const char *const argv[] = { "/bin/there-is-no-such-program", NULL };

	(void)t;
	execve(argv[0], (char *const *)(uintptr_t)argv, NULL);
	return errno == ENOENT ? 0 : -1;
}

static int
try_fork(struct test *t)
{
	pid_t pid = fork();

	(void)t;
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid < 0 ? -1 : 0;
}

static int
try_ptrace(struct test *t)
{
	(void)t;
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) < 0 && errno == EPERM ? -1 : 0;
}

static int
try_kill(struct test *t)
{
	(void)t;
	return kill(getppid(), 0);
}

static int
try_mount(struct test *t)
{
	(void)t;
	return mount("none", "/nowhere", "tmpfs", 0, NULL) < 0 && errno == EPERM ? -1 : 0;
}

static int
try_unshare(struct test *t)
{
	(void)t;
	return unshare(CLONE_NEWUSER);
}

static int
try_unix(struct test *t)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)t;
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int
try_listen(struct test *t)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0), r;

	(void)t;
	if (fd < 0)
		return -1;
	r = bind(fd, (struct sockaddr *)&any, sizeof(any));
	close(fd);
	return r;
}

/* A refused connection is one that was allowed to be tried. */
static int
try_connect(struct test *t)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), r;

	(void)t;
	if (fd < 0)
		return -1;
	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	r = connect(fd, (struct sockaddr *)&to, sizeof(to));
	if (r < 0 && errno == ECONNREFUSED)
		r = 0;
	close(fd);
	return r;
}

static int
try_privileges(struct test *t)
{
	(void)t;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -1 : 0;
}

/* Whose sockets are open: what Landlock hides. The parent is no child of ours. */
static int
try_look(struct test *t)
{
	char path[64], to[256];

	(void)t;
	snprintf(path, sizeof(path), "/proc/%d/fd/0", (int)getppid());
	return readlink(path, to, sizeof(to)) < 0 ? -1 : 0;
}

static const struct {
	const char *name;
	int (*go)(struct test *t);
} tries[] = {
	{ "write", try_write },
	{ "read", try_read },
	{ "unlink", try_unlink },
	{ "exec", try_exec },
	{ "fork", try_fork },
	{ "ptrace", try_ptrace },
	{ "kill", try_kill },
	{ "mount", try_mount },
	{ "unshare", try_unshare },
	{ "unix", try_unix },
	{ "listen", try_listen },
	{ "connect", try_connect },
	{ "privileges", try_privileges },
	{ "look", try_look },
};

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;
	char line[80];
	size_t i;
	int n;

	(void)wait;
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		n = snprintf(line, sizeof(line), "%s %s\n", tries[i].name, tries[i].go(t) < 0 ? "refused" : "done");
		(void)t->host->emit(t->run, MID_OUTPUT, line, (size_t)n);
	}
	return MID_DONE;
}

static const struct mid_param params[] = {
	{ "path", MID_STRING, false, "/etc/shadow", "a file to read" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static const char *const topics[] = { "TestHostile", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-hostile",
	.version = "1.0",
	.help = "tries what is forbidden",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = params,
	.open = test_open,
	.step = test_step,
	.close = test_close,
};
