/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the cpu section: what shares a core and a socket, on what there is to read. */
#include "facts_tree.h"

#include "facts/cpuset.h"

#define CPU "sys/devices/system/cpu"

static void
add_cpu(unsigned int cpu, const char *file, const char *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), CPU "/cpu%u/%s", cpu, file);
	tree_file(path, text);
}

static struct json_object *
cpu_facts(void)
{
	return tree_facts("cpu");
}

static void
counts(struct json_object *doc, int sockets, int cores, int threads)
{
	tree_number(doc, "/cpu/sockets", sockets);
	tree_number(doc, "/cpu/cores", cores);
	tree_number(doc, "/cpu/threads_per_core", threads);
}

/* Four CPUs, two sockets of one core with two threads; numbers repeat per socket. */
static void
sets_of_siblings_are_counted_not_numbers(void **state)
{
	static const char *const core[] = { "5", "a", "5", "a" };
	struct json_object *doc;
	unsigned int i;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nprocessor : 1\n"
	    "processor : 2\nprocessor : 3\n");
	tree_file(CPU "/online", "0-3\n");
	for (i = 0; i < 4; i++) {
		add_cpu(i, "topology/thread_siblings", core[i]);
		add_cpu(i, "topology/core_siblings_list",
		    i % 2 == 0 ? "0,2" : "1,3");
		add_cpu(i, "topology/core_id", "0");
		add_cpu(i, "topology/physical_package_id", "-1");
	}
	doc = cpu_facts();
	counts(doc, 2, 2, 2);
	tree_none(doc, "/cpu/cpus/0/package");
	json_object_put(doc);
}

static void
a_cpu_that_is_offline_counts_as_present_only(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nprocessor : 2\n");
	tree_file(CPU "/online", "0,2\n");
	tree_file(CPU "/present", "0-3\n");
	add_cpu(0, "topology/thread_siblings_list", "0");
	add_cpu(0, "topology/core_siblings_list", "0,2");
	add_cpu(2, "topology/thread_siblings_list", "2");
	add_cpu(2, "topology/core_siblings_list", "0,2");
	doc = cpu_facts();
	counts(doc, 1, 2, 1);
	tree_number(doc, "/cpu/logical_online", 2);
	tree_number(doc, "/cpu/logical_present", 4);
	tree_text(doc, "/cpu/offline", "1,3");
	tree_text(doc, "/cpu/cpus/1/online", "false");
	json_object_put(doc);
}

/* Two cores of four, of which the first has one left. */
static void
threads_of_a_core_are_those_of_the_one_that_has_most(void **state)
{
	static const char *const core[] = { "0", "4-7", "4-7", "4-7", "4-7" };
	static const unsigned int on[] = { 0, 4, 5, 6, 7 };
	struct json_object *doc;
	size_t i;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nprocessor : 4\nprocessor : 5\nprocessor : 6\nprocessor : 7\n");
	tree_file(CPU "/online", "0,4-7\n");
	for (i = 0; i < 5; i++) {
		add_cpu(on[i], "topology/thread_siblings_list", core[i]);
		add_cpu(on[i], "topology/core_siblings_list", "0,4-7");
	}
	doc = cpu_facts();
	counts(doc, 1, 2, 4);
	json_object_put(doc);
}

static void
only_arm_itself_has_its_way_to_say_a_stepping(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nCPU implementer : 0x48\nCPU variant : 0x1\nCPU part : 0xd01\nCPU revision : 0\n");
	doc = cpu_facts();
	tree_text(doc, "/cpu/stepping", "0x1");
	json_object_put(doc);
}

static void
cpuinfo_alone_tells_sockets_by_their_numbers(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/cpuinfo",
	    "processor : 0\nphysical id : 0\ncore id : 0\nflags : fpu lm vmx\n"
	    "processor : 1\nphysical id : 0\ncore id : 0\n"
	    "processor : 2\nphysical id : 3\ncore id : 0\n"
	    "processor : 3\nphysical id : 3\ncore id : 0\n");
	doc = cpu_facts();
	counts(doc, 2, 2, 2);
	tree_text(doc, "/cpu/architecture", "x86_64");
	tree_text(doc, "/cpu/virtualization", "VT-x");
	json_object_put(doc);
}

/* Without a word on sockets an ARM board is one, an old x86 has one per CPU. */
static void
without_numbers_the_architecture_decides(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nprocessor : 1\n"
	    "CPU implementer : 0x41\nCPU architecture: 8\nCPU part : 0xd0c\n"
	    "CPU variant : 0x3\nCPU revision : 1\n");
	doc = cpu_facts();
	counts(doc, 1, 2, 1);
	tree_text(doc, "/cpu/architecture", "aarch64");
	tree_text(doc, "/cpu/model_name", "Neoverse-N1");
	tree_text(doc, "/cpu/stepping", "r3p1");
	json_object_put(doc);

	tree_file("proc/cpuinfo", "processor : 0\nflags : fpu\n"
	    "processor : 1\nflags : fpu\n");
	doc = cpu_facts();
	counts(doc, 2, 2, 1);
	tree_text(doc, "/cpu/architecture", "i686");
	json_object_put(doc);
}

