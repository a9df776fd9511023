/* SPDX-License-Identifier: Apache-2.0 */
/* echoes - see echoes.h: none here. */
#include "../../echoes.h"

#include <stddef.h>

struct echoes *
echoes_new(void)
{
	return NULL;
}

void
echoes_free(struct echoes *e)
{
	(void)e;
}

int
echoes_ask(struct echoes *e, const struct where *w, uint32_t host, uint32_t cookie, int patience_ms)
{
	(void)e, (void)w, (void)host, (void)cookie, (void)patience_ms;
	return -1;
}

bool
echoes_take(struct echoes *e, uint32_t *host, int *after_ms)
{
	(void)e, (void)host, (void)after_ms;
	return false;
}

int
echoes_wait(const struct echoes *e)
{
	(void)e;
	return -1;
}
