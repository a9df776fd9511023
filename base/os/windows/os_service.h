/* SPDX-License-Identifier: Apache-2.0 */
/* os_service - the service manager of Windows; see os.h, os_main(). */
#ifndef MID_OS_SERVICE_H
#define MID_OS_SERVICE_H

#include <stdbool.h>

bool win_is_service(void);
void win_service_running(void);
void win_service_stopping(void);
/* os_service_ask.c: install, uninstall, start, stop, pause, resume. -1: VERB is none of them. */
int win_service_verb(const char *verb);

#define WIN_SERVICE "midd"

#endif
