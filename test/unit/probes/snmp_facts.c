/* SPDX-License-Identifier: Apache-2.0 */
/* The lists and values of SnmpFacts, out of recordings. Run from the source tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "snmp/facts.h"
#include "snmp/profile_rows.h"
#include "snmp/snmprec.h"

static struct json_object *
facts_of(const char *recording, size_t n)
{
	struct table *t = table_new(10000, 4 << 20);
	struct profiles *p = profiles_new();
	struct json_object *doc;
	struct text out;
	char why[200];

	assert_non_null(t);
	assert_non_null(p);
	if (snmprec_read(t, recording, n, why, sizeof(why)) < 0)
		fail_msg("%s", why);
	text_init(&out, 4u << 20);
	facts_write(&out, p, t, "10.0.0.9", "2c");
	assert_false(out.full);
	doc = json_tokener_parse(out.data);
	assert_non_null(doc);
	text_fini(&out);
	profiles_free(p);
	table_free(t);
	return doc;
}

static struct json_object *
facts_of_file(const char *path)
{
	static char text[1 << 20];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	return facts_of(text, n);
}

/* What stands below KEY is written so. */
static void
says(struct json_object *doc, const char *key, const char *want)
{
	struct json_object *o = NULL;
	const char *got;

	(void)json_object_object_get_ex(doc, key, &o);
	got = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (strcmp(got, want) != 0)
		fail_msg("%s: want %s, got %s", key, want, got);
}

static void
says_of(const char *recording, const char *key, const char *want)
{
	struct json_object *doc = facts_of(recording, strlen(recording));

	says(doc, key, want);
	json_object_put(doc);
}

static void
a_switch_tells_of_its_ports_vlans_and_neighbours(void **state)
{
	struct json_object *doc = facts_of_file("test/data/snmp/switch.snmprec");

	(void)state;
	says(doc, "if_count", "11");
	says(doc, "ethernet_port_count", "10");
	says(doc, "ip_addresses", "[{\"ip\":\"10.77.2.7\",\"ifIndex\":100,\"mask\":\"255.255.255.0\"}]");
	says(doc, "vlans", "[{\"vlan\":1,\"name\":\"default\",\"ports\":\"1-10\"},{\"vlan\":10,\"name\":\"office\",\"ports\":\"1-3\",\"untagged\":\"2-3\"}]");
	says(doc, "fdb", "[{\"mac\":\"02:b7:00:00:00:01\",\"port\":1,\"status\":\"learned\",\"fdb\":10,\"ifIndex\":1},"
	    "{\"mac\":\"02:c7:00:00:00:09\",\"port\":3,\"status\":\"learned\",\"fdb\":10,\"ifIndex\":3}]");
	says(doc, "arp", "[{\"ip\":\"10.77.2.1\",\"ifIndex\":100,\"mac\":\"02:b7:00:00:00:01\",\"type\":\"dynamic\"}]");
	says(doc, "neighbours", "[{\"protocol\":\"lldp\",\"localPortNum\":1,\"chassisIdSubtype\":\"macAddress\",\"portIdSubtype\":\"interfaceName\","
	    "\"portDesc\":\"Port 48\",\"sysName\":\"core-1.example.com\",\"sysDesc\":\"Example core router\",\"chassisId\":\"02:b7:00:00:00:00\","
	    "\"portId\":\"ge48\",\"address\":\"10.77.2.1\",\"localPortId\":\"ge1\",\"localPortDesc\":\"Port 1\"}]");
	says(doc, "lldp_neighbours", "1");
	says(doc, "cdp_neighbours", "0");
	says(doc, "sensors", "[{\"index\":5,\"type\":\"celsius\",\"status\":\"ok\",\"value\":41.5,\"name\":\"temperature 1\"}]");
	says(doc, "bridge", "{\"mib\":\"BRIDGE-MIB\",\"address\":\"02:a7:00:00:00:00\",\"ports\":10,\"type\":\"transparent\",\"stp\":\"ieee8021d\","
	    "\"priority\":32768,\"rootPort\":1}");
	json_object_put(doc);
}

