/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the local probe with a made-up host, one that drains slowly too. */
#include "facts_tree.h"

#undef fail	/* cmocka's macro; the host has a function of that name */
#include "local/local.c"

static struct {
	char out[1 << 20];
	size_t len;
	unsigned int refuse;	/* so many pieces are refused before one is taken */
	unsigned int refused;
	char failure[512], partial[512];
	enum mid_class class;
	const char *root, *sections;
} host;

static const char *
host_param(struct mid_run *run, const char *name)
{
	(void)run;
	return strcmp(name, "root") == 0 ? host.root : host.sections;
}

static int
host_emit(struct mid_run *run, enum mid_kind kind, const void *data,
    size_t len)
{
	(void)run;
	assert_int_equal(kind, MID_JSON);
	if (host.refused < host.refuse) {
		host.refused++;
		return MID_AGAIN;
	}
	host.refused = 0;
	assert_true(host.len + len < sizeof(host.out));
	memcpy(host.out + host.len, data, len);
	host.len += len;
	return 0;
}

static void
host_fail(struct mid_run *run, enum mid_class class, const char *fmt, ...)
{
	va_list ap;

	(void)run;
	host.class = class;
	va_start(ap, fmt);
	(void)vsnprintf(host.failure, sizeof(host.failure), fmt, ap);
	va_end(ap);
}

static void
host_partial(struct mid_run *run, const char *fmt, ...)
{
	va_list ap;

	(void)run;
	va_start(ap, fmt);
	(void)vsnprintf(host.partial, sizeof(host.partial), fmt, ap);
	va_end(ap);
}

static const struct mid_host made_up = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(struct mid_host),
	.param = host_param,
	.emit = host_emit,
	.fail = host_fail,
	.partial = host_partial,
};

static int
begin(void **state)
{
	memset(&host, 0, sizeof(host));
	if (tree_new(state) < 0)
		return -1;
	host.root = tree_root;
	tree_file("etc/hostname", "box\n");
	return 0;
}

/* Steps to the end; what it said last. */
static enum mid_next
run_probe(unsigned int *steps)
{
	struct mid_wait wait = { .nfds = 0 };
	enum mid_next next = MID_FAIL;
	void *state = NULL;

	*steps = 0;
	if (mid_probe.open(&state, &made_up, NULL) == 0)
		do {
			next = mid_probe.step(state, &wait);
			assert_true(++*steps < 10000);
		} while (next == MID_WAIT);
	mid_probe.close(state);
	return next;
}

static void
the_document_is_one_json_object(void **state)
{
	struct json_object *doc;
	unsigned int steps;

	(void)state;
	assert_int_equal(run_probe(&steps), MID_DONE);
	doc = json_tokener_parse(host.out);
	assert_non_null(doc);
	tree_text(doc, "/host/hostname", "box");
	tree_number(doc, "/schema", 1);
	json_object_put(doc);
	assert_string_equal(host.partial, "");
}

static void
a_slow_host_gets_the_same_document(void **state)
{
	static char quick[sizeof(host.out)];
	unsigned int steps, slow_steps;

	(void)state;
	host.sections = "os,host,memory";
	assert_int_equal(run_probe(&steps), MID_DONE);
	memcpy(quick, host.out, sizeof(quick));
	memset(host.out, 0, sizeof(host.out));
	host.len = 0;
	host.refuse = 3;
	assert_int_equal(run_probe(&slow_steps), MID_DONE);
	assert_string_equal(host.out, quick);
	assert_true(slow_steps > steps);
}

static void
a_root_that_is_not_there_is_a_bad_parameter(void **state)
{
	unsigned int steps;

	(void)state;
	host.root = "/nonexistent/tree";
	assert_int_equal(run_probe(&steps), MID_FAIL);
	assert_int_equal(host.class, MID_BAD_PARAM);
	assert_non_null(strstr(host.failure, "/nonexistent/tree"));
}

static void
an_unknown_section_is_a_bad_parameter(void **state)
{
	unsigned int steps;

	(void)state;
	host.sections = "os,nonsense";
	assert_int_equal(run_probe(&steps), MID_FAIL);
	assert_int_equal(host.class, MID_BAD_PARAM);
	assert_non_null(strstr(host.failure, "nonsense"));
	assert_int_equal(host.len, 0);
}

static void
a_section_that_could_not_be_read_makes_the_job_partial(void **state)
{
	unsigned int steps;

	(void)state;
	tree_dir("proc/meminfo");
	host.sections = "memory,host";
	assert_int_equal(run_probe(&steps), MID_DONE);
	assert_non_null(strstr(host.partial, "memory: /proc/meminfo"));
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, begin, tree_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(the_document_is_one_json_object),
		ON_TREE(a_slow_host_gets_the_same_document),
		ON_TREE(a_root_that_is_not_there_is_a_bad_parameter),
		ON_TREE(an_unknown_section_is_a_bad_parameter),
		ON_TREE(a_section_that_could_not_be_read_makes_the_job_partial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
