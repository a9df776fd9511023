/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an instance's answer: rows, batch, IRE and error bodies. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"

#define ITEMS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
as_rows(const char *text, size_t len)
{
	const struct rows_want want = { NULL, NULL, POLL_ALL };
	struct rows rows;
	struct err err;
	size_t i;

	if (rows_parse(&rows, text, len, &want, &err) < 0)
		return;
	for (i = 0; i < rows.n; i++)
		if (strlen(rows.row[i].sys_id) != 32 || rows.row[i].topic == NULL ||
		    rows.row[i].payload[rows.row[i].payload_len] != '\0')
			abort();
	rows_fini(&rows);
}

static void
as_batch(const char *text, size_t len)
{
	struct batch_item items[ITEMS];
	struct err err;

	memset(items, 0, sizeof(items));
	(void)batch_parse(items, ITEMS, text, len, &err);
	batch_items_fini(items, ITEMS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard h = { 403, -1, (const char *)data, size, "POST /x", RQ_WRITES | RQ_INSERTS };
	char why[IN_WHY_MAX], ids[IRE_IDS_MAX];
	struct verdict v = { 0 };

	as_rows(h.body, size);
	as_batch(h.body, size);
	verdict_of_status(&v, why, &h);
	h.status = 201;
	verdict_of_status(&v, why, &h);
	(void)ire_count_errors(h.body, size, why, sizeof(why), ids);
	return 0;
}
