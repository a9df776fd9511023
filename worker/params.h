/* SPDX-License-Identifier: Apache-2.0 */
/*
 * params - a job's parameters against the rows of its probe, before open().
 */
#ifndef MID_PARAMS_H
#define MID_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "midd/probe.h"

struct err;
struct json_object;

/* 0 or -E_BAD with a sentence that names the parameter. ROWS may be NULL. */
int params_check(const struct mid_param *rows, struct json_object *params, struct err *err);
/* Value or the row's default; NULL when absent. Borrowed. */
const char *params_get(const struct mid_param *rows, struct json_object *params, const char *name);
/* 0 and *OUT, else -1. ms: 250, 250ms, 5s, 2m, 1h, 1d. */
int params_to_int(const char *s, int64_t *out);
int params_to_ms(const char *s, int64_t *out);
int params_to_bool(const char *s, bool *out);
const char *params_kind_name(enum mid_param_kind kind);

#endif
