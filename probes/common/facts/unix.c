/* SPDX-License-Identifier: Apache-2.0 */
/* unix - see unix.h: which section is collected by whom. */
#include "facts/unix.h"

#include <string.h>

#include "facts/sections.h"
#include "facts/system.h"

static const struct { const char *section; facts_collect_fn *collect; } collectors[] = {
	{ "os", facts_unix_os }, { "host", facts_unix_host }, { "cpu", facts_unix_cpu }, { "memory", facts_unix_memory },
	{ "dmi", facts_unix_dmi }, { "dimms", facts_dimms }, { "block_devices", facts_unix_block_devices }, { "volumes", facts_unix_volumes },
	{ "interfaces", facts_unix_interfaces }, { "addresses", facts_unix_addresses }, { "routes", facts_unix_routes },
	{ "dns", facts_dns }, { "time", facts_unix_time }, { "filesystems", facts_unix_filesystems }, { "mounts", facts_unix_mounts },
	{ "virtual", facts_unix_virtual }, { "packages", facts_unix_packages }, { "processes", facts_unix_processes },
	{ "sockets", facts_unix_sockets }, { "services", facts_unix_services }, { "users", facts_unix_users }, { "groups", facts_groups },
	{ "neighbours", facts_unix_neighbours },
};

facts_collect_fn *
facts_collector(struct facts_source *src, const struct facts_section *section)
{
	size_t i;

	if (src->ops->collector != NULL)
		return src->ops->collector(section->name);
	if (facts_is(facts_system(src), "linux"))
		return section->collect;
	for (i = 0; i < sizeof(collectors) / sizeof(collectors[0]); i++)
		if (strcmp(collectors[i].section, section->name) == 0)
			return collectors[i].collect;
	return NULL;
}
