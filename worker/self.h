/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self - who a target of a discovery says it is. A clone says what another machine
 * says: its serial numbers and UUID are another's, so its CI goes without them. A namesake has
 * the name of another machine, by which an instance would take it for that one: so its CI has another.
 * midd, which hears all targets, says whether this one is a clone.
 */
#ifndef MID_WORKER_SELF_H
#define MID_WORKER_SELF_H

#include <stdbool.h>

struct json_object;

struct self {
	bool clone, namesake;
	char *class, *name;		/* its CI, as the map makes it */
	char *called;			/* its name in the CMDB */
};

/* The question: "serial=... uuid=... name=... mac=... ", of plain characters; NULL: nothing that another could say too. The caller's. */
char *self_words(struct json_object *links);
/* Which machine it is, clone or not, wherever it answers: "name=web1 serial=sn-1", of plain characters, after self_links(); NULL: it has no
 * name. The caller's. */
char *self_who(struct json_object *links);
/* ANSWER of midd: "ok", "clone", or "clone same name" or "namesake": then its address becomes part of its name. */
void self_init(struct self *s, struct json_object *links, const char *answer);
void self_fini(struct self *s);
/* What is another's goes from its CI in LINKS; of a clone the serial number stays beside it, to be told. */
void self_links(const struct self *s, struct json_object *links);
/* ... and from a payload. NULL: nothing is to be changed. The caller's. */
char *self_payload(const struct self *s, const char *text);

#endif
