/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmdb_schema - turns the rows of cmdb_classes.c into tables and columns.
 */
#include "cmdb.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

static const struct {
	char mark;
	const char *type;
	int max_length;
} types[] = {
	{ 's', "string", 255 },
	{ 'i', "integer", 40 },
	{ 'f', "decimal", 40 },
	{ 'b', "boolean", 40 },
	{ 'd', "glide_date_time", 40 },
};

static int
create_typed(struct db *db, const char *table, const char *name, char mark,
    int max_length)
{
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		if (types[i].mark != mark)
			continue;
		return db_create_column(db, table, name, types[i].type, "",
		    max_length > 0 ? max_length : types[i].max_length);
	}
	assert(!"a row of cmdb_classes names a type that there is not");
	return DB_E_BAD;
}

/* WORD is ours to write in: "name", "name:type", "name>table", "name*length". */
static int
create_column(struct db *db, const char *table, char *word)
{
	char *at = strpbrk(word, ":>*");
	char kind = at != NULL ? *at : '\0';

	if (at != NULL)
		*at++ = '\0';
	switch (kind) {
	case '>':
		return db_create_column(db, table, word, "reference", at, 32);
	case ':':
		return create_typed(db, table, word, *at, 0);
	case '*':
		return create_typed(db, table, word, 's', atoi(at));
	default:
		return create_typed(db, table, word, 's', 0);
	}
}

static int
create_index(struct db *db, const char *table, char *word)
{
	return db_create_index(db, table, word);
}

static int
each_word(struct db *db, const char *table, const char *words,
    int (*what)(struct db *, const char *, char *))
{
	char *copy, *word, *save = NULL;
	int r = 0;

	if (words == NULL)
		return 0;
	copy = xstrdup(words);
	for (word = strtok_r(copy, " ", &save); word != NULL && r == 0;
	    word = strtok_r(NULL, " ", &save))
		r = what(db, table, word);
	free(copy);
	return r;
}

static int
create_class(struct db *db, const struct cmdb_class *c)
{
	int r;

	r = db_create_table(db, c->name, c->super, c->label);
	if (r == 0)
		r = each_word(db, c->name, c->columns, create_column);
	if (r == 0)
		r = each_word(db, c->name, c->indexes, create_index);
	return r;
}

int
cmdb_create(struct db *db)
{
	size_t i;
	int r;

	r = db_begin(db);
	for (i = 0; i < cmdb_class_count && r == 0; i++)
		r = create_class(db, &cmdb_classes[i]);
	if (r == 0)
		r = cmdb_seed(db);
	if (r == 0)
		r = cmdb_seed_rules(db);
	return db_end(db, r);
}
