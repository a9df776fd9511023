/* SPDX-License-Identifier: Apache-2.0 */
/*
 * share/map/network.jq: facts of a made-up stack of switches, and of other devices,
 * into CIs that the instance takes, and knows again the second time.
 */
#define MAP "share/map/network.jq"
#define FACTS "test/data/map/stack.json"
#include "map_run.h"

static void
the_second_time_nothing_changes(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	send_page(*state, page, "NO_CHANGE");
	json_object_put(page);
}

static void
the_device_its_interfaces_and_their_addresses(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "cmdb_ci_ip_switch", "name=access-3.example.com^serial_number=AC0001^model_id.name=AS-48"
	    "^can_switch=true^can_route=true^stack=true"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_network_adapter", "cmdb_ci.name=access-3.example.com"), 4);
	assert_int_equal(rows(*state, "cmdb_ci_network_adapter", "name=Gi1/0/1^alias=to the core^u_speed_mbps=1000"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_network_adapter", "name=fw0^mac_addressISEMPTY"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_ip_address", "nic.name=Vl10"), 2);
	assert_int_equal(rows(*state, "cmdb_ci_ip_address", ""), 2);
	json_object_put(page);
}

static void
members_of_a_stack_and_modules_are_its_parts(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "cmdb_ci_ip_switch", ""), 2);
	assert_int_equal(rows(*state, "cmdb_rel_ci", "parent.name=access-3.example.com^child.serial_number=AC0002"
	    "^type.name=Contains::Contained by"), 1);
	assert_int_equal(rows(*state, "u_network_module", "u_device.name=access-3.example.com^serial_number=SFP777^model_number=SFP-LX"), 1);
	assert_int_equal(rows(*state, "u_network_module", ""), 1);
	json_object_put(page);
}

/* The core switch was there already, with what it is: it stays that. A phone is no CI of ours. */
static void
neighbours_are_relations_to_what_is_there(void **state)
{
	struct json_object *page = first_page(), *answer;
	const struct ire_options opt = { .data_source = "midd" };

	answer = apply(*state, "{'items':[{'className':'cmdb_ci_ip_switch','values':{'name':'core-1.example.com','serial_number':'C9'}}]}");
	assert_string_equal(op(answer, 0), "INSERT");
	json_object_put(answer);
	now += 1000;
	assert_int_equal(ire_apply(*state, page, &opt, &answer), 0);
	json_object_put(answer);
	assert_int_equal(rows(*state, "cmdb_rel_ci", "parent.name=access-3.example.com^child.name=core-1.example.com"
	    "^type.name=Connects to::Connected by"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_ip_switch", "name=core-1.example.com^serial_number=C9"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_netgear", "name=core-1.example.com"), 1);
	assert_int_equal(rows(*state, "cmdb_ci", "nameSTARTSWITHSEP"), 0);
	assert_int_equal(rows(*state, "discovery_device_neighbors", ""), 3);
	assert_int_equal(rows(*state, "discovery_device_neighbors", "neighbor_id=core-1.example.com^neighbor_interface=Eth7"
	    "^origin_interface=Gi1/0/1"), 1);
	assert_int_equal(rows(*state, "discovery_device_neighbors", "neighbor_source=cdp^origin_interface=Gi1/0/2"), 1);
	json_object_put(page);
}

static void
ports_vlans_and_routes_hang_on_it(void **state)
{
	struct json_object *page = first_page();

	send_page(*state, page, "INSERT");
	assert_int_equal(rows(*state, "dscy_switchport", "cmdb_ci.name=access-3.example.com"), 2);
	assert_int_equal(rows(*state, "dscy_swtch_partition", "name=VLAN 10 office"), 1);
	assert_int_equal(rows(*state, "dscy_route_next_hop", "dest_ip_network=0.0.0.0/0.0.0.0^next_hop_ip_address=10.9.0.1"), 1);
	json_object_put(page);
}

