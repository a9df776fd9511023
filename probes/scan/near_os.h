/* SPDX-License-Identifier: Apache-2.0 */
/* near_os - the system's neighbour table: os/linux, os/windows. */
#ifndef MID_SCAN_NEAR_OS_H
#define MID_SCAN_NEAR_OS_H

#include "plan.h"

/* FN for each neighbour whose address of hardware, six bytes, is known. */
void near_each(void (*fn)(void *arg, const struct where *w, const unsigned char *mac), void *arg);

#endif
