/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_job - a job is written into the queue of the running lab (cli_job.c),
 * and perhaps waited for (cli_wait.c).
 */
#ifndef LAB_CLI_JOB_H
#define LAB_CLI_JOB_H
#include <stdbool.h>
#include <stddef.h>

struct client;

#define JOB_TIMEOUT 3		/* exit status */

/* Waits until all pages of each of the COUNT jobs are there, WAIT_S seconds in
 * all, and prints them. Gives the exit status. */
int job_wait(struct client *c, char *const *ids, size_t count, long wait_s,
    bool json);
#endif
