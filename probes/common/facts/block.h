/* SPDX-License-Identifier: Apache-2.0 */
/*
 * block - what block devices, partitions and volumes share.
 */
#ifndef MID_FACTS_BLOCK_H
#define MID_FACTS_BLOCK_H
#include "facts/facts.h"

struct json_object;

#define BLOCK_MAX 8192		/* devices or partitions told of one machine */
#define SECTOR 512		/* of sizes in sysfs, whatever the device has */

/* One device or partition: its name and its folder. */
typedef void block_fn(struct facts_source *src, const char *name,
    const char *dir, void *arg);

/* Every disk-like device, in the order of names. 0 or a negative errno. */
int block_each(struct facts_source *src, block_fn *fn, void *arg);

/* The names in a folder such as "holders", as a list; nothing when empty. */
void block_names(struct facts_source *src, const char *dir, const char *sub,
    struct json_object *out, const char *key);

/* What udev knows of the device numbered DEV ("8:1") or its uevent says. */
void block_udev(struct facts_source *src, const char *dir, const char *dev,
    struct json_object *found);

/* Takes KEY of FOUND over as FIELD when OUT has no such field yet. */
void block_take(struct json_object *out, const char *field,
    struct json_object *found, const char *key);

#endif
