/* SPDX-License-Identifier: Apache-2.0 */
/* job - one job as a screen: its road step by step, and its outcome in a word. */
#ifndef MIDCTL_JOB_H
#define MIDCTL_JOB_H

#include "screen.h"

struct json_object;

/* "ok", "partial", "failed: timeout", or where it is; static or borrowed from J. */
const char *job_word(struct json_object *j, enum paint *paint);
void job_draw(struct screen *sc, struct json_object *answer);

#endif
