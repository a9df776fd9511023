/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page - the web page of the lab, and what it asks for: files that never
 * change, and JSON under /api/midlab/page/. Nothing here writes.
 */
#ifndef LAB_PAGE_H
#define LAB_PAGE_H
#include <stdbool.h>
#include <stddef.h>

struct db;
struct json_object;
struct request;

/* What index.html loads; they lie in lab/page/ and are part of the program. */
struct page_file {
	const char *path, *type;
	const char *begin, *end;
};
extern const struct page_file page_files[];
extern const size_t page_file_count;

/*
 * Rows of TABLE with FIELDS (words); what a reference is shown by stands in
 * "FIELD_shown" beside it. NULL where the table is not there or the caller may
 * not read it: the page then says nothing of it.
 */
struct json_object *page_rows(const struct request *req, const char *table,
    const char *query, const char *fields, long limit, long offset);
/* How many there are by each of GROUP_BY (comma list), as above. */
struct json_object *page_counts(const struct request *req, const char *table,
    const char *query, const char *group_by);
/* Whether CIs of CLASS are parts of machines: adapters, disks, software. */
bool page_is_part(const struct db *db, const char *class);
/* Adds VALUE (taken) unless it is NULL. */
void page_add(struct json_object *to, const char *key,
    struct json_object *value);
#endif
