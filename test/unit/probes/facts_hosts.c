/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host of each system that is no Linux: test/data/hosts/SYSTEM holds what its commands print
 * (commands/) and its files; expected.json is what comes out, all sections.
 */
#include "facts_tree.h"

static const char *const systems[] = { "freebsd", "openbsd", "netbsd", "macos", "solaris", "aix", "hpux" };

static void
assert_same(const char *system, struct json_object *got, struct json_object *want)
{
	json_object_object_foreach(want, section, value) {
		struct json_object *have = NULL;

		if (!json_object_object_get_ex(got, section, &have) || !json_object_equal(have, value))
			fail_msg("%s: the section %s is %s\nexpected %s", system, section, json_object_to_json_string(have),
			    json_object_to_json_string(value));
	}
	assert_int_equal(json_object_object_length(got), json_object_object_length(want));
}

static void
each_system_tells_its_sections(void **state)
{
	struct json_object *got, *want;
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		(void)snprintf(tree_root, sizeof(tree_root), "test/data/hosts/%s", systems[i]);
		got = tree_facts(NULL);
		(void)snprintf(path, sizeof(path), "test/data/hosts/%s/expected.json", systems[i]);
		want = json_object_from_file(path);
		assert_non_null(want);
		assert_same(systems[i], got, want);
		json_object_put(got);
		json_object_put(want);
	}
}

#define LINUX_UNAME "Linux\n6.1.0\n#1 SMP\nx86_64\nweb1\n"

static void
packages_are_told_by_rpm_where_its_database_was_not_sent(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("commands/uname", LINUX_UNAME);
	tree_file("commands/rpm", "bash\t5.1.8\t6.el9_1\t(none)\tx86_64\t7738634\t1700000000\tRed Hat, Inc.\tGPLv3+\tbash-5.1.8-6.el9_1.src.rpm\tUnspecified\tThe GNU Bourne Again shell\n"
	    "shadow-utils\t4.9\t6.el9\t2\tx86_64\t3000000\t1700000001\tRed Hat, Inc.\tBSD and GPLv2+\tshadow-utils-4.9-6.el9.src.rpm\tUnspecified\tUtilities\n");
	doc = tree_facts("packages");
	tree_number(doc, "/packages/installed_count", 2);
	tree_text(doc, "/packages/databases/0/manager", "rpm");
	tree_text(doc, "/packages/items/0/name", "bash");
	tree_text(doc, "/packages/items/0/release", "6.el9_1");
	tree_text(doc, "/packages/items/0/vendor", "Red Hat, Inc.");
	tree_none(doc, "/packages/items/0/epoch");
	tree_number(doc, "/packages/items/1/epoch", 2);
	tree_none(doc, "/packages/error");
	json_object_put(doc);
}

static void
packages_of_apk_and_pacman_stand_in_files(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("lib/apk/db/installed", "C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\nS:383459\nI:622592\nT:the musl c library (libc)\nL:MIT\no:musl\n\n"
	    "P:busybox\nV:1.36.1-r5\nA:x86_64\nI:950272\nT:Size optimized toolbox\n\n");
	tree_file("var/lib/pacman/local/zlib-1:1.3-1/desc", "%NAME%\nzlib\n\n%VERSION%\n1:1.3-1\n\n%DESC%\nCompression library\n\n%SIZE%\n340000\n\n");
	doc = tree_facts("packages");
	tree_number(doc, "/packages/installed_count", 3);
	tree_text(doc, "/packages/items/0/name", "musl");
	tree_text(doc, "/packages/items/0/version", "1.2.4-r2");
	tree_number(doc, "/packages/items/0/size_bytes", 622592);
	tree_text(doc, "/packages/items/2/name", "zlib");
	tree_text(doc, "/packages/items/2/version", "1:1.3-1");
	tree_text(doc, "/packages/databases/0/manager", "apk");
	tree_text(doc, "/packages/databases/1/manager", "pacman");
	json_object_put(doc);
}

#define TCP "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" \
	"   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 23456 1 0000000000000000 100 0 0 10 0\n"