static void
a_ups_has_its_lines(void **state)
{
	struct json_object *pages = map(facts_of("test/data/map/ups.json")), *page = json_object_array_get_idx(pages, 0);

	send_page(*state, page, "INSERT");
	send_page(*state, page, "NO_CHANGE");
	assert_int_equal(rows(*state, "cmdb_ci_ups", "name=ups-1^battery_status=normal^minutes_remaining=42^charge_remaining=100"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_ups_output", "ups.name=ups-1^percent_load=17"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_ups_input", "ups.name=ups-1^voltage=230"), 1);
	json_object_put(pages);
}

static void
each_class_of_device_has_its_class_of_ci(void **state)
{
	static const struct { const char *class, *os, *ci; } kinds[] = {
		{ "router", "", "cmdb_ci_ip_router" }, { "firewall", "", "cmdb_ci_ip_firewall" }, { "load balancer", "", "cmdb_ci_lb" },
		{ "access point", "", "cmdb_ci_wap_network" }, { "printer", "", "cmdb_ci_printer" }, { "pdu", "", "cmdb_ci_pdu" },
		{ "nas", "", "cmdb_ci_storage_server" }, { "fc switch", "", "cmdb_ci_storage_switch" },
		{ "server management", "", "cmdb_ci_outofband_device" }, { "phone", "", "cmdb_ci_ip_phone" },
		{ "hypervisor", "VMware ESXi", "cmdb_ci_esx_server" }, { "server", "Linux", "cmdb_ci_linux_server" },
		{ "server", "Microsoft Windows", "cmdb_ci_win_server" }, { "wireless controller", "", "cmdb_ci_netgear" },
		{ "something new", "", "cmdb_ci_netgear" },
	};
	struct json_object *pages, *ci;
	char facts[300], text[100];
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(facts, sizeof(facts), "{\"address\":\"10.8.0.%zu\",\"sysName\":\"kind-%zu\",\"serial\":\"K%zu\",\"class\":\"%s\",\"os\":\"%s\"}",
		    i, i, i, kinds[i].class, kinds[i].os);
		pages = map(jv_parse(facts));
		send_page(*state, json_object_array_get_idx(pages, 0), "INSERT");
		snprintf(text, sizeof(text), "sys_class_name=%s^name=kind-%zu", kinds[i].ci, i);
		if (rows(*state, "cmdb_ci", text) != 1)
			fail_msg("%s is no %s", kinds[i].class, kinds[i].ci);
		json_object_put(pages);
		/* What relates it to others calls it the same, and so changes nothing. */
		pages = map_by("share/map/network-links.jq", jv_parse(facts));
		assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, 0), "ci", &ci));
		assert_string_equal(json_str(ci, "className", ""), kinds[i].ci);
		json_object_put(pages);
	}
}

/* A switch of 2000 ports: the device is on each page, and a page has not more than 500 CIs. */
static void
many_interfaces_come_on_several_pages(void **state)
{
	struct json_object *pages;
	jv facts = facts_of(FACTS), list = jv_array();
	char text[100];
	size_t i, n = 0;

	(void)state;
	for (i = 1; i <= 2000; i++) {
		snprintf(text, sizeof(text), "{\"ifIndex\":%zu,\"ifName\":\"p%zu\"}", i, i);
		list = jv_array_append(list, jv_parse(text));
	}
	pages = map(jv_set(facts, jv_string("interfaces"), list));
	assert_true(json_object_array_length(pages) >= 5);
	for (i = 0; i < json_object_array_length(pages); i++) {
		assert_true(length(json_object_array_get_idx(pages, i), "items") <= 500);
		n += length(json_object_array_get_idx(pages, i), "items") - 1;
	}
	assert_true(n >= 2000);
	json_object_put(pages);
}

