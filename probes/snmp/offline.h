/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offline - topic SnmpProfiles: the profiles without a device. They are listed, a file of
 * them is checked, and a recorded device (snmprec.h) is told by them.
 */
#ifndef MID_SNMP_OFFLINE_H
#define MID_SNMP_OFFLINE_H

#include "midd/probe.h"
#include "profile.h"
#include "text.h"

extern const struct mid_param offline_params[];

/* What is to be emitted goes into OUT, *KIND is its kind. 0, or -1 after fail(). */
int offline_run(struct text *out, enum mid_kind *kind, const struct mid_host *h, struct mid_run *run, const struct profiles *p);

#endif
