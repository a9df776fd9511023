/* SPDX-License-Identifier: Apache-2.0 */
/* near_os - the system's neighbour table: os/linux, os/windows. */
#ifndef MID_SCAN_NEAR_OS_H
#define MID_SCAN_NEAR_OS_H

#include <stdbool.h>

#include "plan.h"

/* FRESH: it has answered within the last seconds. */
typedef void near_fn(void *arg, const struct where *w, const unsigned char *mac, bool fresh);
/* FN for each neighbour whose address of hardware, six bytes, is known. */
void near_each(near_fn *fn, void *arg);

#endif
