/* SPDX-License-Identifier: Apache-2.0 */
/* unix - see unix.h: which section is collected by whom. */
#include "facts/unix.h"

#include <string.h>

#include "facts/sections.h"
#include "facts/system.h"

static const struct { const char *section; facts_collect_fn *collect; } collectors[] = {
	{ "os", facts_unix_os },
};

facts_collect_fn *
facts_collector(struct facts_source *src, const struct facts_section *section)
{
	size_t i;

	if (facts_is(facts_system(src), "linux"))
		return section->collect;
	for (i = 0; i < sizeof(collectors) / sizeof(collectors[0]); i++)
		if (strcmp(collectors[i].section, section->name) == 0)
			return collectors[i].collect;
	return NULL;
}
