/* SPDX-License-Identifier: Apache-2.0 */
/*
 * virtual - is this a machine of metal, a virtual one, or a container?
 *
 * Many places hint at it. Each hint is a row or a small function that names a
 * hypervisor or a container; the first of each kind wins, and "hints" says what
 * was seen, so that a wrong guess can be understood.
 */
#include "facts/sections.h"

#include <string.h>

#include "facts/out.h"

struct guess {
	struct facts_source *src;
	struct json_object *hints;
	const char *hypervisor, *container, *cloud;
	bool maybe;		/* the CPU says so, without a name */
	bool asked;		/* something that would say so could be read */
	bool ruler;		/* Xen's first domain */
};

static void
hint(struct guess *g, const char *where)
{
	out_item_text(g->hints, str_of(where));
}

static void
is_hypervisor(struct guess *g, const char *name, const char *where)
{
	hint(g, where);
	if (g->hypervisor == NULL)
		g->hypervisor = name;
}

static void
is_container(struct guess *g, const char *name, const char *where)
{
	hint(g, where);
	if (g->container == NULL)
		g->container = name;
}

/* --- what the firmware says ------------------------------------------------- */

static const char *const dmi_files[] = {
	"product_name", "sys_vendor", "board_vendor", "bios_vendor",
	"product_version", "chassis_asset_tag",
};

/* The more telling ones first: a KVM machine's firmware may say QEMU too. */
static const struct dmi_row {
	const char *text;	/* somewhere in the file */
	const char *hypervisor;
	const char *cloud;
} dmi_rows[] = {
	{ ".metal", NULL, "aws" },
	{ "Amazon EC2", "amazon", "aws" },
	{ "Google Compute Engine", "google", "gcp" },
	{ "OracleCloud.com", "kvm", "oracle" },
	{ "7783-7084-3265-9085-8269-3286-77", "microsoft", "azure" },
	{ "Alibaba Cloud", "kvm", "alibaba" },
	{ "DigitalOcean", "kvm", "digitalocean" },
	{ "Hetzner", NULL, "hetzner" },
	{ "OpenStack", "kvm", "openstack" },
	{ "CloudStack KVM", "kvm", "cloudstack" },
	{ "KubeVirt", "kvm", NULL },
	{ "oVirt", "kvm", NULL },
	{ "RHEV Hypervisor", "kvm", NULL },
	{ "Nutanix AHV", "kvm", NULL },
	{ "KVM", "kvm", NULL },
	{ "VMware", "vmware", NULL },
	{ "VMW", "vmware", NULL },
	{ "innotek GmbH", "virtualbox", NULL },
	{ "VirtualBox", "virtualbox", NULL },
	{ "HVM domU", "xen", NULL },
	{ "Xen", "xen", NULL },
	{ "Hyper-V", "microsoft", NULL },
	{ "Parallels", "parallels", NULL },
	{ "BHYVE", "bhyve", NULL },
	{ "Apple Virtualization", "apple", NULL },
	{ "QEMU", "qemu", NULL },
	{ "Bochs", "bochs", NULL },
};

static const struct dmi_row *
find_dmi(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(dmi_rows) / sizeof(dmi_rows[0]); i++)
		if (strcasestr(text, dmi_rows[i].text) != NULL)
			return &dmi_rows[i];
	return NULL;
}

/* Microsoft makes real machines as well. */
static void
ask_hyper_v(struct guess *g)
{
	char vendor[256], product[256];

	if (facts_read_small(g->src, "sys/class/dmi/id/sys_vendor", vendor,
		sizeof(vendor)) == 0 &&
	    facts_read_small(g->src, "sys/class/dmi/id/product_name", product,
		sizeof(product)) == 0 &&
	    strcmp(vendor, "Microsoft Corporation") == 0 &&
	    strcmp(product, "Virtual Machine") == 0)
		is_hypervisor(g, "microsoft",
		    "sys/class/dmi/id: Microsoft Corporation Virtual Machine");
}

