/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec - what a job of the topic SNMP asks for: the lines of oid_spec_list.
 *
 *	walk  OID
 *	get   OID,OID			(ours)
 *	table OID child,child(=v),child(#v)(!=w)	// a comment
 *
 * A row of a table is told when one of the filters fits, or there is none.
 */
#ifndef MID_SNMP_SPEC_H
#define MID_SNMP_SPEC_H

#include "names.h"

#define SPEC_LINES_MAX 256u
#define SPEC_CHILDREN_MAX 1024u

enum spec_kind { SPEC_WALK, SPEC_GET, SPEC_TABLE };
enum spec_filter { FILTER_NONE, FILTER_IS, FILTER_IS_NOT, FILTER_HAS };

struct spec_child {
	struct oid oid;
	char name[NAME_MAX_LEN];	/* as an XML element */
	bool again;			/* this column stands here already: one more filter, and no more */
	enum spec_filter filter;
	char value[128];
};

struct spec_line {
	enum spec_kind kind;
	struct oid oid;
	char name[NAME_MAX_LEN];
	unsigned first, n;		/* of its children */
};

struct spec {
	struct spec_line *lines;
	struct spec_child *children;
	unsigned nlines, nchildren;
};

/* 0, or -1 with WHY. */
int spec_read(struct spec *s, const struct names *names, const char *text, char *why, size_t room);
/* Each column of a table becomes a walk of its own. <0: no memory. */
int spec_flatten(struct spec *s);
void spec_free(struct spec *s);
bool spec_fits(const struct spec_child *c, const char *value);

#endif