static void
packages_whose_folders_are_named_by_them(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("var/db/pkg/dev-libs/openssl-3.0.13-r2/PF", "openssl-3.0.13-r2\n");
	tree_file("var/db/pkg/x11-libs/foo-2bar-1.0_p1/PF", "foo-2bar-1.0_p1\n");
	tree_file("var/db/pkg/dev-libs/-MERGING-x-1/PF", "x\n");
	tree_file("var/db/pkg/dev-libs/no-version/PF", "x\n");
	tree_file("var/lib/pkgtools/packages/xorg-server-1.20.14-x86_64-2_slack15.0", "PACKAGE NAME\n");
	tree_file("var/lib/pkgtools/packages/README", "none\n");
	tree_file("usr/lib/opkg/status", "Package: busybox\nVersion: 1.36.1-1\nStatus: install user installed\nArchitecture: x86_64\n\n");
	doc = tree_facts("packages");
	tree_number(doc, "/packages/installed_count", 4);
	tree_text(doc, "/packages/items/0/name", "busybox");
	tree_text(doc, "/packages/items/1/name", "dev-libs/openssl");
	tree_text(doc, "/packages/items/1/version", "3.0.13-r2");
	tree_text(doc, "/packages/items/2/name", "x11-libs/foo-2bar");
	tree_text(doc, "/packages/items/3/name", "xorg-server");
	tree_text(doc, "/packages/items/3/version", "1.20.14");
	tree_text(doc, "/packages/databases/1/manager", "portage");
	tree_number(doc, "/packages/databases/1/count", 2);
	json_object_put(doc);
}

static void
packages_of_brew_are_told_by_ls(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("commands/uname", "Darwin\n22.6.0\nDarwin Kernel Version 22.6.0\narm64\nmac1\narm\n");
	tree_file("commands/brew", "/opt/homebrew/Cellar/openssl@3/3.2.1\n");
	doc = tree_facts("packages");
	tree_text(doc, "/packages/items/0/name", "openssl@3");
	tree_text(doc, "/packages/items/0/version", "3.2.1");
	tree_none(doc, "/packages/error");
	json_object_put(doc);
}

static void
owners_of_sockets_are_told_by_ss_or_need_privilege(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("commands/uname", LINUX_UNAME);
	tree_file("proc/net/tcp", TCP);
	doc = tree_facts("sockets");
	tree_number(doc, "/sockets/without_owner", 1);
	assert_true(json_object_get_boolean(tree_get(doc, "/sockets/items/0/needs_privilege")));
	json_object_put(doc);
	tree_file("commands/ss", "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:((\"sshd\",pid=819,fd=3)) ino:23456 sk:1 cgroup:/x <->\n");
	doc = tree_facts("sockets");
	tree_number(doc, "/sockets/items/0/pid", 819);
	tree_text(doc, "/sockets/items/0/process", "sshd");
	tree_none(doc, "/sockets/needs_privilege");
	json_object_put(doc);
}

static void
numbers_that_only_root_reads_come_from_dmidecode(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("commands/uname", LINUX_UNAME);
	tree_file("sys/class/dmi/id/sys_vendor", "Example\n");
	tree_file("commands/dmidecode", "System Information\n\tSerial Number: CN7792\n\tUUID: 4C4C4544-0052-3510-8058-B4C04F423433\n\n"
	    "Base Board Information\n\tSerial Number: BB01\n\nMemory Device\n\tSize: 8192 MB\n\tLocator: A1\n\n");
	doc = tree_facts("dmi,dimms");
	tree_text(doc, "/dmi/serial", "CN7792");
	tree_text(doc, "/dmi/uuid", "4c4c4544-0052-3510-8058-b4c04f423433");
	tree_text(doc, "/dmi/board_serial", "BB01");
	tree_number(doc, "/dimms/installed_bytes", 8192LL << 20);
	json_object_put(doc);
}

static void
the_older_machinfo_is_read_too(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("commands/uname", "HP-UX\nB.11.23\nU\nia64\nold1\n");
	tree_file("commands/machinfo", "CPU info:\n   Number of CPUs = 2\n   Clock speed = 1500 MHz\n   CPUID registers\n"
	    "         processor model:             1   Intel(R) Itanium 2 processor\nMemory = 4084 MB (3.988281 GB)\n"
	    "Platform info:\n   model string =          \"ia64 hp server rx2600\"\n   machine serial number = USE0000ABC\n");
	doc = tree_facts("cpu,memory,dmi");
	tree_text(doc, "/cpu/model_name", "Intel(R) Itanium 2 processor");
	tree_number(doc, "/cpu/logical_online", 2);
	tree_number(doc, "/memory/mem_total_bytes", 4084LL << 20);
	tree_text(doc, "/dmi/model", "ia64 hp server rx2600");
	tree_text(doc, "/dmi/serial", "USE0000ABC");
	json_object_put(doc);
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, tree_new, tree_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_system_tells_its_sections),
		ON_TREE(packages_are_told_by_rpm_where_its_database_was_not_sent),
		ON_TREE(packages_of_apk_and_pacman_stand_in_files),
		ON_TREE(packages_whose_folders_are_named_by_them),
		ON_TREE(packages_of_brew_are_told_by_ls),
		ON_TREE(owners_of_sockets_are_told_by_ss_or_need_privilege),
		ON_TREE(the_older_machinfo_is_read_too),
		ON_TREE(numbers_that_only_root_reads_come_from_dmidecode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
