/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault_vfs - a file layer under SQLite that misbehaves on order: the n-th
 * write, sync or open fails, kills the process, or takes the power away, that
 * is: forgets what was written and not yet synced, then kills the process.
 */
#ifndef FAKE_FAULT_VFS_H
#define FAKE_FAULT_VFS_H

#include <stdbool.h>

enum fault_call { FAULT_WRITE, FAULT_SYNC, FAULT_OPEN, FAULT_READ, FAULT_ANY };
enum fault_act { FAULT_ERRNO, FAULT_KILL, FAULT_POWER };

void fault_install(void);	/* becomes SQLite's default; counts begin at 0 */
void fault_remove(void);
/* The N-th call of this kind from now, and the TIMES - 1 after it. ERRNO_ as in errno.h, for FAULT_ERRNO. */
void fault_order(enum fault_call call, int n, int times, enum fault_act act, int errno_);
void fault_calm(void);		/* no more faults */
int fault_calls(enum fault_call call);	/* since fault_install(); FAULT_ANY: writes and syncs */
/* With FAULT_POWER: each unsynced write survives by the toss of a coin, instead of none. */
void fault_torn(unsigned seed);

#endif
