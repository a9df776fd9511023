/* SPDX-License-Identifier: Apache-2.0 */
/* os_service - the service manager of Windows; see os.h, os_main(). */
#ifndef MID_OS_SERVICE_H
#define MID_OS_SERVICE_H

#include <stdbool.h>

struct err;

bool win_is_service(void);
void win_service_running(void);
void win_service_stopping(void);
/* The service begins anew once it has ended: by a helper of ours, else by its recovery action. */
int win_service_again(struct err *err);
/* os_service_ask.c: midd install, start and so on. -1: VERB is none of them. */
int win_service_verb(const char *verb);

/* os_service_ask.c: may we, as the account that we are? */
bool win_service_may_start(void);

#define WIN_SERVICE "midd"
#define WIN_START_AGAIN "start-again"	/* the verb of the helper */

#endif
