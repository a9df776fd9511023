/* SPDX-License-Identifier: Apache-2.0 */
/* helper - see helper.h: Windows has none, the service may read what it needs. */
#include "../../helper.h"

#include <stddef.h>

struct helper *
helper_new(const struct mid_host *host, struct mid_run *run)
{
	(void)host, (void)run;
	return NULL;
}

void
helper_free(struct helper *h)
{
	(void)h;
}

bool
helper_step(struct helper *h, struct mid_wait *wait, struct facts_source **out)
{
	(void)h, (void)wait;
	*out = NULL;
	return true;
}
