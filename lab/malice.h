/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malice - answers that a broken or hostile instance gives: without end, drop
 * by drop, blown up, or sending the caller elsewhere. Each stops when the
 * caller hangs up, or at MALICE_MAX bytes.
 */
#ifndef LAB_MALICE_H
#define LAB_MALICE_H
#include <stdbool.h>

#include "fault.h"

struct exchange;
struct MHD_Response;

#define MALICE_MAX (1LL << 32)

/* True when WHAT is one of those below. */
bool malice_is(int what);
/* EX's answer to the fault WHAT, whose number is ARG; sets *STATUS. */
struct MHD_Response *malice_response(struct exchange *ex, int what, long arg, unsigned *status);

#endif
