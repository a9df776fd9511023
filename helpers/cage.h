/* SPDX-License-Identifier: Apache-2.0 */
/* cage - what a helper gives up once it holds what it needs. */
#ifndef MID_CAGE_H
#define MID_CAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cage {
	const int *calls;	/* system calls it goes on with; all others answer EPERM */
	size_t ncalls;
	uint32_t keep;		/* bits of the capabilities it keeps, of the first 32 */
	bool no_files;		/* it opens none any more */
};

/* False: the system refused one of them; errno. */
bool cage_close(const struct cage *c);

#endif
