/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shipment - results taken from the spool, worded as answers, for one call to
 * the instance.
 */
#ifndef MID_FLOW_SHIPMENT_H
#define MID_FLOW_SHIPMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "instance/instance.h"
#include "store/store.h"

struct flow;

struct parcel {
	struct result_row row;		/* ours: taken from the store's list */
	struct buf body;
	char fence[FENCE_MAX];
	bool present;			/* the instance has it already */
	bool lost;			/* it can't be opened any more: nothing to send */
};

struct shipment {
	struct flow *f;
	struct parcel *all;
	size_t count;			/* parcels */
	struct answer *answers;		/* of those to be sent */
	size_t n;
	/* those to be asked for first */
	struct parcel **asked;
	const char **ask_ids, **ask_jobs;
};

struct shipment *shipment_new(struct flow *f, size_t max);
void shipment_free(struct shipment *s);
/* Takes the insides of ROW. */
void shipment_add(struct shipment *s, struct result_row *row);
/* Fills asked[], ask_ids[], ask_jobs[] with those that may have been sent before: unsure ones, and
 * all up to row number UP_TO. Returns how many. */
size_t shipment_doubtful(struct shipment *s, uint64_t up_to);
void shipment_drop_present(struct shipment *s, const bool *present, size_t n);
/* Words the bodies. A row that can't be opened any more is answered with that. */
void shipment_pack(struct shipment *s, const char *agent);

#endif
