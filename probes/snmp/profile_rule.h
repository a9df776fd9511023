/* SPDX-License-Identifier: Apache-2.0 */
/* profile_rule - one rule of a profile: read from its words, applied to a table. */
#ifndef MID_SNMP_PROFILE_RULE_H
#define MID_SNMP_PROFILE_RULE_H

#include "profile_rows.h"

#define SUBJECT_MAX 1024u

/* What a device says of itself, for the rules that look there. */
struct subject {
	const struct profiles *profiles;
	const struct table *table;
	struct oid id;			/* sysObjectID */
	char descr[SUBJECT_MAX], object[SUBJECT_MAX], name[SUBJECT_MAX];
};

/* TEXT stays the caller's and must outlive the rule. 0, or -1 and a sentence. */
int rule_read(struct profiles *p, struct rule *rule, const char *text, const char **why);
void pattern_unescape(char *s);	/* in place */
void subject_bare(char *text);	/* in place, without blanks and quotes around it */
/* The name a rule asks for, of a device with this sysObjectID. False: there is none. */
bool rule_oid(const struct rule *rule, const struct profiles *p, const struct oid *object, struct oid *out);
/* False: it gives nothing. */
bool rule_apply(const struct rule *rule, const struct subject *of, char out[FACT_MAX]);
/* Room for one more name; <0 no memory or no OID. */
int profile_name(struct profiles *p, const char *text, size_t len, struct ids_at *out);

#endif
