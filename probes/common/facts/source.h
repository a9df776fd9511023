/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source - where facts come from: something that gives bytes by path.
 *
 * Today that is a root directory, the running system's or a captured tree's.
 * Collectors use nothing else, so the same collector also works on what a
 * login or a recording gives. Paths are relative to the root and have no
 * leading slash ("proc/meminfo"). All functions return 0 or a negative errno;
 * -ENOTSUP says that this kind of source cannot know.
 */
#ifndef MID_FACTS_SOURCE_H
#define MID_FACTS_SOURCE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "str.h"

#define FACTS_PATH_MAX	1024
#define FACTS_NAMES_MAX	65536	/* entries of one directory */
#define FACTS_SMALL	4096	/* what one attribute of sysfs can hold */

/* The caller's: facts_bytes_free(). There is a NUL after the last byte. */
struct facts_bytes {
	char *data;
	size_t len;
};

/* Sorted, numbers by value (eth2 before eth10), without "." and "..". */
struct facts_names {
	char **name;
	size_t count;
	char *store;
};

struct facts_stat {
	mode_t mode;
	uint64_t size_bytes;
	uint64_t inode;
	uint32_t uid, gid;
	int64_t mtime_s;
};

/* Of a mounted file system. */
struct facts_usage {
	uint64_t size_bytes, free_bytes, available_bytes;
	uint64_t inodes, inodes_free;
};

/* One address of one interface, as the running kernel says it. */
struct facts_address {
	const char *interface;
	const char *address;	/* in text */
	int family;		/* 4 or 6 */
	unsigned int prefix_bits;
	unsigned int scope;	/* as in rtnetlink: 0 global, 253 link, 254 host */
	bool temporary, deprecated, tentative, permanent;
};
typedef void facts_address_cb(void *arg, const struct facts_address *a);

struct facts_source;
struct facts_err;
struct json_object;

/* Fills OUT, an empty JSON object; what is in it stays even after an error.
 * 0, or negative with ERR set (facts_fail()). */
typedef int facts_collect_fn(struct facts_source *src, struct json_object *out,
    struct facts_err *err);

struct facts_source_ops {
	int (*read)(struct facts_source *s, const char *path, char *buf,
	    size_t size, size_t *len);
	int (*read_all)(struct facts_source *s, const char *path, size_t max,
	    size_t line_max, struct facts_bytes *out);
	int (*open)(struct facts_source *s, const char *path);
	int (*list)(struct facts_source *s, const char *dir,
	    struct facts_names *out);
	int (*link)(struct facts_source *s, const char *path, char *buf,
	    size_t size);
	int (*stat)(struct facts_source *s, const char *path,
	    struct facts_stat *out);
	int (*usage)(struct facts_source *s, const char *path,
	    struct facts_usage *out);
	int (*machine)(struct facts_source *s, char *buf, size_t size);
	int (*addresses)(struct facts_source *s, facts_address_cb *cb,
	    void *arg);
	void (*close)(struct facts_source *s);
	/* Where the system tells by calls, not by files: who collects SECTION, or NULL. */
	facts_collect_fn *(*collector)(const char *section);
};

struct facts_source {
	const struct facts_source_ops *ops;
	bool live;		/* the running system, not a capture of one */
};

/* ROOT is "/" or the top of a captured tree; no link leads out of it. *OUT is the caller's. */
int facts_source_root(struct facts_source **out, const char *root);
void facts_source_close(struct facts_source *s);	/* NULL is fine */

/* A whole file of at most MAX bytes; -EFBIG when there is more. */
int facts_read(struct facts_source *s, const char *path, size_t max,
    struct facts_bytes *out);
/* The same for a table of the kernel whose lines have at most LINE_MAX bytes: a
 * piece with room for one more is the last. To ask on, only to hear that this
 * is the end, would make the kernel walk all its sockets a second time. */
int facts_read_table(struct facts_source *s, const char *path, size_t max,
    size_t line_max, struct facts_bytes *out);
void facts_bytes_free(struct facts_bytes *b);

/* The bytes as they are, without malloc; there is a NUL after the last.
 * -EFBIG when they do not fit. */
int facts_read_into(struct facts_source *s, const char *path, char *buf,
    size_t size, size_t *len);

/* A descriptor of a plain file, for what is too large to be read whole; the
 * caller closes it. Behind image.h. */
int facts_open(struct facts_source *s, const char *path);

/* A small file into BUF: trimmed, with a NUL; -EFBIG when it does not fit. */
int facts_read_small(struct facts_source *s, const char *path, char *buf,
    size_t size);

int facts_list(struct facts_source *s, const char *dir,
    struct facts_names *out);
void facts_names_free(struct facts_names *n);

/* The text of a symbolic link, unresolved. */
int facts_link(struct facts_source *s, const char *path, char *buf,
    size_t size);
int facts_stat(struct facts_source *s, const char *path,
    struct facts_stat *out);
bool facts_exists(struct facts_source *s, const char *path);

/* Only a live source knows these three: -ENOTSUP else. */
int facts_usage(struct facts_source *s, const char *path,
    struct facts_usage *out);
int facts_machine(struct facts_source *s, char *buf, size_t size);
int facts_addresses(struct facts_source *s, facts_address_cb *cb, void *arg);

/* Joins "sys/block/", name, "/size" and so on; false when it does not fit. */
bool facts_path(char path[FACTS_PATH_MAX], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
