/* SPDX-License-Identifier: Apache-2.0 */
/* by_hand - where midd and midctl without midd must do the same with a run by hand. */
#ifndef MID_BY_HAND_H
#define MID_BY_HAND_H

#include <stdbool.h>

struct json_object;

#define BY_HAND_KINDS 6
extern const char *const by_hand_kinds[BY_HAND_KINDS];	/* of what is emitted: the probe ABI's enum mid_kind in words */

#define BY_HAND_NOTES_MAX 100	/* they are one line of an answer */
/* Into NOTES. False: it is one too many, or its name is too long. */
bool by_hand_note(struct json_object *notes, const char *name, const char *value);
/* Is credential TYPE one of LIST, joined by commas? */
bool by_hand_fits(const char *type, const char *list);

#endif
