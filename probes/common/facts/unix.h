/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unix - the same sections of systems that are no Linux: FreeBSD, macOS,
 * Solaris and its relatives, AIX, HP-UX. What Linux tells in files, these tell by commands.
 */
#ifndef MID_FACTS_UNIX_H
#define MID_FACTS_UNIX_H
#include "facts/facts.h"

/* Who collects SECTION on SRC's system, or NULL: nobody. */
facts_collect_fn *facts_collector(struct facts_source *src, const struct facts_section *section);

facts_collect_fn facts_unix_os;

#endif
