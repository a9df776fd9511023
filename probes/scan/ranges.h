/* SPDX-License-Identifier: Apache-2.0 */
/* ranges - what a job asks to scan, in the forms it may come in, as one list of words for midd's policy. */
#ifndef MID_SCAN_RANGES_H
#define MID_SCAN_RANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "midd/probe.h"

/*
 * The list, the caller's: "10.0.0.0/22 !10.0.0.7"; "" when the job names one host, whose address midd knows; NULL and WHY.
 * *NAME: how that one host is called, the caller's, or NULL. Parameters: ranges, ranges_json, exclude, and the source.
 */
char *ranges_asked(const struct mid_host *h, struct mid_run *run, char **name, char *why, size_t room);

/* The port that the source, an https URL, means; 0: it is no such URL; <0: it names one that is none. */
int url_port(const char *source);
/* It is a list of URLs. */
bool urls_are_many(const char *source);

#endif