static void
a_printer_and_a_ups_tell_what_is_left(void **state)
{
	struct json_object *doc = facts_of_file("test/data/snmp/printer.snmprec");

	(void)state;
	says(doc, "printer", "{\"mib\":\"Printer-MIB\",\"name\":\"copy room\",\"serial\":\"EXP3001234\",\"pages\":48211,\"status\":\"idle\"}");
	says(doc, "trays", "[{\"index\":1,\"name\":\"Tray 1\",\"media\":\"A4\",\"max\":500,\"level\":310}]");
	says(doc, "supplies", "[{\"index\":1,\"descr\":\"black toner\",\"type\":\"toner\",\"unit\":7,\"max\":10000,\"level\":6200,\"colour\":\"black\"},"
	    "{\"index\":2,\"descr\":\"cyan toner\",\"type\":\"toner\",\"unit\":7,\"max\":10000,\"level\":2100,\"colour\":\"cyan\"}]");
	json_object_put(doc);
	doc = facts_of_file("test/data/snmp/ups.snmprec");
	says(doc, "ups", "{\"mib\":\"UPS-MIB\",\"maker\":\"Example Power\",\"model\":\"UP-3000\",\"firmware\":\"1.22\",\"agent\":\"3.0\","
	    "\"battery\":\"normal\",\"minutes_left\":42,\"charge_percent\":100,\"source\":\"normal\"}");
	says(doc, "ups_outputs", "[{\"index\":1,\"voltage\":230,\"load_percent\":17}]");
	json_object_put(doc);
}

static void
addresses_of_both_tables_are_told_once(void **state)
{
	(void)state;
	says_of("1.3.6.1.2.1.4.20.1.2.10.0.0.1|2|1\n1.3.6.1.2.1.4.20.1.3.10.0.0.1|64|255.0.0.0\n1.3.6.1.2.1.4.34.1.3.1.4.10.0.0.1|2|1\n"
	    "1.3.6.1.2.1.4.34.1.3.1.4.10.0.1.1|2|2\n1.3.6.1.2.1.4.34.1.4.1.4.10.0.1.1|2|1\n"
	    "1.3.6.1.2.1.4.34.1.5.1.4.10.0.1.1|6|1.3.6.1.2.1.4.32.1.5.2.1.4.10.0.0.0.20\n"
	    "1.3.6.1.2.1.4.34.1.3.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1|2|3\n1.3.6.1.2.1.4.34.1.3.3.9.1.2|2|4\n",
	    "ip_addresses", "[{\"ip\":\"10.0.0.1\",\"ifIndex\":1,\"mask\":\"255.0.0.0\"},"
	    "{\"ip\":\"10.0.1.1\",\"ifIndex\":2,\"type\":\"unicast\",\"prefixLength\":20,\"mask\":\"255.255.240.0\"},{\"ip\":\"2001:db8::1\",\"ifIndex\":3}]");
	says_of("1.3.6.1.2.1.4.35.1.4.2.1.4.10.0.0.3|4x|020304050607\n1.3.6.1.2.1.4.35.1.6.2.1.4.10.0.0.3|2|3\n"
	    "1.3.6.1.2.1.4.22.1.2.2.10.0.0.3|4x|020304050607\n1.3.6.1.2.1.4.22.1.2.2.10.0.0.4|4x|020304050608\n",
	    "arp", "[{\"ip\":\"10.0.0.3\",\"ifIndex\":2,\"mac\":\"02:03:04:05:06:07\",\"type\":\"dynamic\"},"
	    "{\"ip\":\"10.0.0.4\",\"ifIndex\":2,\"mac\":\"02:03:04:05:06:08\"}]");
}

#define V6(n) "32.1.13.184.0.0.0.0.0.0.0.0.0.0.0." #n
#define CISCO_INET "1.3.6.1.4.1.9.10.86.1.1.2.1."

