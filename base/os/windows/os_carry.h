/* SPDX-License-Identifier: Apache-2.0 */
/* os_carry - bytes of a named pipe, carried to and from a socket. */
#ifndef MID_OS_CARRY_H
#define MID_OS_CARRY_H

#include <stdbool.h>

#include "os_win.h"

/* Two sockets that are connected with each other and with nobody else. <0: GetLastError(). */
int win_socket_pair(SOCKET pair[2]);
void win_not_blocking(SOCKET s);
/* Takes both. SERVER: the pipe's last bytes are waited for. */
void win_carry(HANDLE pipe, SOCKET s, bool server);
/* It was made by SYSTEM, LocalService, an administrator or us. False also when that can't be told. */
bool win_pipe_is_ours(HANDLE pipe);

#endif
