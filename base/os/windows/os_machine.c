/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_machine - see os.h: DPAPI, with the key of the machine and not of an account. An administrator
 * writes a key (midctl enroll) and LocalService reads it (midd): no account has both. Who may open
 * it on this machine is said by the file's access list (os_file.c).
 */
#include "os.h"

#include "os_win.h"

#include <wincrypt.h>

#include "buf.h"
#include "err.h"

/* Another program's call does not open ours by mistake; it is no secret. */
static BYTE purpose_text[] = "midd: a secret of its own";
static DATA_BLOB purpose = { sizeof(purpose_text), purpose_text };

bool
os_machine_binds(void)
{
	return true;
}

/* Swallows MADE, which the system has allocated. */
static int
hand_out(struct buf *out, DATA_BLOB *made, struct err *err)
{
	int r = buf_put(out, made->pbData, made->cbData);

	SecureZeroMemory(made->pbData, made->cbData);
	LocalFree(made->pbData);
	return r < 0 ? err_set(err, E_FULL, "it is larger than a secret may be") : 0;
}

int
os_machine_lock(struct buf *out, const void *p, size_t n, struct err *err)
{
	DATA_BLOB in = { (DWORD)n, (BYTE *)(uintptr_t)p }, made = { 0, NULL };

	if (!CryptProtectData(&in, L"midd", &purpose, NULL, NULL, CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN, &made))
		return win_err(err, "DPAPI");
	return hand_out(out, &made, err);
}

int
os_machine_unlock(struct buf *out, const void *p, size_t n, struct err *err)
{
	DATA_BLOB in = { (DWORD)n, (BYTE *)(uintptr_t)p }, made = { 0, NULL };

	if (!CryptUnprotectData(&in, NULL, &purpose, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &made))
		return win_err(err, "DPAPI");
	return hand_out(out, &made, err);
}

void
os_machine_hush(void)
{
}