/* Those of IPV6-MIB and of Cisco's own table are told where IP-MIB does not; ip_count is that of IP-MIB. */
static void
addresses_of_older_tables_for_ipv6_are_told_and_not_counted(void **state)
{
	const char *recording = "1.3.6.1.2.1.4.20.1.2.10.0.0.1|2|1\n1.3.6.1.2.1.4.34.1.3.2.16." V6(1) "|2|3\n"
	    "1.3.6.1.2.1.55.1.8.1.2.3." V6(1) "|2|64\n1.3.6.1.2.1.55.1.8.1.2.4." V6(2) "|2|48\n1.3.6.1.2.1.55.1.8.1.2.4.1|2|9\n"
	    CISCO_INET "3.2.16." V6(1) "|2|3\n" CISCO_INET "3.2.16." V6(5) "|2|7\n"
	    CISCO_INET "5.2.16." V6(5) "|6|1.3.6.1.4.1.9.10.86.1.1.1.1.5.7.2.16." V6(0) ".64\n" CISCO_INET "3.1.4.10.0.0.1|2|1\n";
	struct json_object *doc = facts_of(recording, strlen(recording));

	(void)state;
	says(doc, "ip_addresses", "[{\"ip\":\"10.0.0.1\",\"ifIndex\":1},{\"ip\":\"2001:db8::1\",\"ifIndex\":3},"
	    "{\"ip\":\"2001:db8::2\",\"ifIndex\":4,\"prefixLength\":48},{\"ip\":\"2001:db8::5\",\"ifIndex\":7,\"prefixLength\":64}]");
	says(doc, "ip_count", "2");
	json_object_put(doc);
}

/* A port is an interface by the bridge's table; who has none numbers them alike. */
static void
learned_addresses_have_an_interface_without_a_table_of_ports(void **state)
{
	(void)state;
	says_of("1.3.6.1.2.1.17.4.3.1.2.2.3.4.5.6.7|2|5\n1.3.6.1.2.1.2.2.1.3.5|2|6\n", "fdb",
	    "[{\"mac\":\"02:03:04:05:06:07\",\"port\":5,\"ifIndex\":5}]");
	says_of("1.3.6.1.2.1.17.4.3.1.2.2.3.4.5.6.7|2|5\n1.3.6.1.2.1.2.2.1.3.5|2|6\n1.3.6.1.2.1.17.1.4.1.2.1|2|101\n", "fdb",
	    "[{\"mac\":\"02:03:04:05:06:07\",\"port\":5}]");
}

#define LLDP2(column, value) "1.3.111.2.802.1.1.13.1.4.1.1." column ".4711.18.1.3|" value "\n"

static void
neighbours_of_the_second_version_count_where_the_first_has_none(void **state)
{
	static const char second[] = LLDP2("5", "2|4") LLDP2("6", "4x|02b700000000") LLDP2("7", "2|5") LLDP2("8", "4|ge48") LLDP2("10", "4|core-1");

	(void)state;
	says_of(second, "neighbours", "[{\"protocol\":\"lldp\",\"localIfIndex\":18,\"chassisIdSubtype\":\"macAddress\",\"portIdSubtype\":\"interfaceName\","
	    "\"sysName\":\"core-1\",\"chassisId\":\"02:b7:00:00:00:00\",\"portId\":\"ge48\"}]");
	says_of(second, "lldp_neighbours", "1");
	says_of(LLDP2("8", "4|ge48") "1.0.8802.1.1.2.1.4.1.1.9.0.7.1|4|core-1\n", "neighbours",
	    "[{\"protocol\":\"lldp\",\"localPortNum\":7,\"sysName\":\"core-1\"}]");
}

#define OLD "1.3.6.1.2.1.4.21.1.2.10.1.0.0|2|1\n1.3.6.1.2.1.4.21.1.7.10.1.0.0|64|10.0.0.1\n1.3.6.1.2.1.4.21.1.11.10.1.0.0|64|255.255.0.0\n"
#define CIDR "1.3.6.1.2.1.4.24.4.1.5.10.2.0.0.255.255.0.0.0.10.0.0.2|2|1\n1.3.6.1.2.1.4.24.4.1.7.10.2.0.0.255.255.0.0.0.10.0.0.2|2|14\n"
#define INET "1.3.6.1.2.1.4.24.7.1.7.1.4.10.3.0.0.16.2.0.0.1.4.10.0.0.3|2|1\n1.3.6.1.2.1.4.24.7.1.9.1.4.10.3.0.0.16.2.0.0.1.4.10.0.0.3|2|13\n"

