/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packages - a list of packages that every manager's reader adds to.
 */
#ifndef MID_FACTS_PACKAGES_H
#define MID_FACTS_PACKAGES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

#define PACKAGES_MAX 20000

struct json_object;

struct package_list {
	struct json_object *items;
	uint64_t known;		/* also those removed but for their settings */
	uint64_t installed;
	bool truncated;
};

/* Swallows ITEM, which is dropped without a name or when the list is full. */
void package_keep(struct package_list *list, struct json_object *item);
/* One more database that was read. */
void package_database(struct json_object *databases, const char *manager, const char *format, const char *path,
    uint64_t count);

/* The paragraphs of dpkg. EACH_IS_INSTALLED: also one without a Status field. */
void dpkg_scan(struct str text, bool each_is_installed,
    struct package_list *list);

/* An rpm_header_fn; ARG is a package_list. -E2BIG when it is full. */
int rpm_take_header(void *arg, const unsigned char *blob, size_t len);

#endif
