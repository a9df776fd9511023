/* SPDX-License-Identifier: Apache-2.0 */
/* linked - the probes that are part of this program: of the static one all of midd's own, else none. */
#ifndef MID_LINKED_H
#define MID_LINKED_H

struct mid_probe;

extern const struct mid_probe *const linked_probes[];	/* NULL-ended; the static one's are written by packaging/host/static.mk */

#endif