static void
routes_come_from_the_newest_table_there_is(void **state)
{
	(void)state;
	says_of(OLD, "routes", "[{\"destination\":\"10.1.0.0\",\"mask\":\"255.255.0.0\",\"nextHop\":\"10.0.0.1\",\"ifIndex\":1}]");
	says_of(CIDR OLD, "routes", "[{\"destination\":\"10.2.0.0\",\"mask\":\"255.255.0.0\",\"nextHop\":\"10.0.0.2\",\"ifIndex\":1,\"protocol\":\"bgp\"}]");
	says_of(INET CIDR OLD, "routes", "[{\"destination\":\"10.3.0.0\",\"prefixLength\":16,\"nextHop\":\"10.0.0.3\",\"ifIndex\":1,\"protocol\":\"ospf\"}]");
	/* lengths that point beyond the index */
	says_of("1.3.6.1.2.1.4.24.7.1.7.1.4.10.3.0.0.16.99.0.0.1.4.10.0.0.3|2|1\n1.3.6.1.2.1.4.24.7.1.7.1.250.10.3.0.0.16.2.0.0.1.4.10.0.0|2|1\n", "routes", "[]");
}

static void
odd_values_stay_harmless(void **state)
{
	(void)state;
	says_of("1.3.6.1.2.1.2.2.1.2.1|4x|6c6f00000000ff\n1.3.6.1.2.1.2.2.1.6.1|4x|0011223344556677\n1.3.6.1.2.1.2.2.1.3.1|4|six\n1.3.6.1.2.1.2.2.1.7.1|2|99\n",
	    "interfaces", "[{\"ifIndex\":1,\"ifDescr\":\"lo\",\"mac\":\"0011223344556677\",\"admin\":\"99\"}]");
	says_of("1.3.6.1.2.1.2.2.1.6.1|4|0:1b:2c:3d:4e:5F\n1.3.6.1.2.1.2.2.1.6.2|4|00-1b-2c-3d-4e-60\n1.3.6.1.2.1.2.2.1.6.3|4|none of them\n",
	    "interfaces", "[{\"ifIndex\":1,\"mac\":\"00:1b:2c:3d:4e:5f\"},{\"ifIndex\":2,\"mac\":\"00:1b:2c:3d:4e:60\"},"
	    "{\"ifIndex\":3,\"mac\":\"6e6f6e65206f66207468656d\"}]");
	says_of("1.3.6.1.2.1.25.6.3.1.2.1|4x|4f666669636520eff0eef4e5\n1.3.6.1.2.1.25.6.3.1.2.2|4x|0102ff\n", "software",
	    "[\"Office \303\257\303\260\303\256\303\264\303\245\",\"01:02:ff\"]");
	/* names in the code page of another country are letters; bytes of a memory that was never written are not */
	says_of("1.3.6.1.2.1.25.6.3.1.2.1|4x|d6d0b9fab5e7d0c5b1b1\n1.3.6.1.2.1.25.6.3.1.2.2|4x|ffffffffffffffffffff\n", "software",
	    "[\"\303\226\303\220\302\271\303\272\302\265\303\247\303\220\303\205\302\261\302\261\",\"ff:ff:ff:ff:ff:ff:ff:ff:ff:ff\"]");
	says_of("1.3.6.1.2.1.99.1.1.1.4.1|2|7\n1.3.6.1.2.1.99.1.1.1.2.1|2|4000\n1.3.6.1.2.1.99.1.1.1.3.1|2|-3000\n", "sensors", "[{\"index\":1,\"value\":7}]");
	says_of("1.3.6.1.2.1.25.2.3.1.3.1|4|/\n1.3.6.1.2.1.25.2.3.1.4.1|2|4096\n1.3.6.1.2.1.25.2.3.1.5.1|2|-1\n", "storage",
	    "[{\"index\":1,\"descr\":\"/\",\"unit\":4096,\"size\":-1,\"size_bytes\":17592186040320}]");
}

