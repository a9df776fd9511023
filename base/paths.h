/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths - where our own files are: beside the running program in a build
 * folder, else below the PREFIX it was installed to.
 */
#ifndef MID_PATHS_H
#define MID_PATHS_H

enum path_of { PATH_WORKER, PATH_PROBES, PATH_MAPS, PATH_EXEC, PATH_MIDD, PATH_CONFIG, PATH_CONTROL, PATH_STATE };

/* Borrowed for the life of the process. Never NULL; need not exist. */
const char *path_default(enum path_of what);

#endif