static void
two_numbers_in_one_core_are_told_beside_it(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nprocessor : 1\n");
	tree_file(CPU "/online", "0-1\n");
	add_cpu(0, "topology/core_id", "0");
	add_cpu(1, "topology/core_id", "1");
	add_cpu(0, "topology/thread_siblings", "3");
	add_cpu(1, "topology/thread_siblings", "3");
	add_cpu(0, "topology/core_siblings", "3");
	doc = cpu_facts();
	counts(doc, 1, 1, 2);
	tree_number(doc, "/cpu/cores_numbered", 2);
	json_object_put(doc);
}

static void
a_shared_cache_is_counted_once(void **state)
{
	struct json_object *doc;
	unsigned int i;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nprocessor : 1\n");
	tree_file(CPU "/online", "0-1\n");
	for (i = 0; i < 2; i++) {
		add_cpu(i, "cache/index0/level", "1");
		add_cpu(i, "cache/index0/type", "Data");
		add_cpu(i, "cache/index0/size", "32K");
		add_cpu(i, "cache/index0/shared_cpu_map", i ? "2" : "1");
		add_cpu(i, "cache/index1/level", "2");
		add_cpu(i, "cache/index1/type", "Unified");
		add_cpu(i, "cache/index1/size", "2M");
		add_cpu(i, "cache/index1/shared_cpu_list", "0-1");
	}
	doc = cpu_facts();
	tree_number(doc, "/cpu/caches/0/instances", 2);
	tree_number(doc, "/cpu/caches/0/total_bytes", 65536);
	tree_number(doc, "/cpu/caches/1/instances", 1);
	tree_number(doc, "/cpu/caches/1/total_bytes", 2 << 20);
	json_object_put(doc);
}

/* Some kernels take the two dies of a package for two sets of siblings. */
static void
dies_with_one_package_number_are_one_socket(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\nphysical id : 0\n"
	    "core id : 0\nflags : fpu lm\n"
	    "processor : 1\nphysical id : 0\ncore id : 1\n");
	tree_file(CPU "/online", "0-1\n");
	add_cpu(0, "topology/core_siblings_list", "0");
	add_cpu(1, "topology/core_siblings_list", "1");
	add_cpu(0, "topology/thread_siblings_list", "0");
	add_cpu(1, "topology/thread_siblings_list", "1");
	doc = cpu_facts();
	counts(doc, 1, 2, 1);
	json_object_put(doc);
}

static void
folders_tell_which_cpus_are_online_on_old_kernels(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/cpuinfo", "processor : 0\n");
	add_cpu(0, "topology/thread_siblings", "1");
	add_cpu(1, "online", "0\n");
	doc = cpu_facts();
	tree_number(doc, "/cpu/logical_online", 1);
	tree_number(doc, "/cpu/logical_present", 2);
	json_object_put(doc);
}

static void
without_cpuinfo_the_section_says_so(void **state)
{
	struct json_object *doc;

	(void)state;
	doc = cpu_facts();
	tree_text(doc, "/cpu/error/class", "missing");
	json_object_put(doc);
}

static void
sets_are_read_and_written_as_the_kernel_does(void **state)
{
	struct cpuset set;
	char text[64];

	(void)state;
	assert_true(cpuset_of_list(&set, STR("0-3,8,4000-4001\n")));
	cpuset_text(&set, text, sizeof(text));
	assert_string_equal(text, "0-3,8,4000-4001");
	assert_int_equal(cpuset_count(&set), 7);
	assert_true(cpuset_of_mask(&set, STR("1,00000000,80000001\n")));
	cpuset_text(&set, text, sizeof(text));
	assert_string_equal(text, "0,31,64");
	cpuset_text(&set, text, 4);
	assert_string_equal(text, "0");
	assert_false(cpuset_of_list(&set, STR("3-1")));
	assert_false(cpuset_of_mask(&set, STR("123456789")));
	assert_true(cpuset_of_list(&set, STR("0-99999999999")));
	assert_int_equal(cpuset_count(&set), CPUSET_MAX);
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, tree_new, tree_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(sets_of_siblings_are_counted_not_numbers),
		ON_TREE(a_cpu_that_is_offline_counts_as_present_only),
		ON_TREE(threads_of_a_core_are_those_of_the_one_that_has_most),
		ON_TREE(only_arm_itself_has_its_way_to_say_a_stepping),
		ON_TREE(cpuinfo_alone_tells_sockets_by_their_numbers),
		ON_TREE(without_numbers_the_architecture_decides),
		ON_TREE(two_numbers_in_one_core_are_told_beside_it),
		ON_TREE(a_shared_cache_is_counted_once),
		ON_TREE(dies_with_one_package_number_are_one_socket),
		ON_TREE(folders_tell_which_cpus_are_online_on_old_kernels),
		ON_TREE(without_cpuinfo_the_section_says_so),
		cmocka_unit_test(sets_are_read_and_written_as_the_kernel_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
