/* SPDX-License-Identifier: Apache-2.0 */
/*
 * share/map/linux.jq: facts of a made-up database server into CIs that the
 * instance takes, and knows again the second time.
 */
#define MAP "share/map/linux.jq"
#define FACTS "test/data/map/server.json"
#include "map_run.h"

static void
the_second_time_nothing_changes(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	send_page(*state, page, "NO_CHANGE");
	assert_int_equal(rows(*state, "cmdb_ci_linux_server", ""), 1);
	json_object_put(page);
}

static void
parts_hang_together_as_on_the_machine(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "cmdb_ci_ip_address",
	    "nic.name=eno1^nic.cmdb_ci.name=db1"), 2);
	assert_int_equal(rows(*state, "cmdb_ci_disk_partition",
	    "disk.name=sda^computer.name=db1"), 2);
	assert_int_equal(rows(*state, "cmdb_ci_storage_volume",
	    "pool.name=rhel"), 1);
	assert_int_equal(rows(*state, "cmdb_rel_ci", "parent.name=rhel-root"
	    "^child.name=/^type.name=Provides storage for::Stored on"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_nas_file_system",
	    "nas_hostname=nas1^nas_path=/export/home"), 1);
	assert_int_equal(rows(*state, "cmdb_software_instance",
	    "software.name=bash^installed_on.name=db1"), 1);
	json_object_put(page);
}

static void
placeholders_are_no_serial_numbers(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "cmdb_serial_number", ""), 3);
	assert_int_equal(rows(*state, "cmdb_serial_number",
	    "serial_number_type=chassis"), 0);
	assert_int_equal(rows(*state, "cmdb_ci_memory_module",
	    "serial_numberISNOTEMPTY"), 0);
	json_object_put(page);
}

static void
temporary_and_local_addresses_are_left_out(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "cmdb_ci_ip_address",
	    "ip_addressSTARTSWITHfe80^ORip_addressLIKEbeef"
	    "^ORip_address=127.0.0.1"), 0);
	assert_int_equal(rows(*state, "cmdb_ci_network_adapter", ""), 2);
	json_object_put(page);
}

static void
like_processes_are_one_row_without_their_secrets(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "cmdb_running_process", ""), 4);
	assert_int_equal(rows(*state, "cmdb_running_process",
	    "name=worker^count=2^commandLIKEREDACTED"), 1);
	assert_int_equal(rows(*state, "cmdb_running_process",
	    "commandLIKEhunter2^ORparametersLIKEhunter2"), 0);
	assert_int_equal(rows(*state, "cmdb_tcp", "type=to^port=443^count=2"),
	    1);
	assert_int_equal(rows(*state, "cmdb_tcp", ""), 2);
	json_object_put(page);
}

/* They come and go, we among them; the listener counts them in its name. */
static void
logins_are_no_processes_of_a_host(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "cmdb_running_process", "nameSTARTSWITHsshd"), 1);
	assert_int_equal(rows(*state, "cmdb_running_process",
	    "command=sshd: /usr/sbin/sshd -D [listener]"), 1);
	json_object_put(page);
}

static void
a_container_does_not_claim_its_hosts_firmware(void **state)
{
	jv facts = jv_set(facts_of(FACTS), jv_string("virtual"),
	    jv_parse("{\"container\":\"podman\"}"));
	struct json_object *pages = map(facts);

	send_page(*state, json_object_array_get_idx(pages, 0), "INSERT");
	assert_int_equal(rows(*state, "cmdb_serial_number", ""), 0);
	assert_int_equal(rows(*state, "cmdb_ci_linux_server",
	    "serial_numberISEMPTY^virtual=true"), 1);
	json_object_put(pages);
}

static void
a_name_alone_makes_a_page_without_parts(void **state)
{
	struct json_object *pages = map(jv_parse("{\"schema\":1,\"host\":{\"hostname\":\"web7\"}}"));
	struct json_object *page = json_object_array_get_idx(pages, 0);

	(void)state;
	assert_int_equal(json_object_array_length(pages), 1);
	assert_int_equal(length(page, "items"), 1);
	json_object_put(pages);
}

