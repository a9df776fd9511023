/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sections - the table of sections, in the order of the output.
 */
#include "facts/sections.h"

const struct facts_section facts_sections[] = {
	{ "os", "etc/os-release usr/lib/os-release proc/version proc/sys/kernel/*",
	  "distribution, kernel and architecture", facts_os },
	{ "cpu", "proc/cpuinfo proc/sysinfo sys/devices/system/cpu/* sys/devices/system/node/node*",
	  "processors, cores, caches, NUMA nodes", facts_cpu },
	{ "packages", "var/lib/dpkg/status var/lib/dpkg/status.d/* var/lib/rpm/* usr/lib/sysimage/rpm/*",
	  "installed packages of dpkg and rpm", facts_packages },
	{ NULL, NULL, NULL, NULL },
};
