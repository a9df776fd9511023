/* SPDX-License-Identifier: Apache-2.0 */
/* spawn - see spawn.h. Workers of the exec kind start no programs on Windows yet, and say so. */
#include "spawn.h"

#include <stdlib.h>

#include "err.h"
#include "xalloc.h"

struct spawner {
	struct loop *loop;
};

struct spawner *
spawner_new(struct loop *loop)
{
	struct spawner *s = xcalloc(1, sizeof(*s));

	s->loop = loop;
	return s;
}

void
spawner_free(struct spawner *s)
{
	free(s);
}

int
spawner_start(struct spawner *s, struct mid_run *run, const struct mid_spawn *what, struct mid_child *out, struct err *err)
{
	(void)s, (void)run, (void)out;
	return err_set(err, E_BAD, "%s: programs are not started on Windows", what->argv[0]);
}

void
spawner_end(struct spawner *s, struct mid_run *run)
{
	(void)s, (void)run;
}
