/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check - what no option can know alone: those that need or exclude each
 * other. One row a rule.
 */
#ifndef MID_CONFIG_CHECK_H
#define MID_CONFIG_CHECK_H

struct config;
struct err;

/* Where an option was written; FILE NULL: nowhere, its default is in force. */
struct config_origin {
	char *file;
	int line;
};

/* FILE: the main one, for what was written nowhere. */
int check_config(const struct config *c, const char *file, struct err *err);

#endif
