/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_inside - one payload on its way through identification. The road is in
 * ire.c: read (ire_read), then each item after what it hangs on (ire_order):
 * recognise (ire_find), write (ire_write); then relations (ire_rel), then the
 * answer (ire_answer).
 */
#ifndef LAB_IRE_INSIDE_H
#define LAB_IRE_INSIDE_H
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "audit.h"
#include "db.h"
#include "ire.h"

#define IRE_ITEMS_MAX 10000	/* with related and lookup items */
#define IRE_TOP_ITEMS_MAX 5000
#define IRE_RELATIONS_MAX 20000
#define IRE_VALUES_MAX 500	/* fields in one item */
#define IRE_DEPTH_MAX 64	/* items each hanging on the next */
#define IRE_CLASS_MAX 80
#define IRE_MATCH_MAX 64	/* rows looked at for one rule */
/* glide.identification_engine.skip_duplicates.threshold */
#define IRE_DUPLICATES 5
#define SOURCE_MAX 256
#define NOWHERE ((size_t)-1)

/* --- rules ---------------------------------------------------------------- */

struct rule_entry {
	const char *sys_id, *table, *attributes, *condition;
	bool lookup, exact;
};

struct rule {
	const char *name, *applies_to;
	const char *host_field;		/* "" when told by relation only */
	const char *relation;		/* "" when told by host_field only */
	bool host_is_child;
	bool dependent;
	struct rule_entry *entries;	/* in the order to be tried */
	size_t entry_count;
};

struct rules {
	struct json_object *identifiers, *entries;	/* own the strings */
	struct rule *at;
	size_t count;
};

int rules_load(struct db *db, struct rules *rules);
void rules_fini(struct rules *rules);
/* The rule of CLASS or its nearest ancestor that has one; or NULL. */
const struct rule *rules_for(const struct rules *rules, const struct db *db,
    const char *class);

/* --- a payload ------------------------------------------------------------- */

enum ire_op {
	OP_NONE, OP_INSERT, OP_UPDATE, OP_NO_CHANGE, OP_UPGRADE, OP_DOWNGRADE,
	OP_SWITCH, OP_PARTIAL, OP_INCOMPLETE,
};

enum ire_state { IRE_WAITING, IRE_VISITING, IRE_DONE, IRE_FAILED };

struct edge {				/* a relation, seen from one end */
	size_t other;
	const char *type;
	bool other_is_parent;
	struct edge *next;
};

struct ref {				/* a referenceItem of an item */
	size_t referenced;
	const char *field;
	bool late;			/* a circle: set after all are written */
	struct ref *next;
};

struct item {
	struct json_object *raw;	/* as sent; owned by the payload */
	const char *class;
	size_t index;			/* among the top-level items */
	size_t parent;			/* of a related item, else NOWHERE */
	const struct rule *rule;
	struct json_object *values;	/* ours: known fields, as stored */
	struct edge *edges;
	struct ref *refs;

	enum ire_state state;
	enum ire_op op;
	char host[SYS_ID_LEN + 1];	/* what it hangs on, "" for none */
	const char *host_relation;	/* set when only a relation tells */
	char sys_id[SYS_ID_LEN + 1];
	char entry[SYS_ID_LEN + 1];	/* the rule entry that matched */
	size_t merged_into;		/* item that is the same CI */
	struct json_object *attempts, *errors, *warnings, *info;
};

struct relation {
	struct json_object *raw;
	size_t parent, child;
	const char *type;
	enum ire_op op;
	char sys_id[SYS_ID_LEN + 1];
	struct json_object *errors;
};

struct run {
	struct db *db;
	const struct ire_options *opt;
	struct json_object *payload;
	struct rules rules;
	char now[DATE_SIZE];
	struct item *items;
	size_t count, top_count;
	struct relation *relations;
	size_t relation_count;
	struct json_object *precedence;	/* of sources: rows as they are */
	struct json_object *ids;	/* internal_id -> index */
	struct json_object *claimed;	/* sys_id -> index */
	struct json_object *rel_types;	/* name -> sys_id, as met */
	struct json_object *companies;	/* table/name -> sys_id, as met */
	bool source_known;
	char why[512];			/* set with IRE_E_BAD and IRE_E_DB */
};

/* Errors of the whole: sets WHY and gives CODE. */
int run_fail(struct run *run, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int run_db_failed(struct run *run);

/* Errors of one item; it is IRE_FAILED afterwards. */
void item_error(struct item *it, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void item_warn(struct item *it, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
struct json_object *ire_note(const char *code, const char *message);
bool is_ci(const struct run *run, const char *class);

int ire_read(struct run *run);
int ire_read_links(struct run *run);
void ire_read_fini(struct run *run);

/* Fills IT->values: strings as the database keeps them. */
int ire_values(struct run *run, struct item *it);

/* Resolves items after those they hang on, each once. */
int ire_order(struct run *run);

/* Looks IT up: SYS_ID and CLASS are of the row found, or "". */
int ire_find(struct run *run, struct item *it, char sys_id[SYS_ID_LEN + 1],
    char class[IRE_CLASS_MAX]);

int ire_write(struct run *run, struct item *it, const char *sys_id,
    const char *class);
int ire_write_late(struct run *run, struct item *it, struct ref *ref);
int ire_merge(struct run *run, struct item *it, struct item *into,
    const char *class);
/* Keeps IT for later; TABLE is one of the two held-payload tables. */
int ire_hold(struct run *run, struct json_object *what, const char *table,
    const char *message);
int ire_duplicates(struct run *run, const char *class,
    const char (*ids)[SYS_ID_LEN + 1], size_t count);

/* --- whose word counts ------------------------------------------------------ */

struct known {				/* a row as it stands */
	const char *class, *sys_id;
	struct json_object *row;
};
int sources_load(struct run *run);
/* Takes out of DIFF what a mightier source said; IT is warned. */
int sources_judge(struct run *run, struct item *it, const struct known *k,
    struct json_object *diff);
/* The history of K: each field of DIFF, and that IT was made. */
int sources_note(struct run *run, const struct known *k,
    struct json_object *diff);
int sources_note_insert(struct run *run, const struct item *it);
/* May the source of this payload call itself the discovery_source of a CI
 * that SOURCE found? */
bool sources_outranks(struct run *run, const char *class, const char *source);

int ire_relate(struct run *run);
struct json_object *ire_answer(const struct run *run);
const char *ire_op_name(enum ire_op op);
#endif
