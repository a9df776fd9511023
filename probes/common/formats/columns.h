/* SPDX-License-Identifier: Apache-2.0 */
/*
 * columns - tables whose heading names the columns, where cells may be empty:
 * a word belongs to the heading that it stands below. Counts characters, not
 * bytes, so that a tree drawn in UTF-8 stays straight.
 */
#ifndef MID_FORMATS_COLUMNS_H
#define MID_FORMATS_COLUMNS_H

#include "formats/put.h"

#define COLUMNS_MAX 256

struct column { char name[PUT_KEY_MAX]; size_t at, end; };
struct columns { struct column at[COLUMNS_MAX]; unsigned n; };

/* Of a heading; with GAP 2 a single blank is part of a name. False without any word. */
bool columns_of(struct columns *c, struct str heading, size_t gap);
/* The I-th is called KEY from now on. */
void columns_rename(struct columns *c, const char *name, const char *key);
/* The cells of LINE, trimmed; empty ones have no bytes. */
void columns_cells(const struct columns *c, struct str line, struct str *cells);
/* The same where no cell can be empty: word by word, all the rest in the last. How many there are. */
unsigned columns_words(const struct columns *c, struct str line, struct str *cells);
/* Cells as members, by the kinds; OTHER for those not named. */
void columns_put(const struct columns *c, const struct str *cells, const struct field *kinds, enum field_kind other,
    struct json_object *o);

#endif
