/* SPDX-License-Identifier: Apache-2.0 */
/* policy: what is learned is written beside the loop, and nothing of it is lost. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "buf.h"
#include "err.h"
#include "loop.h"
#include "os.h"
#include "policy/policy.h"

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static char dir[] = "/tmp/midd-learn-XXXXXX", file[64];
static struct loop *loop;
static struct policy *policy;

/* On the only thread there is. */
static void
stuck(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
}

static void
nothing(void *arg)
{
	(void)arg;
}

static void
begin_life(void)
{
	const struct policy_config cfg = { .allow = "", .deny = "", .rules_file = "", .instance_url = "", .learned_file = file, .learn = true };
	struct err err;

	assert_int_equal(policy_open(&policy, loop, &cfg, &err), 0);
	pthread_mutex_lock(&gate);
	loop_work(loop, stuck, nothing, NULL);
}

static void
run(const char *command)
{
	const struct command_wish w = { .topic = "Command", .command = command, .address = "", .tag = "" };
	struct err err;

	assert_int_equal(policy_command(policy, &w, &err), 0);
	loop_turn(loop, false);
}

static bool
is_written(const char *command)
{
	struct buf b;
	bool yes;

	buf_init(&b, 65536);
	yes = os_read_file(&b, file, NULL) == 0 && strstr(buf_str(&b), command) != NULL;
	buf_fini(&b);
	return yes;
}

static void
end_life(void)
{
	policy_closing(policy);
	loop_finish(loop);
	policy_close(policy);
}

static void
a_command_waits_for_no_disk_and_a_clean_stop_keeps_what_it_taught(void **state)
{
	(void)state;
	begin_life();
	run("/bin/first");
	run("/bin/second");	/* while the first one's writing waits */
	assert_false(is_written("/bin/first"));
	pthread_mutex_unlock(&gate);
	end_life();
	assert_true(is_written("/bin/first"));
	assert_true(is_written("/bin/second"));
}

static void
what_is_learned_while_the_file_is_written_goes_with_the_next_writing(void **state)
{
	(void)state;
	begin_life();
	run("/bin/third");
	run("/bin/fourth");
	pthread_mutex_unlock(&gate);
	loop_finish(loop);
	assert_true(is_written("/bin/first"));	/* of the life before */
	assert_true(is_written("/bin/third"));
	assert_true(is_written("/bin/fourth"));
	end_life();
}

static int
setup(void **state)
{
	struct err err;

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(file, sizeof(file), "%s/learned.rules", dir);
	return loop_open(&loop, &err);
}

static int
teardown(void **state)
{
	(void)state;
	loop_close(loop);
	unlink(file);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_waits_for_no_disk_and_a_clean_stop_keeps_what_it_taught),
		cmocka_unit_test(what_is_learned_while_the_file_is_written_goes_with_the_next_writing),
	};

	setenv("UV_THREADPOOL_SIZE", "1", 1);
	return cmocka_run_group_tests(tests, setup, teardown);
}