/* A cloud's machine of metal says its cloud's name as well. */
static void
ask_dmi(struct guess *g)
{
	char path[FACTS_PATH_MAX], text[256], where[FACTS_PATH_MAX];
	const struct dmi_row *row;
	bool metal = false;
	size_t i;

	for (i = 0; i < sizeof(dmi_files) / sizeof(dmi_files[0]); i++) {
		if (!facts_path(path, "sys/class/dmi/id/%s", dmi_files[i]) ||
		    facts_read_small(g->src, path, text, sizeof(text)) < 0)
			continue;
		g->asked = true;
		row = find_dmi(text);
		if (row == NULL)
			continue;
		metal = metal || strcmp(row->text, ".metal") == 0;
		if (g->cloud == NULL)
			g->cloud = row->cloud;
		if (row->hypervisor != NULL && !metal &&
		    facts_path(where, "%s: %s", path, text))
			is_hypervisor(g, row->hypervisor, where);
	}
}

/* --- what the kernel says --------------------------------------------------- */

#define CLOCKS \
	"sys/devices/system/clocksource/clocksource0/available_clocksource"

static const struct {
	const char *path;
	const char *text;	/* in it; NULL: that it is there is enough */
	const char *hypervisor;
} signs[] = {
	{ "proc/device-tree/hypervisor/compatible", "linux,kvm", "kvm" },
	{ "proc/device-tree/hypervisor/compatible", "xen", "xen" },
	{ "proc/device-tree/hypervisor/compatible", "vmware", "vmware" },
	{ "proc/device-tree/compatible", "linux,dummy-virt", "qemu" },
	{ "proc/device-tree/compatible", "qemu,pseries", "kvm" },
	{ "proc/device-tree/ibm,partition-name", NULL, "powervm" },
	{ "proc/ppc64/lparcfg", "partition_id", "powervm" },
	{ "sys/hypervisor/type", "xen", "xen" },
	{ "proc/sysinfo", "KVM", "kvm" },
	{ "proc/sysinfo", "z/VM", "zvm" },
	{ "proc/sysinfo", "LPAR Number", "prsm" },
	{ "proc/xen", NULL, "xen" },
	{ "sys/bus/vmbus", NULL, "microsoft" },
	{ CLOCKS, "kvm-clock", "kvm" },
	{ CLOCKS, "hyperv_clocksource", "microsoft" },
	{ CLOCKS, "xen", "xen" },
};

static bool
holds(struct facts_source *src, const char *path, const char *text)
{
	struct facts_bytes b;
	bool found;

	if (text == NULL)
		return facts_exists(src, path);
	if (facts_read(src, path, 16u << 20, &b) < 0)
		return false;
	found = memmem(b.data, b.len, text, strlen(text)) != NULL;
	facts_bytes_free(&b);
	return found;
}

static void
ask_kernel(struct guess *g)
{
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (holds(g->src, signs[i].path, signs[i].text))
			is_hypervisor(g, signs[i].hypervisor, signs[i].path);
}

/* The words of a processor that does not exist. */
static const struct {
	const char *text;
	const char *hypervisor;
} cpu_signs[] = {
	{ "User Mode Linux", "uml" },
	{ "emulated by qemu", "qemu" },
	{ "QEMU Virtual CPU", "qemu" },
};

/* Only x86 has such a flag; elsewhere its absence says nothing. */
static void
look_at_flags(struct guess *g, struct str cpuinfo)
{
	struct str line, word;

	while (str_line(&cpuinfo, &line)) {
		if (!str_starts(line, "flags"))
			continue;
		g->asked = true;
		while (str_word(&line, &word))
			if (str_eq(word, "hypervisor"))
				g->maybe = true;
		return;
	}
}

/* Asked last, as the kernel takes its time to write this file. */
static void
ask_cpu(struct guess *g)
{
	struct facts_bytes b;
	size_t i;

	if (g->hypervisor != NULL ||
	    facts_read(g->src, "proc/cpuinfo", 16u << 20, &b) < 0)
		return;
	for (i = 0; i < sizeof(cpu_signs) / sizeof(cpu_signs[0]); i++)
		if (memmem(b.data, b.len, cpu_signs[i].text,
			strlen(cpu_signs[i].text)) != NULL)
			is_hypervisor(g, cpu_signs[i].hypervisor,
			    "proc/cpuinfo");
	look_at_flags(g, (struct str){ b.data, b.len });
	if (g->maybe)
		hint(g, "proc/cpuinfo: hypervisor");
	facts_bytes_free(&b);
}

