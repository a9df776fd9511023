/* SPDX-License-Identifier: Apache-2.0 */
/* gather - see gather.h. */
#include "gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/source_bundle.h"
#include "facts/tell.h"

#define BYTES_MAX (64u << 20)	/* the packages of a large host are 5 MB, all else below 2 */
#define FIRST (256u << 10)

struct gather {
	const struct mid_host *h;
	struct mid_run *run;
	char mark[40], *script;
	char *data;
	size_t len, cap;
	struct facts_source *src;
	struct facts_tell *tell;
};

/*
 * For any POSIX shell. The mark stands in it in two halves: the script's own
 * command line is among what it sends (/proc/PID/cmdline). What may not be read is
 * said (X), so that a section says "denied" and not "missing".
 */
static const char head[] =
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin; LC_ALL=C; export PATH LC_ALL\n"
    "a=%.16s; b=%.16s; M=$a$b\n"
    "f() { for p do [ -f \"$p\" ] || continue; if [ -r \"$p\" ]; then printf '\\n%%sF %%s\\n' $M \"$p\"; cat \"$p\" 2>/dev/null\n"
    "else printf '\\n%%sX %%s\\n' $M \"$p\"; fi; done; }\n"
    "l() { for p do [ -L \"$p\" ] || continue; printf '\\n%%sL %%s\\n' $M \"$p\"; printf %%s \"`readlink \"$p\"`\"; done; }\n"
    "c() { printf '\\n%%sF %%s\\n' $M $1; shift; \"$@\" 2>/dev/null; }\n"
    "c machine uname -m; c df df -Pk\n";

/* What the sections read (sections.c), but for what only root sees, and databases that are no text. */
static const char *const body[] = {
	"f /etc/os-release /usr/lib/os-release /proc/version /proc/sys/kernel/* /proc/sys/kernel/random/boot_id\n",
	"f /etc/hostname /etc/hosts /etc/machine-id /etc/resolv.conf /run/systemd/resolve/resolv.conf /etc/timezone\n",
	"l /etc/localtime\n",
	"f /proc/cpuinfo /proc/sysinfo /proc/meminfo /proc/swaps /proc/uptime /proc/stat /proc/loadavg /proc/mdstat\n",
	"f /sys/devices/system/cpu/* /sys/devices/system/cpu/vulnerabilities/* /sys/devices/system/cpu/cpu[0-9]*/topology/* /sys/kernel/cpu_byteorder\n",
	"for d in /sys/devices/system/cpu/cpu[0-9]*/cache/index*; do f $d/level $d/type $d/size $d/shared_cpu_list $d/shared_cpu_map; done\n",
	"f /sys/devices/system/cpu/cpu0/cpufreq/*_freq /sys/devices/system/node/node*/meminfo /sys/devices/system/node/node*/cpulist\n",
	"f /sys/kernel/mm/hugepages/*/nr_hugepages /sys/kernel/mm/hugepages/*/free_hugepages /sys/kernel/mm/hugepages/*/resv_hugepages "
	    "/sys/devices/system/clocksource/clocksource0/available_clocksource\n",
	"f /sys/class/dmi/id/* /proc/device-tree/model /proc/device-tree/serial-number\n",
	"f /sys/block/*/size /sys/block/*/removable /sys/block/*/ro /sys/block/*/wwid /sys/block/*/serial /sys/block/*/queue/rotational\n",
	"f /sys/block/*/queue/*block_size /sys/block/*/device/model /sys/block/*/device/vendor /sys/block/*/device/serial\n",
	"f /sys/block/*/device/rev /sys/block/*/device/wwid /sys/block/*/device/type /sys/block/*/dm/* /sys/block/*/*/partition\n",
	"f /sys/block/*/*/size /sys/block/*/*/start /sys/block/*/dev /sys/block/*/*/dev /sys/block/md*/md/* /run/udev/data/b*\n",
	"l /sys/block/* /sys/block/*/device /sys/block/*/device/subsystem /sys/class/block/*\n",
	"f /sys/class/net/*/* /sys/class/net/*/statistics/[rt]x_bytes /sys/class/net/*/bonding/* /sys/class/net/*/bridge/* /proc/net/bonding/* /proc/net/vlan/* /proc/net/dev\n",
	"l /sys/class/net/* /sys/class/net/*/device /sys/class/net/*/device/driver /sys/class/net/*/master /sys/class/net/*/device/subsystem\n",
	"f /proc/net/fib_trie /proc/net/route /proc/net/if_inet6 /proc/net/ipv6_route /proc/net/arp\n",
	"f /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6\n",
	"f /proc/self/mountinfo /proc/1/mountinfo /proc/mounts /proc/1/cgroup /run/systemd/container /.dockerenv /run/.containerenv\n",
	"for d in /sys/bus/pci/devices/*; do f $d/class $d/vendor $d/device $d/subsystem_vendor $d/subsystem_device $d/revision; "
	    "l $d/driver; done\n",
	"for d in /sys/bus/usb/devices/*; do f $d/idVendor $d/idProduct $d/product $d/manufacturer $d/serial $d/bDeviceClass $d/busnum "
	    "$d/devnum; done\n",
	"f /sys/hypervisor/type /sys/hypervisor/uuid /var/lib/dpkg/status /var/lib/dpkg/status.d/* /etc/passwd /etc/group\n",
	"f /etc/systemd/system/*.service /run/systemd/*/*.service /usr/lib/systemd/system/*.service /etc/init.d/*\n",
	"[ -L /lib ] || f /lib/systemd/system/*.service\n",
	"l /etc/systemd/system/* /etc/systemd/system/*.wants/* /usr/lib/systemd/system/*.service /etc/rc[0-9S].d/*\n",
	"f /sys/fs/cgroup/system.slice/*/cgroup.procs\n",
	"for d in /proc/[0-9]*; do f $d/stat $d/status $d/cmdline; done\n",
	"printf '\\n%sE\\n' $M\n",
};

