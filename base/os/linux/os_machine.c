/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_machine - see os.h. Linux binds nothing to a machine by itself: a service gets its keys
 * from systemd-creds, a TPM2 or a token (midctl enroll --sealed, --key).
 */
#include "os.h"

#include <stdlib.h>

#include "err.h"

bool
os_machine_binds(void)
{
	return false;
}

int
os_machine_lock(struct buf *out, const void *p, size_t n, struct err *err)
{
	(void)out, (void)p, (void)n;
	return err_set(err, E_OS, "this system binds no file to the machine by itself");
}

int
os_machine_unlock(struct buf *out, const void *p, size_t n, struct err *err)
{
	(void)out, (void)p, (void)n;
	return err_set(err, E_OS, "only Windows (DPAPI) can open it");
}

void
os_machine_hush(void)
{
	(void)setenv("TSS2_LOG", "all+none", 0);
}
