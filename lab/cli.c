/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli - what the commands share.
 */
#include "cli.h"

#include <stdlib.h>

/* main() puts the -d it was given into the environment too. */
const char *
cli_dir(void)
{
	const char *dir = getenv("MIDLAB_DIR");

	return dir != NULL && dir[0] != '\0' ? dir : "lab";
}
