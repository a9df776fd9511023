/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of source.h: a captured tree is foreign, and nothing leads out of it. */
#include <errno.h>

#include "facts_tree.h"

#include "facts/root_open.h"

static struct facts_source *src;

static int
open_tree(void **state)
{
	if (tree_new(state) < 0)
		return -1;
	tree_file("etc/hostname", "inside\n");
	return facts_source_root(&src, tree_root);
}

static int
close_tree(void **state)
{
	facts_source_close(src);
	return tree_remove(state);
}

static void
reads(const char *path, const char *want)
{
	char text[64];

	assert_int_equal(facts_read_small(src, path, text, sizeof(text)), 0);
	assert_string_equal(text, want);
}

/* Both ways of opening: the kernel's and the walk for kernels without it. */
static int
walk(const char *path)
{
	char text[64] = "";
	int root = open(tree_root, O_PATH | O_DIRECTORY), fd;
	ssize_t n;

	fd = root_walk(root, path, O_RDONLY);
	close(root);
	if (fd < 0)
		return fd;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 && strcmp(text, "inside\n") == 0 ? 0 : -EBADMSG;
}

static void
an_absolute_link_stays_inside(void **state)
{
	(void)state;
	tree_link("run/name", "/etc/hostname");
	reads("run/name", "inside");
	assert_int_equal(walk("run/name"), 0);
}

static void
dots_stop_at_the_root(void **state)
{
	(void)state;
	tree_link("a/b/name", "../../../../../../etc/hostname");
	reads("a/b/name", "inside");
	reads("../../etc/hostname", "inside");
	assert_int_equal(walk("a/b/name"), 0);
	assert_int_equal(walk("../../etc/hostname"), 0);
}

static void
a_link_in_the_middle_is_followed(void **state)
{
	(void)state;
	tree_link("sys/class/x", "../../etc");
	reads("sys/class/x/hostname", "inside");
	assert_int_equal(walk("sys/class/x/hostname"), 0);
}

static void
a_link_kept_as_a_file_is_followed(void **state)
{
	char text[64];

	(void)state;
	tree_file("sys/block/sda", "../../etc");
	reads("sys/block/sda/hostname", "inside");
	assert_int_equal(walk("sys/block/sda/hostname"), 0);
	assert_int_equal(facts_link(src, "sys/block/sda", text, sizeof(text)),
	    0);
	assert_string_equal(text, "../../etc");
}

static void
links_in_a_circle_end_in_an_error(void **state)
{
	char text[64];

	(void)state;
	tree_link("x", "y");
	tree_link("y", "x");
	assert_int_equal(facts_read_small(src, "x", text, sizeof(text)),
	    -ELOOP);
	assert_int_equal(walk("x"), -ELOOP);
}

static void
a_pipe_is_not_waited_for(void **state)
{
	char full[512], text[64];

	(void)state;
	tree_path(full, "proc/cpuinfo");
	assert_int_equal(mkfifo(full, 0600), 0);
	assert_int_equal(facts_read_small(src, "proc/cpuinfo", text,
		sizeof(text)), -EINVAL);
}

static void
a_file_beyond_the_limit_is_refused(void **state)
{
	struct facts_bytes b;
	char text[4];

	(void)state;
	assert_int_equal(facts_read(src, "etc/hostname", 6, &b), -EFBIG);
	assert_int_equal(facts_read_small(src, "etc/hostname", text,
		sizeof(text)), -EFBIG);
	assert_int_equal(facts_read(src, "etc/hostname", 7, &b), 0);
	assert_int_equal(b.len, 7);
	facts_bytes_free(&b);
}

static void
names_come_in_the_order_of_their_numbers(void **state)
{
	struct facts_names names;

	(void)state;
	tree_dir("net/eth10");
	tree_dir("net/eth2");
	tree_dir("net/eth1");
	assert_int_equal(facts_list(src, "net", &names), 0);
	assert_int_equal(names.count, 3);
	assert_string_equal(names.name[0], "eth1");
	assert_string_equal(names.name[1], "eth2");
	assert_string_equal(names.name[2], "eth10");
	facts_names_free(&names);
}

static void
a_captured_tree_cannot_tell_what_only_a_running_system_knows(void **state)
{
	struct facts_usage usage;
	char text[64];

	(void)state;
	assert_int_equal(facts_usage(src, "", &usage), -ENOTSUP);
	assert_int_equal(facts_machine(src, text, sizeof(text)), -ENOTSUP);
	assert_int_equal(facts_addresses(src, NULL, NULL), -ENOTSUP);
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, open_tree, close_tree)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(an_absolute_link_stays_inside),
		ON_TREE(dots_stop_at_the_root),
		ON_TREE(a_link_in_the_middle_is_followed),
		ON_TREE(a_link_kept_as_a_file_is_followed),
		ON_TREE(links_in_a_circle_end_in_an_error),
		ON_TREE(a_pipe_is_not_waited_for),
		ON_TREE(a_file_beyond_the_limit_is_refused),
		ON_TREE(names_come_in_the_order_of_their_numbers),
		ON_TREE(a_captured_tree_cannot_tell_what_only_a_running_system_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
