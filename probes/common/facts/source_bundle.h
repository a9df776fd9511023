/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_bundle - facts from what a script on another host has sent: files and
 * links one after the other (doc/facts.md, "Over a login").
 *
 *	\n MARK F PATH \n bytes...	a file
 *	\n MARK L PATH \n text		a symbolic link
 *	\n MARK X PATH \n			a file that may not be read
 *	\n MARK E \n			the end; without it something is missing
 *
 * MARK is random for each run, so that no content can pass for one.
 */
#ifndef MID_FACTS_SOURCE_BUNDLE_H
#define MID_FACTS_SOURCE_BUNDLE_H

#include <stdbool.h>

#include "facts/source.h"

#define BUNDLE_ENTRIES_MAX 100000u

/*
 * DATA, of LEN bytes, must outlive *OUT and is changed. *WHOLE: the end was there. 0, -ENOMEM, or
 * -EINVAL when there is no entry at all. commands/NAME is what a command said
 * (facts/system.h), commands/df that of df -Pk.
 */
int facts_source_bundle(struct facts_source **out, char *data, size_t len, const char *mark, bool *whole);

#endif
