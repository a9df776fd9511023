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

/* The paragraphs of dpkg. EACH_IS_INSTALLED: also one without a Status field. */
void dpkg_scan(struct str text, bool each_is_installed,
    struct package_list *list);

/* An rpm_header_fn; ARG is a package_list. -E2BIG when it is full. */
int rpm_take_header(void *arg, const unsigned char *blob, size_t len);

#endif
