/* SPDX-License-Identifier: Apache-2.0 */
/* Files whole or not at all, and what a process knows of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "os.h"
#include "paths.h"

static char dir[64];

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/midd-os-test-XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	char cmd[128];
	const char *const names[] = { "a", "a.part", "x/y/z", "x/y", "x", "sock", "" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(cmd, sizeof(cmd), "%s/%s", dir, names[i]);
		(void)remove(cmd);
	}
	return 0;
}

static const char *
in_dir(const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
what_is_written_is_read(void **state)
{
	struct err err;
	struct buf b;
	struct stat st;

	(void)state;
	buf_init(&b, 100000);
	assert_int_equal(os_write_file(in_dir("a"), "first\0bytes", 11, 0600, &err), 0);
	assert_int_equal(os_write_file(in_dir("a"), "second", 6, 0600, &err), 0);
	assert_int_equal(os_read_file(&b, in_dir("a"), &err), 0);
	assert_string_equal(buf_str(&b), "second");
	assert_int_equal(os_file_is_private(in_dir("a")), 1);
	assert_int_equal(stat(in_dir("a.part"), &st), -1);
	buf_fini(&b);
}

static void
a_leftover_of_a_crash_neither_hinders_nor_leaks_its_mode(void **state)
{
	struct err err;
	FILE *f = fopen(in_dir("a.part"), "w");

	(void)state;
	fputs("half", f);
	fclose(f);
	assert_int_equal(chmod(in_dir("a.part"), 0666), 0);
	assert_int_equal(os_write_file(in_dir("a"), "whole", 5, 0600, &err), 0);
	assert_int_equal(os_file_is_private(in_dir("a")), 1);
}

/* Gives PATH the access list ENTRY of N, as setfacl(1) would. */
static void
put_acl(const char *path, const struct posix_acl_xattr_entry *entry, size_t n)
{
	struct {
		struct posix_acl_xattr_header head;
		struct posix_acl_xattr_entry entry[8];
	} acl = { .head = { .a_version = htole32(POSIX_ACL_XATTR_VERSION) } };
	size_t i;

	for (i = 0; i < n; i++) {
		acl.entry[i].e_tag = htole16(entry[i].e_tag);
		acl.entry[i].e_perm = htole16(entry[i].e_perm);
		acl.entry[i].e_id = htole32(entry[i].e_id);
	}
	if (setxattr(path, "system.posix_acl_access", &acl, sizeof(acl.head) + n * sizeof(*entry), 0) < 0 && errno == EOPNOTSUPP)
		skip();
	assert_int_equal(getxattr(path, "system.posix_acl_access", NULL, 0), sizeof(acl.head) + n * sizeof(*entry));
}

static void
a_file_of_root_that_one_user_may_read_is_private(void **state)
{
	enum { NOBODY = ACL_UNDEFINED_ID };
#define OWNER { ACL_USER_OBJ, 4, NOBODY }
	static const struct { struct posix_acl_xattr_entry entry[6]; size_t n; bool is_private; } cases[] = {
		{ { OWNER, { ACL_USER, 4, 999 }, { ACL_GROUP_OBJ, 0, NOBODY }, { ACL_MASK, 4, NOBODY }, { ACL_OTHER, 0, NOBODY } }, 5, true },
		{ { OWNER, { ACL_USER, 4, 998 }, { ACL_USER, 4, 999 }, { ACL_GROUP_OBJ, 0, NOBODY }, { ACL_MASK, 4, NOBODY }, { ACL_OTHER, 0, NOBODY } },
		    6, false },
		{ { OWNER, { ACL_USER, 4, 999 }, { ACL_GROUP_OBJ, 4, NOBODY }, { ACL_MASK, 4, NOBODY }, { ACL_OTHER, 0, NOBODY } }, 5, false },
		{ { OWNER, { ACL_GROUP_OBJ, 0, NOBODY }, { ACL_GROUP, 4, 999 }, { ACL_MASK, 4, NOBODY }, { ACL_OTHER, 0, NOBODY } }, 5, false },
		{ { OWNER, { ACL_USER, 4, 999 }, { ACL_GROUP_OBJ, 0, NOBODY }, { ACL_MASK, 4, NOBODY }, { ACL_OTHER, 4, NOBODY } }, 5, false },
	};
#undef OWNER
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(os_write_file(in_dir("acl"), "key", 3, 0600, &err), 0);
		put_acl(in_dir("acl"), cases[i].entry, cases[i].n);
		assert_int_equal(os_file_is_private(in_dir("acl")), cases[i].is_private && geteuid() == 0);
	}
}

