/* SPDX-License-Identifier: Apache-2.0 */
/* What a probe that was taken over can do, and can't, in each kind of worker. */
#include "live.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether the hostile probe could do WHAT. */
static bool
could(const struct job *j, const char *what)
{
	char done[40], refused[40];
	const char *all = buf_str(&j->out[MID_OUTPUT]);

	snprintf(done, sizeof(done), "%s done\n", what);
	snprintf(refused, sizeof(refused), "%s refused\n", what);
	if (strstr(all, done) == NULL && strstr(all, refused) == NULL)
		fail_msg("%s was not tried: %s", what, all);
	return strstr(all, done) != NULL;
}

static void
try_all(struct job *j, struct live *l, const char *kind, const char *path)
{
	char params[600];

	live_begin(l, kind);
	snprintf(params, sizeof(params), "{\"path\":\"%s\"}", path);
	job_run(j, l, "TestHostile", params);
	assert_int_equal(j->class, MID_OK);
}

static void
a_hostile_probe_can_read_the_host_and_no_more(void **state)
{
	static const char *const forbidden[] = { "write", "unlink", "exec", "fork", "ptrace", "kill", "mount",
	    "unshare", "unix", "privileges" };
	struct live l = { 0 };
	struct job j;
	size_t i;

	(void)state;
	try_all(&j, &l, "plain", "/proc/self/status");
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		if (could(&j, forbidden[i]))
			fail_msg("a probe could %s", forbidden[i]);
	assert_true(could(&j, "read"));
	assert_true(could(&j, "connect"));
	job_fini(&j);
	live_end(&l);
}

/* On kernels with Landlock; the others say in HELLO that it is missing. */
static void
a_hostile_probe_cannot_read_secrets_or_listen(void **state)
{
	struct live l = { 0 };
	struct job j;
	int landlock;

	(void)state;
	try_all(&j, &l, "plain", "/etc/shadow");
	landlock = (int)json_int(json_get(l.hello, "guard"), "landlock", 0);
	if (landlock >= 1)
		assert_false(could(&j, "read"));
	else
		assert_non_null(strstr(json_str(json_get(l.hello, "guard"), "missing", ""), "landlock"));
	if (landlock >= 4)
		assert_false(could(&j, "listen"));
	job_fini(&j);
	live_end(&l);
}

/* In /etc that is decided file by file: what is beside a secret is seen, and in a folder of its own too. */
static void
what_everybody_may_read_is_seen_beside_a_secret(void **state)
{
	static const struct { const char *name; mode_t mode; bool seen; } files[] = {
		{ "deep", 0755, true }, { "deep/open", 0644, true }, { "deep/deeper", 0755, true }, { "deep/deeper/open", 0644, true },
		{ "deep/deeper/secret", 0600, false }, { "whole", 0755, true }, { "whole/open", 0644, true }, { "shut", 0700, false },
		{ "shut/open", 0644, false },
	};
	char dir[] = "/etc/midd-guard-test-XXXXXX", path[sizeof(dir) + 30];
	struct live l = { 0 };
	struct job j;
	size_t i, n = sizeof(files) / sizeof(files[0]);
	int fd;

	(void)state;
	if (mkdtemp(dir) == NULL)
		skip();		/* not root */
	assert_int_equal(chmod(dir, 0755), 0);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i].name);
		fd = (files[i].mode & 0100) != 0 ? mkdir(path, files[i].mode) : open(path, O_CREAT | O_WRONLY | O_CLOEXEC, files[i].mode);
		assert_true(fd >= 0);
		if ((files[i].mode & 0100) == 0)
			close(fd);
	}
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i].name);
		memset(&l, 0, sizeof(l));
		if ((files[i].mode & 0100) != 0)
			continue;
		try_all(&j, &l, "plain", path);
		if (json_int(json_get(l.hello, "guard"), "landlock", 0) >= 1 && could(&j, "read") != files[i].seen)
			fail_msg("%s: %s", files[i].name, files[i].seen ? "not seen" : "seen");
		job_fini(&j);
		live_end(&l);
	}
	while (n-- > 0) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[n].name);
		(void)remove(path);
	}
	(void)remove(dir);
}

static void
a_file_outside_the_view_is_only_readable_when_named(void **state)
{
	char file[] = "/var/tmp/midd-guard-test-XXXXXX";
	const char *paths[] = { file, NULL };
	struct live l = { 0 };
	struct job j;
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	try_all(&j, &l, "plain", file);
	if (json_int(json_get(l.hello, "guard"), "landlock", 0) >= 1)
		assert_false(could(&j, "read"));
	job_fini(&j);
	live_end(&l);

	memset(&l, 0, sizeof(l));
	l.read_paths = paths;
	try_all(&j, &l, "plain", file);
	assert_true(could(&j, "read"));
	assert_false(could(&j, "write"));
	job_fini(&j);
	live_end(&l);
	unlink(file);
}

static void
a_local_worker_sees_processes_but_no_network(void **state)
{
	static const char *const forbidden[] = { "write", "unlink", "exec", "fork", "ptrace", "kill", "mount",
	    "unshare", "unix", "privileges", "connect", "listen" };
	struct live l = { 0 };
	struct job j;
	size_t i;

	(void)state;
	try_all(&j, &l, "local", "/proc/self/status");
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		if (could(&j, forbidden[i]))
			fail_msg("a probe could %s", forbidden[i]);
	assert_true(could(&j, "read"));
	assert_true(could(&j, "look"));
	job_fini(&j);
	live_end(&l);
}

static void
an_exec_worker_may_start_programs_but_not_touch_the_system(void **state)
{
	static const char *const forbidden[] = { "ptrace", "mount", "unshare", "privileges" };
	struct live l = { 0 };
	struct job j;
	size_t i;

	(void)state;
	try_all(&j, &l, "exec", "/etc/shadow");
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		if (could(&j, forbidden[i]))
			fail_msg("a probe could %s", forbidden[i]);
	assert_true(could(&j, "fork"));
	if (json_int(json_get(l.hello, "guard"), "landlock", 0) >= 1)
		assert_false(could(&j, "read"));
	job_fini(&j);
	live_end(&l);
}

static void
hello_says_which_layers_are_in_force(void **state)
{
	struct live l = { 0 };
	struct json_object *guard;

	(void)state;
	live_begin(&l, "plain");
	guard = json_get(l.hello, "guard");
	assert_true(json_flag(guard, "no_new_privs", false));
	assert_true(json_flag(guard, "rlimits", false));
	assert_true(json_flag(guard, "seccomp", false) || strstr(json_str(guard, "missing", ""), "seccomp") != NULL);
	live_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hostile_probe_can_read_the_host_and_no_more),
		cmocka_unit_test(a_hostile_probe_cannot_read_secrets_or_listen),
		cmocka_unit_test(what_everybody_may_read_is_seen_beside_a_secret),
		cmocka_unit_test(a_file_outside_the_view_is_only_readable_when_named),
		cmocka_unit_test(a_local_worker_sees_processes_but_no_network),
		cmocka_unit_test(an_exec_worker_may_start_programs_but_not_touch_the_system),
		cmocka_unit_test(hello_says_which_layers_are_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
