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

/* The account that we run as; borrowed, NULL unknown. */
static PSID
own_sid(void)
{
	static union { TOKEN_USER user; char room[256]; } own;
	static bool known;
	HANDLE token;
	DWORD n;

	if (!known && OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
		known = GetTokenInformation(token, TokenUser, &own, sizeof(own), &n);
		CloseHandle(token);
	}
	return known ? own.user.User.Sid : NULL;
}

PSECURITY_DESCRIPTOR
win_only_us(void)
{
	static PSECURITY_DESCRIPTOR made;
	char *sid = NULL, text[300];

	if (made != NULL)
		return made;
	if (own_sid() == NULL || !ConvertSidToStringSidA(own_sid(), &sid))
		return NULL;
	snprintf(text, sizeof(text), "D:P(A;OICI;GA;;;SY)(A;OICI;GA;;;BA)(A;OICI;GA;;;%s)", sid);
	LocalFree(sid);
	if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1, &made, NULL))
		made = NULL;
	return made;
}

bool
win_sid_is_ours(PSID sid)
{
	return (own_sid() != NULL && EqualSid(sid, own_sid())) || IsWellKnownSid(sid, WinLocalSystemSid) ||
	    IsWellKnownSid(sid, WinBuiltinAdministratorsSid) || IsWellKnownSid(sid, WinLocalServiceSid);
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
