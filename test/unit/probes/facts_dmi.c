/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the dmi and dimms sections: sysfs, the raw tables, placeholders. */
#include "facts_tree.h"

#define ID "sys/class/dmi/id"

/* A type 17 structure of version 2.8: a DDR4 module of 16 GiB in DIMM_A1. */
static const char module[] =
    "\x11\x28\x00\x11\x00\x10\xfe\xff\x48\x00\x40\x00\x00\x40\x09\x00"
    "\x01\x02\x1a\x80\x00\x60\x09\x03\x04\x05\x06\x02\x00\x00\x00\x00"
    "\x55\x08\x00\x00\x00\x00\x00\x00"
    "DIMM_A1\0BANK 0\0Samsung\0" "12345678\0Unknown\0M393A2K43BB1-CRC  \0";

/* An empty slot. */
static const char slot[] =
    "\x11\x15\x01\x11\x00\x10\xfe\xff\xff\xff\xff\xff\x00\x00\x09\x00"
    "\x01\x02\x02\x00\x00" "DIMM_A2\0BANK 1\0";

/* 64 GiB do not fit in the word: 7fffh, and the size in MB further on. */
static const char large[] =
    "\x11\x20\x02\x11\x00\x10\xfe\xff\x48\x00\x40\x00\xff\x7f\x09\x00"
    "\x01\x00\x1a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00"
    "DIMM_A3\0";

/* Type 1 with UUID 00112233-4455-6677-8899-aabbccddeeff, then the end. */
static const char machine[] =
    "\x01\x1b\x00\x01\x01\x02\x03\x04\x33\x22\x11\x00\x55\x44\x77\x66"
    "\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x06\x00\x00"
    "Example Inc.\0Model 7\0" "1.0\0SN-0007\0";
static const char end[] = "\x7f\x04\xff\xfe\0";

static void
modules_and_empty_slots_are_told_apart(void **state)
{
	char table[512];
	struct json_object *doc;
	size_t n = 0;

	(void)state;
#define ADD(what) (memcpy(table + n, what, sizeof(what)), n += sizeof(what))
	ADD(module);
	ADD(slot);
	ADD(large);
	ADD(end);
	tree_bytes("sys/firmware/dmi/tables/DMI", table, n);
	doc = tree_facts("dimms");
	tree_number(doc, "/dimms/slots", 3);
	tree_number(doc, "/dimms/modules", 2);
	tree_number(doc, "/dimms/installed_bytes", 80LL << 30);
	tree_text(doc, "/dimms/items/0/locator", "DIMM_A1");
	tree_text(doc, "/dimms/items/0/bank", "BANK 0");
	tree_text(doc, "/dimms/items/0/manufacturer", "Samsung");
	tree_text(doc, "/dimms/items/0/serial", "12345678");
	tree_none(doc, "/dimms/items/0/asset_tag");
	tree_text(doc, "/dimms/items/0/part_number", "M393A2K43BB1-CRC");
	tree_text(doc, "/dimms/items/0/type", "DDR4");
	tree_number(doc, "/dimms/items/0/speed_mts", 2400);
	tree_number(doc, "/dimms/items/0/configured_speed_mts", 2133);
	tree_number(doc, "/dimms/items/0/rank", 2);
	tree_text(doc, "/dimms/items/1/present", "false");
	tree_none(doc, "/dimms/items/1/size_bytes");
	tree_number(doc, "/dimms/items/2/size_bytes", 64LL << 30);
	json_object_put(doc);
}

static void
one_file_a_structure_does_too(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_bytes("sys/firmware/dmi/entries/17-0/raw", module,
	    sizeof(module));
	tree_bytes("sys/firmware/dmi/entries/17-1/raw", slot, sizeof(slot));
	doc = tree_facts("dimms");
	tree_number(doc, "/dimms/slots", 2);
	tree_none(doc, "/dimms/error");
	json_object_put(doc);
}