static void
a_file_larger_than_the_buffer_is_an_error_that_names_it(void **state)
{
	struct err err;
	struct buf b;

	(void)state;
	assert_int_equal(os_write_file(in_dir("a"), "0123456789", 10, 0644, &err), 0);
	assert_int_equal(os_file_is_private(in_dir("a")), 0);
	buf_init(&b, 10);
	assert_int_equal(os_read_file(&b, in_dir("a"), &err), 0);
	buf_fini(&b);
	buf_init(&b, 9);
	assert_int_equal(os_read_file(&b, in_dir("a"), &err), -E_FULL);
	assert_non_null(strstr(err.text, in_dir("a")));
	buf_fini(&b);
}

static void
a_missing_file_has_a_number_of_its_own(void **state)
{
	struct err err;
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_int_equal(os_read_file(&b, in_dir("none"), &err), -E_NONE);
	assert_int_equal(err.code, E_NONE);
	assert_int_equal(os_write_file(in_dir("none/a"), "x", 1, 0600, &err), -E_NONE);
	buf_fini(&b);
}

static void
folders_are_made_all_the_way_down(void **state)
{
	struct err err;
	struct stat st;

	(void)state;
	assert_int_equal(os_mkdirs(in_dir("x/y/z"), 0700, &err), 0);
	assert_int_equal(os_mkdirs(in_dir("x/y/z"), 0700, &err), 0);
	assert_int_equal(stat(in_dir("x/y/z"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(os_write_file(in_dir("a"), "x", 1, 0600, &err), 0);
	assert_true(os_mkdirs(in_dir("a/b"), 0700, &err) < 0);
	assert_true(os_disk_free(dir) > 0);
	assert_int_equal(os_disk_free(in_dir("nowhere")), -1);
}

static void
a_process_knows_what_it_uses(void **state)
{
	struct os_usage u, same;

	(void)state;
	os_usage(&u);
	assert_true(u.rss_bytes > 100000 && u.files >= 3 && u.threads == 1);
	assert_int_equal(os_usage_of(getpid(), &same), 0);
	assert_int_equal(same.threads, 1);
	assert_true(os_usage_of(0x3fffffff, &same) < 0);
	assert_true(strstr(os_program_dir(), "test/unit/base") != NULL);
	assert_true(os_host_name()[0] != '\0' && os_user_name()[0] != '\0');
}

static void
the_service_manager_is_told_over_its_socket(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char got[64] = "";

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(os_notify("READY=1"), 0);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", in_dir("sock"));
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	setenv("NOTIFY_SOCKET", in_dir("sock"), 1);
	assert_int_equal(os_notify("READY=1"), 0);
	assert_int_equal(recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT), 7);
	assert_string_equal(got, "READY=1");
	setenv("NOTIFY_SOCKET", "not a path", 1);
	assert_true(os_notify("READY=1") < 0);
	unsetenv("NOTIFY_SOCKET");
	close(fd);
}

static void
the_watchdog_is_only_ours_when_it_names_us(void **state)
{
	char pid[16];

	(void)state;
	unsetenv("WATCHDOG_PID");
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(os_watchdog_ms(), 30000);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(os_watchdog_ms(), 30000);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(os_watchdog_ms(), 0);
	setenv("WATCHDOG_PID", pid, 1);
	setenv("WATCHDOG_USEC", "soon", 1);
	assert_int_equal(os_watchdog_ms(), 0);
}

/* This program stands in no layout of ours, so the installed one is meant. */
static void
paths_are_those_of_an_installation_when_nothing_else_is_known(void **state)
{
	(void)state;
	assert_string_equal(path_default(PATH_WORKER), "/usr/lib/midd/midd-worker");
	assert_string_equal(path_default(PATH_CONFIG), "/etc/midd/midd.yaml");
	assert_string_equal(path_default(PATH_CONTROL), "/run/midd/control");
	assert_ptr_equal(path_default(PATH_MAPS), path_default(PATH_MAPS));
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read),
		TEST(a_leftover_of_a_crash_neither_hinders_nor_leaks_its_mode),
		TEST(a_file_of_root_that_one_user_may_read_is_private),
		TEST(a_file_larger_than_the_buffer_is_an_error_that_names_it),
		TEST(a_missing_file_has_a_number_of_its_own),
		TEST(folders_are_made_all_the_way_down),
		TEST(a_process_knows_what_it_uses),
		TEST(the_service_manager_is_told_over_its_socket),
		TEST(the_watchdog_is_only_ours_when_it_names_us),
		TEST(paths_are_those_of_an_installation_when_nothing_else_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
