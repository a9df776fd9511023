/* SPDX-License-Identifier: Apache-2.0 */
/* here - this machine as a source of facts: os/linux, os/windows. */
#ifndef MID_LOCAL_HERE_H
#define MID_LOCAL_HERE_H

struct facts_source;

/* ROOT is "/", or the top of a captured tree. A negative errno: -ENOTSUP where trees can't be read. *OUT is the caller's. */
int here_open(struct facts_source **out, const char *root);

#endif
