/* SPDX-License-Identifier: Apache-2.0 */
/* program - see program.h: by its name's end, and by its access list. */
#include "../../program.h"

#include <windows.h>

#include <aclapi.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define CHANGES (FILE_WRITE_DATA | FILE_APPEND_DATA | DELETE | WRITE_DAC | WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL)

static bool
may_change(PSID sid, PSID owner)
{
	static const WELL_KNOWN_SID_TYPE theirs[] = { WinWorldSid, WinAuthenticatedUserSid, WinBuiltinUsersSid, WinBuiltinGuestsSid,
		WinInteractiveSid, WinAnonymousSid };
	size_t i;

	if (EqualSid(sid, owner))
		return false;
	for (i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
		if (IsWellKnownSid(sid, theirs[i]))
			return true;
	return false;
}

static bool
others_may_change(const char *path)
{
	PSECURITY_DESCRIPTOR d = NULL;
	ACCESS_ALLOWED_ACE *a;
	bool may = false;
	PSID owner;
	PACL list;
	DWORD i;

	if (GetNamedSecurityInfoA(path, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, NULL, &list, NULL,
	    &d) != ERROR_SUCCESS)
		return true;
	for (i = 0; list != NULL && i < list->AceCount; i++)
		if (GetAce(list, i, (void **)&a) && a->Header.AceType == ACCESS_ALLOWED_ACE_TYPE &&
		    (a->Header.AceFlags & INHERIT_ONLY_ACE) == 0 && (a->Mask & CHANGES) != 0)
			may = may || may_change((PSID)&a->SidStart, owner);
	may = may || list == NULL;	/* no list at all: everybody */
	LocalFree(d);
	return may;
}

const char *
program_unfit(const char *path)
{
	static const char *const ends[] = { ".exe", ".com", ".cmd", ".bat" };
	DWORD what = GetFileAttributesA(path);
	size_t n = strlen(path), i;

	if (what == INVALID_FILE_ATTRIBUTES || (what & FILE_ATTRIBUTE_DIRECTORY) != 0)
		return "is not there";
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (n > 4 && strcasecmp(path + n - 4, ends[i]) == 0)
			return others_may_change(path) ? "may be changed by users: take that from its access list" : NULL;
	return "is no program of Windows: it must be a .exe, .com, .cmd or .bat";
}