/* The instance would only set it aside. */
static void
who_is_known_by_nothing_makes_no_page(void **state)
{
	struct json_object *pages = map(jv_parse("{\"schema\":1,\"os\":{\"kernel_name\":\"Linux\",\"id\":\"debian\"}}"));

	(void)state;
	assert_int_equal(json_object_array_length(pages), 0);
	json_object_put(pages);
}

/* Two paths to one disk of a storage array; disks that a controller makes, which all say its number; memory of a board that numbers its places by socket. */
static void
no_disk_or_module_is_there_twice(void **state)
{
	struct json_object *pages = map(jv_parse("{\"host\":{\"hostname\":\"san-1\"},\"block_devices\":{\"items\":["
	    "{\"name\":\"sda\",\"kind\":\"disk\",\"size_bytes\":5,\"serial\":\"A1\",\"wwid\":\"naa.6001\"},{\"name\":\"sdb\",\"kind\":\"disk\",\"size_bytes\":5,\"serial\":\"A1\",\"wwid\":\"naa.6001\"},"
	    "{\"name\":\"sdc\",\"kind\":\"disk\",\"size_bytes\":6,\"serial\":\"RAID\",\"wwid\":\"naa.6002\"},{\"name\":\"sdd\",\"kind\":\"disk\",\"size_bytes\":7,\"serial\":\"RAID\",\"wwid\":\"naa.6003\"},"
	    "{\"name\":\"vda\",\"kind\":\"disk\",\"size_bytes\":8},{\"name\":\"vdb\",\"kind\":\"disk\",\"size_bytes\":8}]},"
	    "\"dimms\":{\"items\":[{\"present\":true,\"locator\":\"DIMM 0\"},{\"present\":true,\"locator\":\"DIMM 0\"},{\"present\":false},{\"present\":true}]}}")),
	    *page = json_object_array_get_idx(pages, 0);

	send_page(*state, page, "INSERT");
	send_page(*state, page, "NO_CHANGE");
	assert_int_equal(rows(*state, "cmdb_ci_disk", ""), 5);
	assert_int_equal(rows(*state, "cmdb_ci_memory_module", "nameINDIMM 0,DIMM 0 (1),module 2"), 3);
	assert_int_equal(rows(*state, "cmdb_ci_disk", "name=sda^serial_number=A1"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_disk", "nameINsdc,sdd^serial_numberISEMPTY"), 2);
	json_object_put(pages);
}

static jv
many_packages(int n)
{
	jv list = jv_array(), p;

	while (n-- > 0) {
		p = jv_object_set(jv_object(), jv_string("name"),
		    jv_string_fmt("package-%d", n));
		p = jv_object_set(p, jv_string("version"), jv_string("1"));
		list = jv_array_append(list, p);
	}
	return jv_set(facts_of(FACTS), jv_string("packages"),
	    jv_object_set(jv_object(), jv_string("items"), list));
}

static void
pages_have_at_most_500_items_and_each_the_host(void **state)
{
	struct json_object *pages = map(many_packages(1200)), *page, *first;
	size_t i, n = json_object_array_length(pages), all = 0;

	assert_in_range(n, 5, 6);
	for (i = 0; i < n; i++) {
		page = json_object_array_get_idx(pages, i);
		assert_true(length(page, "items") <= 500);
		all += length(page, "items") - 1;
		(void)json_object_object_get_ex(page, "items", &first);
		assert_string_equal(json_str(json_object_array_get_idx(first,
		    0), "internal_id", ""), "host");
		now += 1000;
		json_object_put(apply(*state,
		    json_object_to_json_string(page)));
	}
	assert_int_equal(rows(*state, "cmdb_ci_linux_server", ""), 1);
	assert_int_equal(rows(*state, "cmdb_software_instance", ""), 1200);
	assert_true(all > 2400);
	json_object_put(pages);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_second_time_nothing_changes),
		TEST(parts_hang_together_as_on_the_machine),
		TEST(placeholders_are_no_serial_numbers),
		TEST(temporary_and_local_addresses_are_left_out),
		TEST(like_processes_are_one_row_without_their_secrets),
		TEST(logins_are_no_processes_of_a_host),
		TEST(a_container_does_not_claim_its_hosts_firmware),
		TEST(a_name_alone_makes_a_page_without_parts),
		TEST(who_is_known_by_nothing_makes_no_page),
		TEST(no_disk_or_module_is_there_twice),
		TEST(pages_have_at_most_500_items_and_each_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
