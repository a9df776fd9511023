/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire - identification and reconciliation: CIs as somebody found them are
 * recognised by the rules in cmdb_identifier and inserted, updated or left as
 * they are, with their relations. One payload is one transaction.
 */
#ifndef LAB_IRE_H
#define LAB_IRE_H
#include <stdbool.h>

struct db;
struct json_object;

enum {
	IRE_E_BAD = -1,		/* the payload makes no sense, or is too large */
	IRE_E_DB = -2,		/* the database failed; nothing was changed */
};

struct ire_options {
	const char *data_source;	/* sysparm_data_source, or NULL */
	bool dry_run;			/* say what would be done, do nothing */
	bool partial_payloads;		/* keep what cannot be placed yet */
	bool partial_commits;		/* one bad item does not stop the rest */
	bool deduplicate_payloads;	/* merge items that are the same CI */
	bool generate_summary;
};

/* OPTIONS as in the URL: "partial_payloads:true,generate_summary:true". */
void ire_options_parse(struct ire_options *opt, const char *options);

/*
 * *ANSWER (caller puts) is the value of "result"; when the return value is
 * not 0 it is the whole error body. Errors of single items are in the answer
 * and the return value is 0, as an instance answers 200.
 */
int ire_apply(struct db *db, struct json_object *payload,
    const struct ire_options *opt, struct json_object **answer);
#endif
