/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: errors, access lists. */
#ifndef MID_OS_WIN_H
#define MID_OS_WIN_H

#include <stdbool.h>
#include <winsock2.h>
#include <windows.h>

struct err;

/* As err_os(), of GetLastError(). */
int win_err(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* For ourselves, SYSTEM and administrators alone, and LocalService may read; borrowed, NULL when it can't be made. */
PSECURITY_DESCRIPTOR win_only_us(void);
bool win_sid_is_ours(PSID sid);		/* ourselves, SYSTEM, administrators, LocalService */
bool win_owned_by_us(const char *path);	/* by one of those */
/* 1 nobody but us, SYSTEM, administrators and the owner has one of RIGHTS to PATH; 0 others have; <0 unknown. */
int win_only_ours(const char *path, DWORD rights);

#endif
