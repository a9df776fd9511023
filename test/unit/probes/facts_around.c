/* SPDX-License-Identifier: Apache-2.0 */
/* PCI and USB devices with their names, the hypervisor, and guests. */
#include "facts_json.h"

#include <sys/stat.h>
#include <unistd.h>

#include "facts/parsers.h"

#define SERVER "test/data/server"

static void
names_a_pci_device_and_its_board(void **state)
{
	struct json_object *o = collected(SERVER, "pci");
	struct json_object *net = item_with(o, "address", "0000:00:1f.6");

	(void)state;
	assert_string_equal(text_at(net, "/vendor_id"), "8086");
	assert_string_equal(text_at(net, "/vendor"), "Intel Corporation");
	assert_string_equal(text_at(net, "/device"),
	    "Ethernet Connection (7) I219-LM");
	assert_string_equal(text_at(net, "/subsystem_vendor"), "Lenovo");
	assert_string_equal(text_at(net, "/subsystem"), "ThinkPad X1");
	assert_string_equal(text_at(net, "/class"), "Ethernet controller");
	assert_string_equal(text_at(net, "/driver"), "e1000e");
	assert_false(is_there(net, "/numa_node"));
	json_object_put(o);
}

static void
leaves_an_unknown_pci_device_without_a_name(void **state)
{
	struct json_object *o = collected(SERVER, "pci");
	struct json_object *odd = item_with(o, "address", "0001:00:00.0");

	(void)state;
	assert_string_equal(text_at(odd, "/device_id"), "5678");
	assert_string_equal(text_at(odd, "/class"), "Unassigned class");
	assert_false(is_there(odd, "/vendor"));
	assert_false(is_there(odd, "/subsystem_vendor_id"));
	json_object_put(o);
}

static void
reads_the_older_list_of_pci_devices(void **state)
{
	struct json_object *o = parsed_text(parse_proc_pci,
	    "00c8\t808610ea\t28\t1\t2\t3\t4\t5\t6\t7\t8\t9\ta\tb\tc\td\te\te1000e\n"
	    "0010\t80860046\t1d\t1\t2\t3\t4\t5\t6\t7\t8\t9\ta\tb\tc\td\te\n"
	    "nonsense\n");

	(void)state;
	assert_int_equal(count_at(o, "/items"), 2);
	assert_string_equal(text_at(o, "/items/0/address"), "0000:00:19.0");
	assert_string_equal(text_at(o, "/items/0/device_id"), "10ea");
	assert_string_equal(text_at(o, "/items/0/driver"), "e1000e");
	assert_false(is_there(o, "/items/1/driver"));
	json_object_put(o);
}

static void
lists_usb_devices_but_not_their_interfaces(void **state)
{
	struct json_object *o = collected(SERVER, "usb");

	(void)state;
	assert_int_equal(count_at(o, "/items"), 1);
	assert_string_equal(text_at(o, "/items/0/product"), "USB Keyboard");
	assert_string_equal(text_at(o, "/items/0/device"), "Keyboard K120");
	assert_string_equal(text_at(o, "/items/0/vendor"), "Logitech, Inc.");
	assert_string_equal(text_at(o, "/items/0/speed_mbps"), "1.500");
	json_object_put(o);
}

static void
reads_a_container_of_docker_without_its_secrets(void **state)
{
	struct json_object *o = collected(SERVER, "guests");
	struct json_object *shop = item_with(o, "name", "shop");

	(void)state;
	assert_string_equal(text_at(shop, "/kind"), "docker");
	assert_string_equal(text_at(shop, "/image"), "shop:1.2");
	assert_string_equal(text_at(shop, "/state"), "running");
	assert_int_equal(number_at(shop, "/pid"), 4711);
	assert_string_equal(text_at(shop, "/networks/0/address"),
	    "172.17.0.2");
	assert_null(strstr(json_object_to_json_string(o), "secret"));
	json_object_put(o);
}

static void
reads_a_container_of_podman(void **state)
{
	struct json_object *o = collected(SERVER, "guests");
	struct json_object *queue = item_with(o, "kind", "podman");

	(void)state;
	assert_string_equal(text_at(queue, "/name"), "queue");
	assert_string_equal(text_at(queue, "/image"),
	    "docker.io/library/queue:3");
	assert_string_equal(text_at(queue, "/state"), "running");
	json_object_put(o);
}