/* Sensors of Cisco stand in a table of its own, with the same columns. */
static void
cisco_stacks_and_sensors(void **state)
{
	(void)state;
	says_of("1.3.6.1.4.1.9.9.500.1.2.1.1.1.1001|66|1\n1.3.6.1.4.1.9.9.500.1.2.1.1.3.1001|2|1\n1.3.6.1.4.1.9.9.500.1.2.1.1.6.1001|2|4\n",
	    "stack_members", "[{\"index\":1001,\"number\":1,\"role\":\"master\",\"state\":\"ready\"}]");
	says_of("1.3.6.1.4.1.9.9.91.1.1.1.1.1.7|2|5\n1.3.6.1.4.1.9.9.91.1.1.1.1.2.7|2|8\n1.3.6.1.4.1.9.9.91.1.1.1.1.3.7|2|0\n1.3.6.1.4.1.9.9.91.1.1.1.1.4.7|2|1500\n",
	    "sensors", "[{\"index\":7,\"type\":\"amperes\",\"value\":1.5}]");
}

#define PORT(i, descr, type, oper) \
	"1.3.6.1.2.1.2.2.1.2." i "|4|" descr "\n1.3.6.1.2.1.2.2.1.3." i "|2|" type "\n1.3.6.1.2.1.2.2.1.8." i "|2|" oper "\n"

/* An empty slot, a layer of a line, a peer of calls, a helper, a spare tunnel: none of them is looked after. */
static void
ports_are_what_somebody_looks_after(void **state)
{
	static const char recording[] = PORT("1", "GigabitEthernet0/0", "6", "1") PORT("2", "GigabitEthernet0/1", "6", "2")
	    PORT("3", "Ethernet3", "6", "6") PORT("4", "E1 0/1/0", "18", "1") PORT("5", "Voice Over IP Peer: 7", "104", "1")
	    PORT("6", "unrouted VLAN 1", "53", "4") PORT("7", "gre0", "131", "2") PORT("8", "gre0", "131", "2") PORT("9", "Null0", "1", "1")
	    "1.3.6.1.2.1.31.1.1.1.18.8|4|gre0@NONE\n";

	(void)state;
	says_of(recording, "if_count", "9");
	says_of(recording, "port_count", "4");
	says_of(recording, "ethernet_port_count", "3");
	/* an agent that gives its interfaces no ifDescr */
	says_of("1.3.6.1.2.1.2.2.1.3.1|2|6\n1.3.6.1.2.1.2.2.1.3.2|2|6\n1.3.6.1.2.1.2.2.1.8.1|2|1\n1.3.6.1.2.1.2.2.1.8.2|2|6\n", "port_count", "1");
}

static void
behind_a_closed_gate_nothing_is_asked(void **state)
{
	struct profiles *p = profiles_new();
	bool open[GATES] = { false };
	struct oid object = { .n = 0 };
	struct oid_ref *roots;
	unsigned n, few, i, k;

	(void)state;
	assert_non_null(p);
	assert_int_equal(profiles_roots(p, &object, "", open, &roots, &few), 0);
	free(roots);
	for (i = 0; i < GATES; i++)
		open[i] = true;
	assert_int_equal(profiles_roots(p, &object, "", open, &roots, &n), 0);
	assert_true(few < 30);
	assert_true(n > 120);
	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			assert_true(oid_cmp(roots[i].ids, roots[i].n, roots[k].ids, roots[k].n) != 0);
	free(roots);
	profiles_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_switch_tells_of_its_ports_vlans_and_neighbours),
		cmocka_unit_test(a_printer_and_a_ups_tell_what_is_left),
		cmocka_unit_test(addresses_of_both_tables_are_told_once),
		cmocka_unit_test(addresses_of_older_tables_for_ipv6_are_told_and_not_counted),
		cmocka_unit_test(learned_addresses_have_an_interface_without_a_table_of_ports),
		cmocka_unit_test(neighbours_of_the_second_version_count_where_the_first_has_none),
		cmocka_unit_test(routes_come_from_the_newest_table_there_is),
		cmocka_unit_test(odd_values_stay_harmless),
		cmocka_unit_test(cisco_stacks_and_sensors),
		cmocka_unit_test(ports_are_what_somebody_looks_after),
		cmocka_unit_test(behind_a_closed_gate_nothing_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
