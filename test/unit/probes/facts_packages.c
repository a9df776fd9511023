/* SPDX-License-Identifier: Apache-2.0 */
/* Packages of dpkg, and of rpm in its three containers and both byte orders. */
#include "facts_json.h"

#include <errno.h>

#include "facts/image.h"
#include "facts/packages.h"
#include "facts/parsers.h"
#include "facts/rpm.h"

#define RPM "test/data/rpm/"

static void
reads_the_fields_of_a_dpkg_paragraph(void **state)
{
	struct json_object *o = parsed_text(parse_dpkg_status,
	    "Package: libc6\nStatus: install ok installed\n"
	    "Source: glibc (2.36-9)\nInstalled-Size: 3\n"
	    "Architecture: amd64\nVersion: 1:2.36-9\n");

	(void)state;
	assert_string_equal(text_at(o, "/items/0/name"), "libc6");
	assert_string_equal(text_at(o, "/items/0/version"), "1:2.36-9");
	assert_string_equal(text_at(o, "/items/0/arch"), "amd64");
	assert_string_equal(text_at(o, "/items/0/source"), "glibc");
	assert_int_equal(number_at(o, "/items/0/size_bytes"), 3072);
	json_object_put(o);
}

static void
takes_no_field_from_a_continuation_line(void **state)
{
	struct json_object *o = parsed_text(parse_dpkg_status,
	    "Package: a\nDescription: first\n Version: 9\n\tVersion: 8\n .\n"
	    "Version: 1\n");

	(void)state;
	assert_string_equal(text_at(o, "/items/0/version"), "1");
	assert_string_equal(text_at(o, "/items/0/summary"), "first");
	json_object_put(o);
}

static void
counts_only_what_is_installed(void **state)
{
	struct json_object *o = parsed_text(parse_dpkg_status,
	    "Package: a\nStatus: install ok installed\n\n"
	    "Package: b\nStatus: deinstall ok config-files\n\n"
	    "Package: c\nStatus: install reinstreq half-installed\n\n\n"
	    "Package: d\nStatus: hold ok installed\r\n\r\n"
	    "Package: e\n");

	(void)state;
	assert_int_equal(count_at(o, "/items"), 5);
	assert_int_equal(number_at(o, "/installed_count"), 2);
	assert_string_equal(text_at(o, "/items/1/installed"), "false");
	assert_string_equal(text_at(o, "/items/3/status"), "hold ok installed");
	json_object_put(o);
}

static void
leaves_out_a_version_that_is_not_there(void **state)
{
	struct json_object *o = parsed_text(parse_dpkg_status,
	    "Package: a\nStatus: install ok installed\n\n"
	    "Package: b\nVersion: 2\n");

	(void)state;
	assert_false(is_there(o, "/items/0/version"));
	assert_string_equal(text_at(o, "/items/1/version"), "2");
	json_object_put(o);
}

static void
reads_a_header_with_an_epoch_and_a_64_bit_size(void **state)
{
	struct json_object *o = parsed_file(parse_rpm_header,
	    RPM "header.bin", 0);

	(void)state;
	assert_string_equal(text_at(o, "/name"), "pkg-5");
	assert_string_equal(text_at(o, "/version"), "1.5");
	assert_string_equal(text_at(o, "/release"), "5.el9");
	assert_int_equal(number_at(o, "/epoch"), 2);
	assert_int_equal(number_at(o, "/size_bytes"), INT64_C(5) << 30);
	assert_int_equal(number_at(o, "/installed_s"), 1600000005);
	json_object_put(o);
}

static void
refuses_a_header_cut_at_any_byte(void **state)
{
	char whole[512];
	FILE *f = fopen(RPM "header.bin", "rb");
	size_t n, len;

	(void)state;
	assert_non_null(f);
	len = fread(whole, 1, sizeof(whole), f);
	fclose(f);
	for (n = 0; n < len; n++)
		json_object_put(parsed(parse_rpm_header, whole, n, -1));
}

/* Every container was made from the same six packages. */
static void
expect_six(struct json_object *o)
{
	struct json_object *five = item_with(o, "name", "pkg-5");

	assert_int_equal(count_at(o, "/items"), 6);
	assert_string_equal(text_at(five, "/version"), "1.5");
	assert_int_equal(number_at(five, "/epoch"), 2);
	assert_string_equal(text_at(item_with(o, "name", "pkg-3"), "/source"),
	    "pkg-3-1.3.src.rpm");
	assert_string_equal(text_at(five, "/installed"), "true");
	json_object_put(o);
}

static void
reads_berkeley_db_in_both_byte_orders(void **state)
{
	(void)state;
	expect_six(parsed_file(parse_rpm_bdb, RPM "little.bdb", 0));
	expect_six(parsed_file(parse_rpm_bdb, RPM "big.bdb", 0));
}

static void
reads_ndb(void **state)
{
	(void)state;
	expect_six(parsed_file(parse_rpm_ndb, RPM "small.ndb", 0));
}

static void
reads_sqlite(void **state)
{
	(void)state;
	expect_six(parsed_file(parse_rpm_sqlite, RPM "plain.sqlite", 0));
}

static struct image
load(const char *path, unsigned char *buf, size_t size)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, size, f);
	fclose(f);
	return image_of(buf, n);
}

