/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services - the list that systemd's and the older init's collectors fill.
 */
#ifndef MID_FACTS_SERVICES_H
#define MID_FACTS_SERVICES_H
#include <stdbool.h>
#include <stdint.h>

#include "facts/source.h"

struct json_object;

#define SERVICES_MAX 5000

struct service_list {
	struct facts_source *src;
	struct json_object *items;
	struct json_object *by_name;	/* name to item */
	bool truncated;
};

/* The item of NAME, made when there is none; NULL when the list is full. */
struct json_object *service_item(struct service_list *list, const char *name);
bool service_known(const struct service_list *list, const char *name);
/* NAME is another name of a service that is listed under its own. */
void service_alias(struct service_list *list, const char *name);

/* Unit files, what enables them, and which have processes (services_running). */
void services_systemd(struct service_list *list);
/* Scripts of etc/init.d that no unit replaces. */
void services_sysv(struct service_list *list);

/* Adds state, main_pid and process_count from systemd's control groups; nothing
 * when the source has none. */
void services_running(struct service_list *list);

#endif