/* By SSH today, by SNMP tomorrow, where it has no number to be known by: one machine. */
static void
a_host_is_one_however_it_is_asked(void **state)
{
	static const char snmp[] = "{\"address\":\"10.0.0.1\",\"class\":\"server\",\"sysName\":\"web-1.example.com\",\"vendor\":\"Linux\",\"os\":\"Linux\"}";
	struct json_object *pages = map_by("share/map/linux.jq", jv_parse("{\"host\":{\"hostname\":\"web-1\"},\"os\":{\"kernel_name\":\"Linux\"}}")), *links, *ci, *values;

	send_page(*state, json_object_array_get_idx(pages, 0), "INSERT");
	json_object_put(pages);
	pages = map(jv_parse(snmp));
	json_object_put(apply(*state, json_object_to_json_string(json_object_array_get_idx(pages, 0))));
	assert_int_equal(rows(*state, "cmdb_ci_hardware", ""), 1);
	assert_int_equal(rows(*state, "cmdb_ci_linux_server", "name=web-1^fqdn=web-1.example.com"), 1);
	json_object_put(pages);
	links = map_by("share/map/network-links.jq", jv_parse(snmp));
	assert_true(json_object_object_get_ex(json_object_array_get_idx(links, 0), "ci", &ci));
	assert_true(json_object_object_get_ex(ci, "values", &values));
	assert_string_equal(json_str(values, "name", ""), "web-1");
	json_object_put(links);
}