static void
reads_a_domain_of_libvirt(void **state)
{
	struct json_object *o = collected(SERVER, "guests");
	struct json_object *vm = item_with(o, "kind", "libvirt");

	(void)state;
	assert_string_equal(text_at(vm, "/name"), "vm1");
	assert_string_equal(text_at(vm, "/uuid"),
	    "11111111-2222-3333-4444-555555555555");
	assert_int_equal(number_at(vm, "/memory_bytes"), INT64_C(2) << 30);
	assert_int_equal(number_at(vm, "/cpus"), 4);
	assert_string_equal(text_at(vm, "/networks/0/mac"),
	    "52:54:00:00:00:01");
	assert_string_equal(text_at(vm, "/state"), "running");
	json_object_put(o);
}

static void
a_cluster_is_its_name_and_its_nodes(void **state)
{
	struct json_object *o = parsed_text(parse_corosync_conf,
	    "# by hand\ntotem {\n\tversion: 2\n\tcluster_name: east\n\tinterface {\n\t\tlinknumber: 0\n\t}\n}\n"
	    "nodelist {\n  node {\n    ring0_addr: 10.0.0.1\n    ring1_addr: 10.1.0.1\n    name: h1\n    nodeid: 1\n  }\n"
	    "  node {\n    ring0_addr: h2.example\n    nodeid: 2\n    quorum_votes: 1\n  }\n}\nquorum {\n  cluster_name: no\n}\n");

	(void)state;
	assert_string_equal(text_at(o, "/name"), "east");
	assert_int_equal(count_at(o, "/items"), 2);
	assert_string_equal(text_at(o, "/items/0/name"), "h1");
	assert_int_equal(number_at(o, "/items/0/id"), 1);
	assert_string_equal(text_at(o, "/items/0/addresses/1"), "10.1.0.1");
	assert_string_equal(text_at(o, "/items/1/addresses/0"), "h2.example");
	assert_false(is_there(o, "/items/1/name"));
	json_object_put(o);
}

static void
most_machines_are_in_no_cluster(void **state)
{
	struct json_object *o = collected(SERVER, "cluster");

	(void)state;
	assert_int_equal(json_object_object_length(o), 0);
	json_object_put(o);
}

/* A document type could blow up a few bytes into gigabytes. */
static void
drops_files_of_guests_that_make_no_sense(void **state)
{
	static const char bomb[] =
	    "<!DOCTYPE d [<!ENTITY a \"aa\">]><domain><name>&a;</name></domain>";
	struct json_object *o = collected(SERVER, "guests");

	(void)state;
	assert_int_equal(count_at(o, "/items"), 4);	/* two more are broken */
	json_object_put(o);
	json_object_put(parsed(parse_libvirt_domain, bomb, sizeof(bomb) - 1,
	    -1));
	json_object_put(parsed(parse_docker_config, "{\"ID\":7", 7, -1));
	json_object_put(parsed(parse_podman_containers, "{}", 2, -1));
}

static void
reads_a_machine_of_proxmox_up_to_its_snapshots(void **state)
{
	struct json_object *o = parsed_text(parse_proxmox_config,
	    "#note\nname: web\ncores: 2\nmemory: 4096\n"
	    "net0: virtio=BC:24:11:00:00:01,bridge=vmbr0\n"
	    "smbios1: uuid=1234,serial=x\n[before]\nname: old\n");

	(void)state;
	assert_string_equal(text_at(o, "/name"), "web");
	assert_string_equal(text_at(o, "/uuid"), "1234");
	assert_int_equal(number_at(o, "/memory_bytes"), INT64_C(4) << 30);
	assert_string_equal(text_at(o, "/networks/0/mac"),
	    "BC:24:11:00:00:01");
	assert_string_equal(text_at(o, "/networks/0/bridge"), "vmbr0");
	json_object_put(o);
}

