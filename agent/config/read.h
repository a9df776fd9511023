/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read - one YAML file of options. Mappings of mappings of plain values, and
 * nothing else of what YAML can do: no lists, anchors, aliases, tags, no
 * second document; each key once.
 */
#ifndef MID_CONFIG_READ_H
#define MID_CONFIG_READ_H

#include <stddef.h>

struct err;
struct option;

#define CONFIG_FILE_MAX (256u * 1024)

/* One value. A refusal is passed up with file, line and option put before it. */
typedef int read_fn(void *arg, const struct option *o, const char *value, int line, struct err *err);

/* FILE is only for the sentences. The last of nothing wrong: 0. */
int read_options(const char *file, const char *text, size_t len, read_fn *fn, void *arg, struct err *err);

#endif
