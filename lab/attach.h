/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attach - files hung on records. The caller has begun a transaction.
 */
#ifndef LAB_ATTACH_H
#define LAB_ATTACH_H
#include <stddef.h>

#include "util.h"

struct instance;

struct attachment {
	const char *table, *record;	/* what it hangs on */
	const char *name, *type;
	const void *bytes;
	size_t len;
};
/* DB_E_BAD when something is missing or it is too large. */
int attach(struct instance *in, const struct attachment *at,
    char sys_id[SYS_ID_LEN + 1]);
/* The text of the attachment NAME of a record, 0-terminated (caller frees). */
int attached(struct instance *in, const char *table, const char *record,
    const char *name, char **out, size_t *n);
#endif
