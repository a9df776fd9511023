/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layers of the sandbox, one file each. Each returns 0 when in force, or <0
 * with the reason as a few words in WHY.
 */
#ifndef MID_OS_GUARD_INSIDE_H
#define MID_OS_GUARD_INSIDE_H

#include "os.h"

#define GUARD_WHY 80

int guard_landlock(const struct os_guard_want *want, int *abi, char why[GUARD_WHY]);
/* TOLD: refusals go to want->tell, which is closed. */
int guard_seccomp(const struct os_guard_want *want, bool *told, char why[GUARD_WHY]);
/* Before the first loop: its io_uring would not outlive the sandbox. */
void guard_no_uring(void);

#endif
