/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as midd.yaml: taken or refused with a sentence, and what was taken can be shown and checked. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "buf.h"
#include "config/config.h"
#include "config/options.h"
#include "config/read.h"
#include "err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
take(void *arg, const struct option *o, const char *value, int line, struct err *err)
{
	struct config *c = arg;
	struct buf b;
	int r = option_set(c, o, value, "/etc/midd", err);

	assert(line > 0);
	if (r < 0)
		return r;
	buf_init(&b, 1u << 20);
	option_print(c, o, &b);
	buf_fini(&b);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config c = { 0 };
	struct err err = { 0, "" };
	const struct option *o;
	int r = read_options("midd.yaml", (const char *)data, size, take, &c, &err);

	assert(r == 0 || err.text[0] != '\0');
	for (o = config_options; o->key != NULL; o++)
		if (o->kind <= OPT_CHOICE)
			free(*(char **)((char *)&c + o->at));
	return 0;
}
