/* SPDX-License-Identifier: Apache-2.0 */
/* launch - a process in a job object of its own, with three pipes. */
#ifndef MID_WORKER_LAUNCH_H
#define MID_WORKER_LAUNCH_H

#include "midd/probe.h"
#include "os/windows/os_win.h"

struct launched { HANDLE process, job, in, out, err; };	/* IN is written, OUT and ERR are read */

/* It inherits nothing but its three ends. *OUT is the caller's: CloseHandle() each. */
int launch(struct launched *out, const struct mid_spawn *what, struct err *err);

#endif
