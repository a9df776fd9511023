/* SPDX-License-Identifier: Apache-2.0 */
/* spawn - see spawn.h. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "loop.h"
#include "run.h"
#include "waiter.h"
#include "xalloc.h"

#define POLITE_MS 2000		/* from SIGTERM to SIGKILL */

struct child {
	struct child *next;
	struct spawner *spawner;
	struct mid_run *run;		/* NULL: its run is over */
	struct mid_child *out;		/* the probe's; NULL with the run */
	pid_t pid;			/* leads its group; -1 once reaped */
	int fd_out, fd_err;
	struct loop_timer *force;
};

struct spawner {
	struct loop *loop;
	struct child *first;
};

static void
child_free(struct child *c)
{
	struct child **at = &c->spawner->first;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	loop_timer_free(c->force);
	free(c);
}

/* --- the end of children ---------------------------------------------------------------- */

static struct child *
child_of(struct spawner *s, pid_t pid)
{
	struct child *c = s->first;

	while (c != NULL && c->pid != pid)
		c = c->next;
	return c;
}

static void
child_exited(struct child *c, const siginfo_t *how)
{
	c->pid = -1;
	if (c->run == NULL) {
		child_free(c);
		return;
	}
	c->out->exited = true;
	c->out->status = how->si_code == CLD_EXITED ? how->si_status : -how->si_status;
	waiter_wake(c->run->waiter);
}

static bool
in_group(const struct spawner *s, pid_t group)
{
	const struct child *c = s->first;

	while (c != NULL && c->pid != group)
		c = c->next;
	return c != NULL;
}

/*
 * What has left its group and whose parent is gone is our child now. Returns how
 * many were killed. Needs a kernel that lists children; all distributions' do.
 */
static int
kill_strays(const struct spawner *s)
{
	char path[64];
	int pid, n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	while (fscanf(f, "%d", &pid) == 1)
		if (!in_group(s, getpgid(pid)) && kill(pid, SIGKILL) == 0)
			n++;
	fclose(f);
	return n;
}

/*
 * The group is killed while its leader, a zombie yet, still holds the number:
 * nobody else's can be hit. Others that end here are orphans that came to us.
 */
static void
on_sigchld(void *arg)
{
	struct spawner *s = arg;
	struct child *c;
	siginfo_t how;

	for (;;) {
		how.si_pid = 0;
		if (waitid(P_ALL, 0, &how, WEXITED | WNOHANG | WNOWAIT) < 0 || how.si_pid == 0)
			break;
		c = child_of(s, how.si_pid);
		if (c != NULL)
			kill(-c->pid, SIGKILL);
		waitpid(how.si_pid, NULL, 0);
		if (c != NULL)
			child_exited(c, &how);
	}
	kill_strays(s);
}

static void
on_force(void *arg)
{
	struct child *c = arg;

	if (c->pid > 0)
		kill(-c->pid, SIGKILL);
}

void
spawner_end(struct spawner *s, struct mid_run *run)
{
	struct child *c, *next;

	for (c = s->first; c != NULL; c = next) {
		next = c->next;
		if (c->run != run)
			continue;
		close(c->fd_out);
		close(c->fd_err);
		c->run = NULL;
		c->out = NULL;
		if (c->pid < 0) {
			child_free(c);
			continue;
		}
		kill(-c->pid, SIGTERM);
		c->force = loop_timer_new(s->loop, on_force, c);
		loop_timer_arm(c->force, POLITE_MS);
	}
}

/* --- the start ---------------------------------------------------------------------------- */

struct spawner *
spawner_new(struct loop *loop)
{
	struct spawner *s = xcalloc(1, sizeof(*s));

	s->loop = loop;
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	(void)loop_signal(loop, SIGCHLD, on_sigchld, s);
	return s;
}

void
spawner_free(struct spawner *s)
{
	struct child *c;

	if (s == NULL)
		return;
	while ((c = s->first) != NULL) {
		if (c->pid > 0) {
			kill(-c->pid, SIGKILL);
			waitpid(c->pid, NULL, 0);
		}
		child_free(c);
	}
	while (kill_strays(s) > 0)
		waitpid(-1, NULL, 0);
	free(s);
}

struct pipes {
	int in[2], out[2], err[2], said[2];	/* said: the child's errno when it can't exec */
};

static void
pipes_close(struct pipes *p)
{
	int *fd = (int *)p;
	size_t i;

	for (i = 0; i < sizeof(*p) / sizeof(int); i++)
		if (fd[i] >= 0)
			close(fd[i]);
}

static int
pipes_open(struct pipes *p)
{
	memset(p, -1, sizeof(*p));
	if (pipe2(p->in, O_CLOEXEC) < 0 || pipe2(p->out, O_CLOEXEC) < 0 || pipe2(p->err, O_CLOEXEC) < 0 ||
	    pipe2(p->said, O_CLOEXEC) < 0) {
		pipes_close(p);
		return -1;
	}
	fcntl(p->in[1], F_SETFL, O_NONBLOCK);
	fcntl(p->out[0], F_SETFL, O_NONBLOCK);
	fcntl(p->err[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* In the child: between fork() and exec(), so nothing that allocates. */
static void
become(const struct mid_spawn *what, const struct pipes *p, pid_t parent)
{
	static const char *const minimal[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", NULL };
	const char *const *env = what->env != NULL ? what->env : minimal;
	sigset_t none;
	int e, sig;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (getppid() == parent && dup2(p->in[0], 0) >= 0 && dup2(p->out[1], 1) >= 0 && dup2(p->err[1], 2) >= 0 &&
	    chdir(what->cwd != NULL ? what->cwd : "/") == 0)
		execve(what->argv[0], (char *const *)(uintptr_t)what->argv, (char *const *)(uintptr_t)env);
	e = errno;
	(void)!write(p->said[1], &e, sizeof(e));
	_exit(127);
}

static int
fork_child(const struct mid_spawn *what, struct pipes *p, pid_t *pid)
{
	pid_t parent = getpid();
	ssize_t n;
	int e = 0;

	*pid = fork();
	if (*pid == 0)
		become(what, p, parent);
	if (*pid < 0)
		return -1;
	close(p->said[1]);
	p->said[1] = -1;
	do
		n = read(p->said[0], &e, sizeof(e));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return 0;
	waitpid(*pid, NULL, 0);
	errno = e;
	return -1;
}

int
spawner_start(struct spawner *s, struct mid_run *run, const struct mid_spawn *what,
    struct mid_child *out, struct err *err)
{
	struct pipes p;
	struct child *c;
	pid_t pid;
	int r;

	if (pipes_open(&p) < 0)
		return err_os(err, "pipes for %s", what->argv[0]);
	if (fork_child(what, &p, &pid) < 0) {
		r = err_os(err, "start %s", what->argv[0]);
		pipes_close(&p);
		return r;
	}
	c = xcalloc(1, sizeof(*c));
	c->spawner = s;
	c->run = run;
	c->out = out;
	c->pid = pid;
	*out = (struct mid_child){ .in = p.in[1], .out = p.out[0], .err = p.err[0] };
	c->fd_out = p.out[0];
	c->fd_err = p.err[0];
	p.in[1] = p.out[0] = p.err[0] = -1;
	pipes_close(&p);
	c->next = s->first;
	s->first = c;
	return 0;
}
