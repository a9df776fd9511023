/* SPDX-License-Identifier: Apache-2.0 */
/* child - the streams of a child of a run (mid_spawn): pipes on Linux, sockets on Windows. */
#ifndef MID_COMMON_CHILD_H
#define MID_COMMON_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "midd/probe.h"

/* As read(2), write(2), close(2), with errno. */
ssize_t child_read(intptr_t fd, void *p, size_t n);
ssize_t child_write(intptr_t fd, const void *p, size_t n);
void child_close(intptr_t fd);
/* A read that said EAGAIN may say more later. On Linux not after its end: others may hold the pipe open, what counts is the program. */
bool child_may_say_more(const struct mid_child *c);

/* The name of a program says where it is, whatever folder one is in. */
bool child_is_absolute(const char *program);

#endif