static int
make_script(struct gather *g)
{
	unsigned char bytes[16];
	size_t n = 0, i;
	char *at;

	g->h->random(g->run, bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++)
		snprintf(g->mark + 2 * i, 3, "%02x", bytes[i]);
	for (i = 0; i < sizeof(body) / sizeof(body[0]); i++)
		n += strlen(body[i]);
	at = g->script = calloc(1, sizeof(head) + 64 + n);
	if (at == NULL)
		return -1;
	at += snprintf(at, sizeof(head) + 64, head, g->mark, g->mark + 16);
	for (i = 0; i < sizeof(body) / sizeof(body[0]); i++)
		at = stpcpy(at, body[i]);
	return 0;
}

struct gather *
gather_new(const struct mid_host *h, struct mid_run *run)
{
	struct gather *g = calloc(1, sizeof(*g));

	if (g != NULL) {
		g->h = h;
		g->run = run;
	}
	if (g == NULL || make_script(g) < 0) {
		h->fail(run, MID_INTERNAL, "out of memory");
		gather_free(g);
		return NULL;
	}
	return g;
}

void
gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	facts_tell_free(g->tell);
	facts_source_close(g->src);
	free(g->script);
	free(g->data);
	free(g);
}

const char *
gather_script(const struct gather *g)
{
	return g->script;
}

int
gather_put(struct gather *g, const void *p, size_t n)
{
	size_t cap = g->cap == 0 ? FIRST : g->cap;
	char *bigger;

	while (cap < g->len + n)
		cap *= 2;
	if (cap > BYTES_MAX) {
		g->h->fail(g->run, MID_TOO_BIG, "the host sends more than %u MB of facts", BYTES_MAX >> 20);
		return -1;
	}
	if (cap != g->cap) {
		bigger = realloc(g->data, cap);
		if (bigger == NULL) {
			g->h->fail(g->run, MID_INTERNAL, "out of memory");
			return -1;
		}
		g->data = bigger;
		g->cap = cap;
	}
	memcpy(g->data + g->len, p, n);
	g->len += n;
	return 0;
}

static int
begin_telling(struct gather *g)
{
	bool whole;

	if (g->len == 0 || facts_source_bundle(&g->src, g->data, g->len, g->mark, &whole) < 0) {
		g->h->fail(g->run, MID_TARGET, "the host sent nothing that could be read: is its login shell able to run /bin/sh?");
		return -1;
	}
	if (!whole)
		g->h->partial(g->run, "the host stopped in the middle: some facts are missing");
	if (!facts_exists(g->src, "proc/version")) {
		g->h->fail(g->run, MID_UNSUPPORTED, "the host has no /proc/version: only Linux hosts can be inventoried so far");
		return -1;
	}
	g->tell = facts_tell_new(g->h, g->run, "facts", g->src, g->h->param(g->run, "sections"));
	return g->tell == NULL ? -1 : 0;
}

enum mid_next
gather_step(struct gather *g, struct mid_wait *wait)
{
	if (g->tell == NULL && begin_telling(g) < 0)
		return MID_FAIL;
	return facts_tell_step(g->tell, wait);
}
