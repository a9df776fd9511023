/* SPDX-License-Identifier: Apache-2.0 */
/* cut - parts of a line at a text, for the readers of formats; addresses and sizes in them. */
#ifndef MID_FORMATS_CUT_H
#define MID_FORMATS_CUT_H
#include "formats/put.h"

/* Splits LINE at the first TEXT; either side may be NULL. False: it is not there. */
bool cut_at(struct str line, const char *text, struct str *before, struct str *after);
/* The same at the last one. */
bool cut_at_last(struct str line, const char *text, struct str *before, struct str *after);
/* What stands between the first OPEN and the next CLOSE behind it. */
bool cut_between(struct str line, const char *open, const char *close, struct str *out);
/* Where the next gap of two blanks or more, or a tab, ends a field of several words. False at the end. */
bool cut_column(struct str *rest, struct str *field);
/* How many blanks LINE begins with; a tab counts 8. */
unsigned cut_indent(struct str line);
/* The last word of *LINE, taken off it. */
bool cut_last_word(struct str *line, struct str *word);
/* All digits, and at least one. */
bool cut_is_number(struct str s);
/* "0017A47708A4" or "0:17:a4:..." as 00:17:a4:77:08:a4; false: it is neither. */
bool cut_mac(struct str s, char out[18]);
/* "ffffff00" or "0xffffff00" as 255.255.255.0. */
bool cut_hex_mask(struct str s, char out[16]);
/* "12.5 GB" in MB, with 1 GB = 1024 MB. */
bool cut_megabytes(struct str s, uint64_t *mb);
/* One value into OBJ, if there is one: what is empty is left out. */
void put_known(struct json_object *obj, const char *key, struct str value);
/* The mask and the network of ADDRESS/PREFIX, as ipv4_mask and ipv4_subnet, or of ipv6. */
void put_network(struct json_object *o, int family, struct str address, unsigned prefix);
/* The list or object at KEY, which comes from outside; NULL: no memory. */
struct json_object *put_object_at(struct json_object *obj, struct str key);
struct json_object *put_list_at(struct json_object *obj, struct str key);

#endif
