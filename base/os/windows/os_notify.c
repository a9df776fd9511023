/* SPDX-License-Identifier: Apache-2.0 */
/* os_notify - the service manager is told by os_service.c; see os.h. */
#include "os.h"

#include <string.h>

#include "os_service.h"

const bool os_service_brings_keys = false;

bool
os_has_manager(void)
{
	return true;
}

const char *
os_service_down(void)
{
	return "start it: midd start, or midd --config FILE; the event viewer (Application, source midd) says why it ended";
}

const char *
os_service_hint(void)
{
	return "midd start     (it runs already? midctl restart)";
}

int
os_notify(const char *state)
{
	if (strncmp(state, "READY=1", 7) == 0)
		win_service_running();
	else if (strncmp(state, "STOPPING=1", 10) == 0)
		win_service_stopping();
	return 0;
}

int64_t
os_watchdog_ms(void)
{
	return 0;	/* Windows has none */
}
