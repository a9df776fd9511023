/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - what a job of the topic SNMP gets: the table as XML, in the form of the specification.
 */
#ifndef MID_SNMP_ANSWER_H
#define MID_SNMP_ANSWER_H

#include "names.h"
#include "spec.h"
#include "table.h"
#include "text.h"

void answer_write(struct text *out, const struct spec *s, const struct names *names, const struct table *t,
    const char *source, const char *version);

#endif
