/* SPDX-License-Identifier: Apache-2.0 */
/* program - what a manifest may name: os/linux, os/windows. */
#ifndef MID_EXEC_PROGRAM_H
#define MID_EXEC_PROGRAM_H

/* NULL when the file PATH may be run; else what is wrong with it and what to do, in words. */
const char *program_unfit(const char *path);

#endif