static void
the_raw_table_stands_in_for_sysfs(void **state)
{
	char table[256];
	struct json_object *doc;
	size_t n = 0;

	(void)state;
	ADD(machine);
	ADD(end);
	tree_bytes("sys/firmware/dmi/tables/DMI", table, n);
	tree_bytes("sys/firmware/dmi/tables/smbios_entry_point",
	    "_SM3_\x00\x18\x03\x02\x00", 10);
	doc = tree_facts("dmi");
	tree_text(doc, "/dmi/source", "smbios");
	tree_text(doc, "/dmi/vendor", "Example Inc.");
	tree_text(doc, "/dmi/model", "Model 7");
	tree_text(doc, "/dmi/serial", "SN-0007");
	tree_text(doc, "/dmi/uuid", "00112233-4455-6677-8899-aabbccddeeff");
	tree_text(doc, "/dmi/smbios_version", "3.2");
	json_object_put(doc);
}

static void
placeholders_of_makers_are_no_identity(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file(ID "/sys_vendor", "To Be Filled By O.E.M.\n");
	tree_file(ID "/board_vendor", "ASRock\n");
	tree_file(ID "/product_name", "System Product Name\n");
	tree_file(ID "/board_name", "X570  \n");
	tree_file(ID "/product_serial", "Default string\n");
	tree_file(ID "/chassis_serial", "00000000\n");
	tree_file(ID "/product_uuid",
	    "03000200-0400-0500-0006-000700080009\n");
	tree_file(ID "/chassis_type", "3\n");
	doc = tree_facts("dmi");
	tree_text(doc, "/dmi/vendor", "ASRock");
	tree_text(doc, "/dmi/model", "X570");
	tree_none(doc, "/dmi/serial");
	tree_none(doc, "/dmi/uuid");
	tree_text(doc, "/dmi/product_serial", "Default string");
	tree_text(doc, "/dmi/chassis_type_name", "desktop");
	json_object_put(doc);
}

static void
a_uuid_is_told_in_lower_case(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file(ID "/product_uuid",
	    "4C4C4544-0042-3010-8034-B7C04F4E3732\n");
	doc = tree_facts("dmi");
	tree_text(doc, "/dmi/uuid", "4c4c4544-0042-3010-8034-b7c04f4e3732");
	json_object_put(doc);
}

static void
the_device_tree_stands_in_where_there_is_no_dmi(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_link("proc/device-tree", "/sys/firmware/devicetree/base");
	tree_bytes("sys/firmware/devicetree/base/model",
	    "Raspberry Pi 4 Model B Rev 1.4", 31);
	tree_bytes("sys/firmware/devicetree/base/serial-number",
	    "10000000abcdef01", 17);
	doc = tree_facts("dmi");
	tree_text(doc, "/dmi/source", "devicetree");
	tree_text(doc, "/dmi/model", "Raspberry Pi 4 Model B Rev 1.4");
	tree_text(doc, "/dmi/serial", "10000000abcdef01");
	json_object_put(doc);
}

/* Root may read everything, so there is nothing to deny to it. */
static void
a_serial_number_that_only_root_may_read_is_said(void **state)
{
	struct json_object *doc;
	char full[512];

	(void)state;
	if (geteuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	(void)snprintf(tree_root, sizeof(tree_root), "/tmp/facts.XXXXXX");
	assert_non_null(mkdtemp(tree_root));
	tree_file(ID "/sys_vendor", "Example\n");
	tree_file(ID "/product_serial", "SN1\n");
	tree_path(full, ID "/product_serial");
	assert_int_equal(chmod(full, 0), 0);
	doc = tree_facts("dmi");
	tree_text(doc, "/dmi/vendor", "Example");
	tree_text(doc, "/dmi/denied/0", "product_serial");
	tree_none(doc, "/dmi/denied/1");
	json_object_put(doc);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

static void
text_that_is_no_utf8_is_mended(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_bytes(ID "/product_name", "A\xff\xfe" "B \xc3\xa9\n", 8);
	doc = tree_facts("dmi");
	tree_text(doc, "/dmi/product_name", "A\xef\xbf\xbd" "B \xc3\xa9");
	json_object_put(doc);
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, tree_new, tree_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(modules_and_empty_slots_are_told_apart),
		ON_TREE(one_file_a_structure_does_too),
		ON_TREE(the_raw_table_stands_in_for_sysfs),
		ON_TREE(placeholders_of_makers_are_no_identity),
		ON_TREE(a_uuid_is_told_in_lower_case),
		ON_TREE(the_device_tree_stands_in_where_there_is_no_dmi),
		cmocka_unit_test_teardown(
		    a_serial_number_that_only_root_may_read_is_said,
		    tree_remove),
		ON_TREE(text_that_is_no_utf8_is_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
