/* SPDX-License-Identifier: Apache-2.0 */
/* os_win - see os_win.h. */
#include "os_win.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

/* TOKEN_USER and TOKEN_OWNER begin alike. */
union own { PSID sid; TOKEN_USER user; TOKEN_OWNER owner; char room[256]; };

int
win_err(struct err *err, const char *fmt, ...)
{
	DWORD e = GetLastError();
	char what[300], why[200] = "";
	size_t n;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, e, 0, why, sizeof(why), NULL);
	for (n = strlen(why); n > 0 && (why[n - 1] == '\n' || why[n - 1] == '\r' || why[n - 1] == '.'); n--)
		why[n - 1] = '\0';
	return err_set(err, e == ERROR_DISK_FULL || e == ERROR_HANDLE_DISK_FULL ? E_FULL : E_OS, "%s: %s (%lu)", what, why, (unsigned long)e);
}

/* Of our token: TokenUser the account that we run as, TokenOwner who owns what we make. In ROOM; NULL unknown. */
static PSID
own_sid(TOKEN_INFORMATION_CLASS which, union own *room)
{
	HANDLE token;
	DWORD n;
	bool known = false;

	if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
		known = GetTokenInformation(token, which, room, sizeof(*room), &n);
		CloseHandle(token);
	}
	return known ? room->sid : NULL;
}

PSECURITY_DESCRIPTOR
win_only_us(void)
{
	static PSECURITY_DESCRIPTOR made;
	char *sid = NULL, text[300];
	union own own;
	PSID us;

	if (made != NULL)
		return made;
	us = own_sid(TokenUser, &own);
	if (us == NULL || !ConvertSidToStringSidA(us, &sid))
		return NULL;
	/* LS is LocalService, which midd runs as: it reads what an administrator's midctl has written for it. */
	snprintf(text, sizeof(text), "D:P(A;OICI;GA;;;SY)(A;OICI;GA;;;BA)(A;OICI;GR;;;LS)(A;OICI;GA;;;%s)", sid);
	LocalFree(sid);
	if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1, &made, NULL))
		made = NULL;
	return made;
}

bool
win_sid_is_ours(PSID sid)
{
	static const WELL_KNOWN_SID_TYPE also[] = { WinLocalSystemSid, WinBuiltinAdministratorsSid, WinLocalServiceSid };
	union own own;
	PSID us = own_sid(TokenUser, &own);
	size_t i;

	if (us != NULL && EqualSid(sid, us))
		return true;
	us = own_sid(TokenOwner, &own);
	if (us != NULL && EqualSid(sid, us))
		return true;
	for (i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		if (IsWellKnownSid(sid, also[i]))
			return true;
	return false;
}

bool
win_owned_by_us(const char *path)
{
	PSECURITY_DESCRIPTOR d = NULL;
	PSID owner = NULL;
	bool ours;

	if (GetNamedSecurityInfoA(path, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &d) != ERROR_SUCCESS)
		return false;
	ours = owner != NULL && win_sid_is_ours(owner);
	LocalFree(d);
	return ours;
}

static bool
is_ours(PSID sid, PSID owner)
{
	return EqualSid(sid, owner) || win_sid_is_ours(sid) || IsWellKnownSid(sid, WinCreatorOwnerSid);
}

int
win_only_ours(const char *path, DWORD rights)
{
	PSECURITY_DESCRIPTOR d = NULL;
	PSID owner;
	PACL list;
	ACCESS_ALLOWED_ACE *a;
	DWORD i;
	int r = 1;

	rights |= GENERIC_ALL | (rights & FILE_READ_DATA ? GENERIC_READ : GENERIC_WRITE);
	if (GetNamedSecurityInfoA(path, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
	    &owner, NULL, &list, NULL, &d) != ERROR_SUCCESS)
		return -E_OS;
	for (i = 0; list != NULL && r == 1 && i < list->AceCount; i++)
		if (GetAce(list, i, (void **)&a) && a->Header.AceType == ACCESS_ALLOWED_ACE_TYPE &&
		    (a->Header.AceFlags & INHERIT_ONLY_ACE) == 0 && (a->Mask & rights) != 0 && !is_ours((PSID)&a->SidStart, owner))
			r = 0;
	if (list == NULL)	/* no list at all: everybody */
		r = 0;
	LocalFree(d);
	return r;
}