/* It says the serial number of the server it is in: with that it would be the server, or a clone of it. */
static void
a_management_controller_is_a_part_of_its_server(void **state)
{
	static const char bmc[] = "{\"address\":\"10.0.0.2\",\"class\":\"server management\",\"sysName\":\"idrac-7\",\"serial\":\"TAG7\"}";
	static const char server[] = "{\"host\":{\"hostname\":\"web-7\"},\"os\":{\"kernel_name\":\"Linux\"},\"dmi\":{\"serial\":\"TAG7\"}}";
	struct json_object *pages, *hosts = json_object_new_array(), *o = json_object_new_object(), *links;
	static const char *const order[][2] = { { "share/map/network.jq", bmc }, { "share/map/linux.jq", server } };
	size_t i, k;

	for (i = 0; i < 4; i++) {	/* once and again, whichever is asked first */
		k = (i + i / 2) % 2;
		pages = map_by(order[k][0], jv_parse(order[k][1]));
		send_page(*state, json_object_array_get_idx(pages, 0), i < 2 ? "INSERT" : "NO_CHANGE");
		json_object_put(pages);
	}
	assert_int_equal(rows(*state, "cmdb_ci_outofband_device", "name=idrac-7^serial_numberISEMPTY^u_server_serial=TAG7"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_linux_server", "name=web-7^serial_number=TAG7"), 1);
	links = map_by("share/map/network-links.jq", jv_parse(bmc));
	json_object_array_add(hosts, json_object_get(json_object_array_get_idx(links, 0)));
	json_object_put(links);
	links = map_by("share/map/linux-links.jq", jv_parse(server));
	json_object_array_add(hosts, json_object_get(json_object_array_get_idx(links, 0)));
	json_object_put(links);
	json_object_object_add(o, "hosts", hosts);
	pages = map_by("share/map/relate-links.jq", jv_parse(json_object_to_json_string(o)));
	assert_int_equal(json_object_array_length(pages), 0);	/* no clones */
	json_object_put(pages);
	pages = map_by("share/map/relate.jq", jv_parse(json_object_to_json_string(o)));
	json_object_put(apply(*state, json_object_to_json_string(json_object_array_get_idx(pages, 0))));
	assert_int_equal(rows(*state, "cmdb_rel_ci", "parent.name=web-7^child.name=idrac-7^type.name=Contains::Contained by"), 1);
	json_object_put(pages);
	json_object_put(o);
}

/* Who asks it by SSH is told its maker and its release: these two may not contradict each other. */
static void
of_a_host_only_its_system_is_known(void **state)
{
	struct json_object *pages = map(jv_parse("{\"address\":\"10.0.0.1\",\"class\":\"server\",\"sysName\":\"web-1\",\"vendor\":\"Linux\",\"os\":\"Linux\","
	    "\"os_version\":\"6.1.0-18-amd64\",\"model\":\"Generic x86\"}"));

	send_page(*state, json_object_array_get_idx(pages, 0), "INSERT");
	assert_int_equal(rows(*state, "cmdb_ci_linux_server", "name=web-1^os=Linux^kernel_release=6.1.0-18-amd64^os_versionISEMPTY^manufacturerISEMPTY"
	    "^model_idISEMPTY^firmware_versionISEMPTY"), 1);
	json_object_put(pages);
	pages = map(jv_parse("{\"address\":\"10.0.0.2\",\"class\":\"hypervisor\",\"sysName\":\"esx-1\",\"vendor\":\"Dell\",\"os\":\"ESXi\",\"os_version\":\"7.0.3\"}"));
	send_page(*state, json_object_array_get_idx(pages, 0), "INSERT");
	assert_int_equal(rows(*state, "cmdb_ci_esx_server", "name=esx-1^os_version=7.0.3^manufacturer.name=Dell"), 1);
	json_object_put(pages);
}

/* A part is known by its name or number: of two that have one, an instance would refuse the second, each time; and one that has none it sets aside. */
static void
parts_that_are_called_the_same_are_told_apart(void **state)
{
	struct json_object *pages = map(jv_parse("{\"address\":\"10.0.0.1\",\"class\":\"switch\",\"sysName\":\"sw\","
	    "\"interfaces\":[{\"ifIndex\":3,\"ifName\":\"lan\"},{\"ifIndex\":1,\"ifName\":\"lan\"},{\"ifIndex\":2,\"ifName\":\"LAN\",\"mac\":\"02:00:00:00:00:01\"}],"
	    "\"storage\":[{\"index\":1,\"type\":\"1.3.6.1.2.1.25.2.1.4\",\"descr\":\"/\"},{\"index\":2,\"type\":\"1.3.6.1.2.1.25.2.1.4\",\"descr\":\"/\"}],"
	    "\"bridge_ports\":[{\"port\":1,\"ifIndex\":7},{\"port\":2,\"ifIndex\":7},{\"port\":3,\"ifIndex\":0},{\"port\":4,\"ifIndex\":0}],"
	    "\"supplies\":[{\"index\":1,\"descr\":\"Black\"},{\"index\":2,\"descr\":\"Black\"}],"
	    "\"entities\":[{\"index\":5,\"class\":\"module\",\"name\":\"SFP 1\",\"serial\":\"M-1\"},{\"index\":6,\"class\":\"port\",\"name\":\"Port 1\",\"serial\":\"M-1\"},"
	    "{\"index\":7,\"class\":\"port\",\"name\":\"port\",\"serial\":\"M-2\"},{\"index\":8,\"class\":\"port\",\"name\":\"port\",\"serial\":\"M-3\"}],"
	    "\"neighbours\":[{\"protocol\":\"lldp\",\"localPortId\":\"lan\",\"sysName\":\"core\"},{\"protocol\":\"cdp\",\"localPortId\":\"lan\",\"deviceId\":\"CORE\"},"
	    "{\"protocol\":\"lldp\",\"localPortId\":\"up\",\"sysName\":\"MikroTik\",\"chassisId\":\"02:00:00:00:00:09\"},"
	    "{\"protocol\":\"cdp\",\"localPortId\":\"lan\",\"deviceId\":\"\"}]}")),
	    *page = json_object_array_get_idx(pages, 0);

	send_page(*state, page, "INSERT");
	send_page(*state, page, "NO_CHANGE");
	assert_int_equal(rows(*state, "cmdb_ci_network_adapter", "nameINlan,LAN (2),lan (3)"), 2);
	assert_int_equal(rows(*state, "cmdb_ci_network_adapter", ""), 3);
	assert_int_equal(rows(*state, "cmdb_ci_file_system", ""), 2);
	assert_int_equal(rows(*state, "cmdb_ci_file_system", "mount_point=/ (2)"), 1);
	assert_int_equal(rows(*state, "discovery_printer_supplies", ""), 2);
	assert_int_equal(rows(*state, "dscy_switchport", ""), 4);
	assert_int_equal(rows(*state, "u_network_module", ""), 3);
	assert_int_equal(rows(*state, "discovery_device_neighbors", ""), 2);
	assert_int_equal(rows(*state, "cmdb_ci_netgear", "name=MikroTik"), 0);	/* which of them? */
	assert_int_equal(rows(*state, "cmdb_rel_ci", "type.name=Connects to::Connected by"), 1);
	json_object_put(pages);
}

/* A device is called one thing by both maps, and has one number in both: else its relations would make it another. */
static void
a_device_is_one_in_both_maps(void **state)
{
	static const char *const words[] = { "sw-1", "<private>", "N/A", " none ", "000000000000", "00:00:00:00:00:00", "" };
	struct json_object *pages, *links, *ci, *items, *own, *values;
	char facts[300];
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(words); i++)
		for (k = 0; k < COUNT(words); k++) {
			(void)snprintf(facts, sizeof(facts), "{\"address\":\"10.0.0.1\",\"class\":\"switch\",\"sysName\":\"%s\",\"serial\":\"%s\","
			    "\"interfaces\":[{\"ifIndex\":1,\"mac\":\"00:00:00:00:00:00\"},{\"ifIndex\":2,\"mac\":\"00:00:5e:00:01:07\"}]}", words[i], words[k]);
			pages = map(jv_parse(facts));
			links = map_by("share/map/network-links.jq", jv_parse(facts));
			assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, 0), "items", &items));
			assert_true(json_object_object_get_ex(json_object_array_get_idx(items, 0), "values", &own));
			assert_true(json_object_object_get_ex(json_object_array_get_idx(links, 0), "ci", &ci));
			assert_true(json_object_object_get_ex(ci, "values", &values));
			assert_string_equal(json_str(own, "name", ""), json_str(values, "name", ""));
			assert_string_equal(json_str(own, "serial_number", ""), json_str(values, "serial_number", ""));
			assert_string_equal(json_str(own, "serial_number", ""), k == 0 ? "sw-1" : "");
			assert_int_equal(length(json_object_array_get_idx(links, 0), "macs"), 0);
			json_object_put(pages);
			json_object_put(links);
		}
}