/* A tree with one file, PATH below the root, that holds TEXT. */
static struct json_object *
virtual_with(const char *path, const char *text)
{
	char root[] = "/tmp/facts.XXXXXX", name[512], *slash;
	struct json_object *o;
	FILE *f;

	assert_non_null(mkdtemp(root));
	(void)snprintf(name, sizeof(name), "%s/%s", root, path);
	for (slash = name + sizeof(root); (slash = strchr(slash, '/')) != NULL;
	    slash++) {
		*slash = '\0';
		assert_int_equal(mkdir(name, 0755), 0);
		*slash = '/';
	}
	f = fopen(name, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	o = collected(root, "virtual");
	assert_int_equal(unlink(name), 0);
	while ((slash = strrchr(name, '/')) != NULL && slash > name + 4) {
		*slash = '\0';
		assert_int_equal(rmdir(name), 0);
	}
	return o;
}

static void
names_the_hypervisor_by_what_it_leaves_behind(void **state)
{
	static const struct {
		const char *path, *text, *hypervisor;
	} rows[] = {
		{ "sys/class/dmi/id/sys_vendor", "QEMU\n", "qemu" },
		{ "sys/class/dmi/id/product_name", "VMware7,1\n", "vmware" },
		{ "sys/class/dmi/id/product_name",
		    "CloudStack KVM Hypervisor\n", "kvm" },
		{ "sys/class/dmi/id/sys_vendor", "Amazon EC2\n", "amazon" },
		{ "sys/hypervisor/type", "xen\n", "xen" },
		{ "proc/sysinfo",
		    "VM00 Control Program: z/VM    6.4.0\n", "zvm" },
		{ "proc/sysinfo", "LPAR Number:          5\n", "prsm" },
		{ "proc/cpuinfo", "vendor_id\t: User Mode Linux\n", "uml" },
	};
	struct json_object *o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		o = virtual_with(rows[i].path, rows[i].text);
		assert_string_equal(text_at(o, "/hypervisor"),
		    rows[i].hypervisor);
		assert_string_equal(text_at(o, "/virtual"), "true");
		json_object_put(o);
	}
}

static void
knows_metal_from_a_machine_that_hides_its_hypervisor(void **state)
{
	struct json_object *o = virtual_with("sys/class/dmi/id/product_name",
	    "m5.metal\n");

	(void)state;
	assert_string_equal(text_at(o, "/virtual"), "false");
	assert_string_equal(text_at(o, "/cloud"), "aws");
	json_object_put(o);
	o = virtual_with("proc/cpuinfo", "flags\t\t: fpu hypervisor sse\n");
	assert_string_equal(text_at(o, "/virtual"), "true");
	assert_false(is_there(o, "/hypervisor"));
	json_object_put(o);
	o = virtual_with("proc/cpuinfo", "Features\t: fp asimd\n");
	assert_false(is_there(o, "/virtual"));	/* nobody asked could tell */
	json_object_put(o);
}

static void
names_the_container_around_the_system(void **state)
{
	static const struct {
		const char *path, *text, *container;
	} rows[] = {
		{ "run/systemd/container", "lxc\n", "lxc" },
		{ "run/.containerenv", "", "podman" },
		{ ".dockerenv", "", "docker" },
		{ "proc/1/cgroup", "0::/docker/0123\n", "docker" },
		{ "proc/sys/kernel/osrelease",
		    "5.15.0-microsoft-standard-WSL2\n", "wsl" },
	};
	struct json_object *o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		o = virtual_with(rows[i].path, rows[i].text);
		assert_string_equal(text_at(o, "/container"),
		    rows[i].container);
		json_object_put(o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_a_pci_device_and_its_board),
		cmocka_unit_test(leaves_an_unknown_pci_device_without_a_name),
		cmocka_unit_test(reads_the_older_list_of_pci_devices),
		cmocka_unit_test(lists_usb_devices_but_not_their_interfaces),
		cmocka_unit_test(reads_a_container_of_docker_without_its_secrets),
		cmocka_unit_test(reads_a_container_of_podman),
		cmocka_unit_test(reads_a_domain_of_libvirt),
		cmocka_unit_test(drops_files_of_guests_that_make_no_sense),
		cmocka_unit_test(reads_a_machine_of_proxmox_up_to_its_snapshots),
		cmocka_unit_test(names_the_hypervisor_by_what_it_leaves_behind),
		cmocka_unit_test(knows_metal_from_a_machine_that_hides_its_hypervisor),
		cmocka_unit_test(names_the_container_around_the_system),
		cmocka_unit_test(a_cluster_is_its_name_and_its_nodes),
		cmocka_unit_test(most_machines_are_in_no_cluster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