/* --- containers ------------------------------------------------------------- */

static const struct {
	const char *path;
	const char *text;
	const char *container;
} boxes[] = {
	{ "run/.containerenv", NULL, "podman" },
	{ ".dockerenv", NULL, "docker" },
	{ "proc/1/cgroup", "/docker/", "docker" },
	{ "proc/1/cgroup", "/docker-", "docker" },
	{ "proc/1/cgroup", "/libpod-", "podman" },
	{ "proc/1/cgroup", "/cri-containerd-", "containerd" },
	{ "proc/1/cgroup", "/crio-", "cri-o" },
	{ "proc/1/cgroup", "/lxc/", "lxc" },
	{ "proc/1/cgroup", "/lxc.payload", "lxc" },
	{ "proc/sys/kernel/osrelease", "icrosoft", "wsl" },
};

/* What a container's manager calls itself in "container=". */
static const char *const managers[] = {
	"docker", "podman", "lxc-libvirt", "lxc", "systemd-nspawn", "rkt",
	"oci", "wsl", "proot", "pouch",
};

static void
take_manager(struct guess *g, struct str name, const char *where)
{
	size_t i;

	for (i = 0; i < sizeof(managers) / sizeof(managers[0]); i++)
		if (str_eq(name, managers[i])) {
			is_container(g, managers[i], where);
			return;
		}
}

/* Only root may read the environment of process 1. */
static void
ask_first_process(struct guess *g)
{
	struct str rest, var;
	struct facts_bytes b;

	if (facts_read(g->src, "proc/1/environ", 1u << 20, &b) < 0)
		return;
	rest = (struct str){ b.data, b.len };
	while (str_part(&rest, '\0', &var))
		if (str_starts(var, "container="))
			take_manager(g, str_skip(var, 10), "proc/1/environ");
	facts_bytes_free(&b);
}

static void
ask_container(struct guess *g)
{
	char text[64];
	size_t i;

	if (facts_read_small(g->src, "run/systemd/container", text,
		sizeof(text)) == 0)
		take_manager(g, str_of(text), "run/systemd/container");
	ask_first_process(g);
	for (i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		if (holds(g->src, boxes[i].path, boxes[i].text))
			is_container(g, boxes[i].container, boxes[i].path);
	if (facts_exists(g->src, "proc/vz") && !facts_exists(g->src, "proc/bc"))
		is_container(g, "openvz", "proc/vz");
}

static bool
is_kubernetes(struct guess *g)
{
	return facts_exists(g->src,
	    "var/run/secrets/kubernetes.io/serviceaccount") ||
	    holds(g->src, "proc/1/cgroup", "/kubepods");
}

int
facts_virtual(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct guess g = { .src = src };
	bool is_virtual;

	(void)err;
	g.hints = out_list(out, "hints");
	g.ruler = holds(src, "proc/xen/capabilities", "control_d");
	ask_dmi(&g);
	ask_hyper_v(&g);
	ask_kernel(&g);
	ask_cpu(&g);
	ask_container(&g);
	is_virtual = !g.ruler && (g.hypervisor != NULL || g.maybe);
	if (is_virtual || g.ruler || g.asked)
		out_bool(out, "virtual", is_virtual);
	out_cstr(out, "role", is_virtual ? "guest" : g.ruler ? "host" : NULL);
	out_cstr(out, "hypervisor", g.hypervisor);
	out_cstr(out, "cloud", g.cloud);
	out_cstr(out, "container", g.container);
	out_cstr(out, "orchestrator", is_kubernetes(&g) ? "kubernetes" : NULL);
	if (facts_exists(src, "dev/kvm"))
		out_bool(out, "kvm_available", true);
	return 0;
}