/* What is told of it as a whole, and what is stuck on its chassis, may be two numbers, or one of them none. */
static void
a_chassis_that_stands_alone_is_the_device(void **state)
{
	static const char *const numbers[] = { "S-1", "0000", "" };
	struct json_object *pages, *items;
	char facts[300];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(numbers); i++) {
		(void)snprintf(facts, sizeof(facts), "{\"address\":\"10.0.0.1\",\"class\":\"firewall\",\"sysName\":\"fw\",\"serial\":\"%s\","
		    "\"entities\":[{\"index\":1,\"class\":\"chassis\",\"name\":\"FW-5000\",\"serial\":\"C-1\"}]}", numbers[i]);
		pages = map(jv_parse(facts));
		assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, 0), "items", &items));
		assert_int_equal(json_object_array_length(items), 1);
		json_object_put(pages);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_one_in_both_maps),
		cmocka_unit_test_setup_teardown(a_host_is_one_however_it_is_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(a_management_controller_is_a_part_of_its_server, setup, teardown),
		cmocka_unit_test_setup_teardown(of_a_host_only_its_system_is_known, setup, teardown),
		cmocka_unit_test_setup_teardown(parts_that_are_called_the_same_are_told_apart, setup, teardown),
		cmocka_unit_test(a_chassis_that_stands_alone_is_the_device),
		cmocka_unit_test_setup_teardown(the_second_time_nothing_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(the_device_its_interfaces_and_their_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(members_of_a_stack_and_modules_are_its_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(neighbours_are_relations_to_what_is_there, setup, teardown),
		cmocka_unit_test_setup_teardown(ports_vlans_and_routes_hang_on_it, setup, teardown),
		cmocka_unit_test_setup_teardown(a_ups_has_its_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(each_class_of_device_has_its_class_of_ci, setup, teardown),
		cmocka_unit_test(many_interfaces_come_on_several_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
