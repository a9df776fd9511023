/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guests - the list of virtual machines and containers that a host carries.
 */
#ifndef MID_FACTS_GUESTS_H
#define MID_FACTS_GUESTS_H
#include <stdbool.h>

#include "facts/facts.h"

#define GUESTS_MAX	5000
#define GUEST_FILE_MAX	(4u << 20)

struct guest_list {
	struct facts_source *src;
	struct json_object *items;
	struct facts_err *err;
	bool truncated;
	bool homes_unread;	/* containers of users may be in there */
	int failed;
};

/* A new item of KIND; NULL when the list is full. */
struct json_object *guest_new(struct guest_list *list, const char *kind);

/* Parses PATH into a new item, which is dropped when PATH makes no sense.
 * NULL then. */
struct json_object *guest_from_file(struct guest_list *list, const char *kind,
    const char *path, facts_parse_fn *parse);

/* Calls FN for each name in DIR that ends with ENDING. A folder that may not
 * be read is noted as the section's error. */
typedef void guest_fn(struct guest_list *list, const char *dir,
    const char *name);
void guests_each(struct guest_list *list, const char *dir, const char *ending,
    guest_fn *fn);

void guests_docker(struct guest_list *list);
void guests_podman(struct guest_list *list);
void guests_lxc(struct guest_list *list);
void guests_proxmox(struct guest_list *list);
void guests_libvirt(struct guest_list *list);

#endif
