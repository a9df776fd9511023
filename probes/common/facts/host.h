/* SPDX-License-Identifier: Apache-2.0 */
/* host - what a machine is called. */
#ifndef MID_FACTS_HOST_H
#define MID_FACTS_HOST_H
#include "facts/source.h"

struct json_object;

/* hostname, fqdn and domain of NAME, by etc/hosts and etc/resolv.conf where it has no dot. */
void facts_put_names(struct facts_source *src, struct str name, struct json_object *out);

#endif
