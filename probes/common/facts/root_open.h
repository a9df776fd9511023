/* SPDX-License-Identifier: Apache-2.0 */
/*
 * root_open - opens a path below a root that no link can lead out of.
 */
#ifndef MID_FACTS_ROOT_OPEN_H
#define MID_FACTS_ROOT_OPEN_H
#include <stdbool.h>

#include "facts/source.h"

/* A descriptor or a negative errno. TRUSTED: the root is "/" itself. */
int root_open(int root, bool trusted, const char *path, int flags);

/* The same step by step, where the kernel has no openat2. */
int root_walk(int root, const char *path, int flags);

/* The text of a link that is kept as the plain file FD (no NUL), or -EINVAL. */
ssize_t root_link_file(int fd, char *text, size_t size);

/* Asks the kernel for the addresses of this network namespace. */
int root_netlink_addresses(facts_address_cb *cb, void *arg);

#endif
