/* SPDX-License-Identifier: Apache-2.0 */
/* os_hand - Windows' helpers are none yet; see os.h. */
#include "os.h"

#include "err.h"

int
os_hand_send(intptr_t way, uint32_t tag, intptr_t handed)
{
	(void)way, (void)tag, (void)handed;
	return -E_OS;
}

int
os_hand_take(intptr_t *out, uint32_t *tag, intptr_t way)
{
	(void)out, (void)tag, (void)way;
	return -E_NONE;
}
