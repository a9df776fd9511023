/* SPDX-License-Identifier: Apache-2.0 */
/*
 * classify - what a host is, by what it has said without a credential: rows of
 * share/classify.yaml, which a user may change.
 */
#ifndef MID_SCAN_CLASSIFY_H
#define MID_SCAN_CLASSIFY_H

#include <stddef.h>
#include <stdint.h>

struct sweep;
struct text;

/* Rows of FILE, for the life of the process. <0: WHY names the line. */
int classify_load(const char *file, char *why, size_t room);
/* What the surest row says; class "": none fits. */
struct class_of { const char *class, *next; int sure; char os[120], because[200]; };
void classify(struct class_of *out, const struct sweep *s, uint32_t host);
/* ,"class":..,"os":..,"sure":..,"because":..,"next":..; nothing where no row fits. */
void classify_json(struct text *t, const struct sweep *s, uint32_t host);

#endif
