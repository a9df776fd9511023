/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of interfaces, addresses, routes and name servers. */
#include "facts_tree.h"

#define NET "sys/class/net"

/* bond0 of eth0 and eth1, a VLAN on it, and a bridge over the VLAN. */
static void
make_links(void)
{
	tree_link(NET "/eth0", "../../devices/pci0000:00/0000:00:03.0/net/eth0");
#define ETH0 "sys/devices/pci0000:00/0000:00:03.0/net/eth0"
	tree_file(ETH0 "/address", "52:54:00:AA:00:01\n");
	tree_file(ETH0 "/mtu", "1500\n");
	tree_file(ETH0 "/type", "1\n");
	tree_file(ETH0 "/speed", "10000\n");
	tree_file(ETH0 "/flags", "0x1003\n");
	tree_link(ETH0 "/device", "../../../0000:00:03.0");
	tree_link("sys/devices/pci0000:00/0000:00:03.0/driver",
	    "../../../bus/pci/drivers/ixgbe");
	tree_file(NET "/eth1/address", "52:54:00:aa:00:01\n");
	tree_file(NET "/eth1/speed", "-1\n");
	tree_file(NET "/eth1/type", "1\n");
	tree_file(NET "/bond0/bonding/mode", "active-backup 1\n");
	tree_file(NET "/bond0/bonding/active_slave", "eth0\n");
	tree_link(NET "/bond0/lower_eth0", "../eth0");
	tree_link(NET "/bond0/lower_eth1", "../eth1");
	tree_file("proc/net/bonding/bond0",
	    "Bonding Mode: fault-tolerance (active-backup)\n"
	    "Slave Interface: eth1\nPermanent HW addr: 52:54:00:aa:00:02\n");
	tree_file(NET "/bond0.7/uevent", "DEVTYPE=vlan\n");
	tree_link(NET "/bond0.7/lower_bond0", "../bond0");
	tree_file("proc/net/vlan/bond0.7",
	    "bond0.7  VID: 7  REORDER_HDR: 1\nDevice: bond0\n");
	tree_file(NET "/br0/bridge/bridge_id", "8000.525400aa0001\n");
	tree_dir(NET "/br0/brif/bond0.7");
	tree_file(NET "/bonding_masters", "bond0\n");
}

static void
links_tell_what_hangs_on_what(void **state)
{
	struct json_object *doc;

	(void)state;
	make_links();
	doc = tree_facts("interfaces");
	tree_text(doc, "/interfaces/items/0/name", "bond0");
	tree_text(doc, "/interfaces/items/0/kind", "bond");
	tree_text(doc, "/interfaces/items/0/bond_mode", "active-backup");
	tree_text(doc, "/interfaces/items/0/bond_active", "eth0");
	tree_text(doc, "/interfaces/items/0/members/1", "eth1");
	tree_text(doc, "/interfaces/items/1/kind", "vlan");
	tree_number(doc, "/interfaces/items/1/vlan_id", 7);
	tree_text(doc, "/interfaces/items/1/parent", "bond0");
	tree_text(doc, "/interfaces/items/1/master", "br0");
	tree_text(doc, "/interfaces/items/2/kind", "bridge");
	tree_text(doc, "/interfaces/items/2/members/0", "bond0.7");
	tree_text(doc, "/interfaces/items/3/master", "bond0");
	tree_text(doc, "/interfaces/items/4/permanent_mac",
	    "52:54:00:aa:00:02");
	tree_none(doc, "/interfaces/items/5");
	json_object_put(doc);
}

static void
an_interface_tells_its_hardware(void **state)
{
	struct json_object *doc;

	(void)state;
	make_links();
	doc = tree_facts("interfaces");
	tree_text(doc, "/interfaces/items/3/mac", "52:54:00:aa:00:01");
	tree_text(doc, "/interfaces/items/3/driver", "ixgbe");
	tree_text(doc, "/interfaces/items/3/bus_address", "0000:00:03.0");
	tree_number(doc, "/interfaces/items/3/speed_mbps", 10000);
	tree_text(doc, "/interfaces/items/3/admin_up", "true");
	tree_text(doc, "/interfaces/items/3/virtual", "false");
	tree_none(doc, "/interfaces/items/4/speed_mbps");
	json_object_put(doc);
}

static void
captured_addresses_take_their_place_from_the_routes(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/net/fib_trie", "Local:\n  |-- 10.1.2.3\n"
	    "     /32 host LOCAL\n  |-- 10.1.2.0\n     /24 link UNICAST\n"
	    "  |-- 127.0.0.1\n     /32 host LOCAL\n"
	    "  |-- 203.0.113.9\n     /32 host LOCAL\n"
	    "  |-- 10.1.2.3\n     /32 host LOCAL\n");
	tree_file("proc/net/route", "Iface Destination Gateway Flags RefCnt "
	    "Use Metric Mask\n"
	    "eth0 00000000 0102010A 0003 0 0 0 00000000\n"
	    "eth9 0000010A 00000000 0001 0 0 0 0000FFFF\n"
	    "eth0 0002010A 00000000 0001 0 0 0 00FFFFFF\n");
	tree_file("proc/net/if_inet6",
	    "20010db8000000000000000000000001 02 40 00 80 eth0\n");
	doc = tree_facts("addresses");
	tree_text(doc, "/addresses/items/0/address", "10.1.2.3");
	tree_text(doc, "/addresses/items/0/interface", "eth0");
	tree_number(doc, "/addresses/items/0/prefix_bits", 24);
	tree_text(doc, "/addresses/items/0/netmask", "255.255.255.0");
	tree_text(doc, "/addresses/items/1/interface", "lo");
	tree_none(doc, "/addresses/items/2/interface");
	tree_text(doc, "/addresses/items/3/address", "2001:db8::1");
	tree_none(doc, "/addresses/items/4");
	json_object_put(doc);
}

static void
a_machine_without_ipv6_has_its_routes(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/net/route", "Iface Destination Gateway Flags RefCnt "
	    "Use Metric Mask\n"
	    "eth0 00000000 0102010A 0003 0 0 100 00000000\n"
	    "eth0 0000FEA9 00000000 0000 0 0 0 0000FFFF\n");
	doc = tree_facts("routes");
	tree_text(doc, "/routes/items/0/destination", "0.0.0.0/0");
	tree_text(doc, "/routes/items/0/gateway", "10.1.2.1");
	tree_number(doc, "/routes/items/0/metric", 100);
	tree_none(doc, "/routes/items/1");
	tree_none(doc, "/routes/error");
	json_object_put(doc);
}

static void
behind_a_local_stub_the_real_servers_are_told(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_link("etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf");
	tree_file("run/systemd/resolve/stub-resolv.conf",
	    "nameserver 127.0.0.53\noptions edns0\n");
	tree_file("run/systemd/resolve/resolv.conf",
	    "nameserver 192.0.2.53\n");
	doc = tree_facts("dns");
	tree_text(doc, "/dns/servers/0", "127.0.0.53");
	tree_text(doc, "/dns/upstream_servers/0", "192.0.2.53");
	json_object_put(doc);
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, tree_new, tree_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(links_tell_what_hangs_on_what),
		ON_TREE(an_interface_tells_its_hardware),
		ON_TREE(captured_addresses_take_their_place_from_the_routes),
		ON_TREE(a_machine_without_ipv6_has_its_routes),
		ON_TREE(behind_a_local_stub_the_real_servers_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