static void
finds_packages_that_are_only_in_the_log(void **state)
{
	static unsigned char db[65536], log[65536];
	struct image img = load(RPM "logged.sqlite", db, sizeof(db));
	struct image wal = load(RPM "logged.sqlite-wal", log, sizeof(log));
	struct package_list list = { .items = json_object_new_array() };

	(void)state;
	assert_int_equal(rpm_read_sqlite(&img, rpm_take_header, &list), 0);
	assert_int_equal(list.installed, 4);
	assert_int_equal(rpm_read_sqlite_wal(&img, &wal, rpm_take_header,
	    &list), 0);
	assert_int_equal(list.installed, 4 + 6);
	json_object_put(list.items);
}

static void
ignores_frames_of_the_log_that_were_not_committed(void **state)
{
	static unsigned char db[65536], log[65536];
	struct image img = load(RPM "logged.sqlite", db, sizeof(db));
	struct image wal = load(RPM "logged.sqlite-wal", log, sizeof(log));
	struct package_list list = { .items = json_object_new_array() };

	(void)state;
	log[32 + 24 + 100] ^= 1;	/* in the page of the first frame */
	assert_int_equal(rpm_read_sqlite_wal(&img, &wal, rpm_take_header,
	    &list), 0);
	assert_int_equal(list.installed, 4);
	json_object_put(list.items);
}

static void
takes_from_a_log_only_what_is_whole(void **state)
{
	static unsigned char log[65536];
	struct image wal = load(RPM "logged.sqlite-wal", log, sizeof(log));
	struct json_object *o = parsed(parse_sqlite_wal, log, wal.size, 0);
	int64_t all = number_at(o, "/pages");

	(void)state;
	assert_true(all > 1);
	json_object_put(o);
	o = parsed(parse_sqlite_wal, log, wal.size - 1, 0);
	assert_true(number_at(o, "/pages") < all);
	json_object_put(o);
	o = parsed(parse_sqlite_wal, log, 31, 0);
	assert_int_equal(number_at(o, "/pages"), 0);
	json_object_put(o);
}

static int
count_headers(void *arg, const unsigned char *blob, size_t len)
{
	(void)blob;
	*(size_t *)arg += len > 0;
	return 0;
}

/* A page that names itself as the next one must not turn for ever. */
static void
ends_in_a_circle_of_overflow_pages(void **state)
{
	static unsigned char db[65536];
	struct image img = load(RPM "little.bdb", db, sizeof(db));
	size_t page, count = 0;

	(void)state;
	for (page = 512; page + 512 <= img.size; page += 512)
		if (db[page + 25] == 7)
			memcpy(db + page + 16, db + page + 8, 4);
	assert_int_equal(rpm_read_bdb(&img, count_headers, &count), -EINVAL);
}

/* Found by the fuzzer: its one page is not even whole. */
static void
refuses_a_database_shorter_than_a_page(void **state)
{
	static unsigned char db[65536];
	struct image img = load(RPM "big.bdb", db, sizeof(db));
	size_t count = 0;

	(void)state;
	img.size = 700;
	memset(db + 72, 0xff, 4);	/* and has 4 billion buckets */
	assert_int_equal(rpm_read_bdb(&img, count_headers, &count), -EINVAL);
	assert_int_equal(count, 0);
}

static void
keeps_the_packages_beside_a_broken_one(void **state)
{
	static unsigned char db[65536];
	struct image img = load(RPM "small.ndb", db, sizeof(db));
	struct package_list list = { .items = json_object_new_array() };

	(void)state;
	memset(db + 256 * 16, 0, 16);	/* the head of the first blob */
	assert_int_equal(rpm_read_ndb(&img, rpm_take_header, &list), -EINVAL);
	assert_int_equal(list.installed, 5);
	json_object_put(list.items);
}

static void
refuses_a_database_of_another_kind(void **state)
{
	(void)state;
	json_object_put(parsed_file(parse_rpm_bdb, RPM "small.ndb", -1));
	json_object_put(parsed_file(parse_rpm_ndb, RPM "plain.sqlite", -1));
	json_object_put(parsed_file(parse_rpm_sqlite, RPM "big.bdb", -1));
	json_object_put(parsed(parse_rpm_sqlite, "", 0, -1));
	json_object_put(parsed(parse_rpm_bdb, "", 0, -1));
}

static void
collects_status_and_status_d(void **state)
{
	struct json_object *o = collected("test/data/server", "packages");

	(void)state;
	assert_int_equal(number_at(o, "/installed_count"), 3);
	assert_int_equal(count_at(o, "/databases"), 2);
	assert_string_equal(text_at(item_with(o, "name", "base-files"),
	    "/installed"), "true");
	assert_false(is_there(o, "/error"));
	json_object_put(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_fields_of_a_dpkg_paragraph),
		cmocka_unit_test(takes_no_field_from_a_continuation_line),
		cmocka_unit_test(counts_only_what_is_installed),
		cmocka_unit_test(leaves_out_a_version_that_is_not_there),
		cmocka_unit_test(reads_a_header_with_an_epoch_and_a_64_bit_size),
		cmocka_unit_test(refuses_a_header_cut_at_any_byte),
		cmocka_unit_test(reads_berkeley_db_in_both_byte_orders),
		cmocka_unit_test(reads_ndb),
		cmocka_unit_test(reads_sqlite),
		cmocka_unit_test(finds_packages_that_are_only_in_the_log),
		cmocka_unit_test(ignores_frames_of_the_log_that_were_not_committed),
		cmocka_unit_test(takes_from_a_log_only_what_is_whole),
		cmocka_unit_test(ends_in_a_circle_of_overflow_pages),
		cmocka_unit_test(refuses_a_database_shorter_than_a_page),
		cmocka_unit_test(keeps_the_packages_beside_a_broken_one),
		cmocka_unit_test(refuses_a_database_of_another_kind),
		cmocka_unit_test(collects_status_and_status_d),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
