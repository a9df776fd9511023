/* SPDX-License-Identifier: Apache-2.0 */
/* system - the sections os, host and time. */
#include "win.h"

#include <stdio.h>
#include <string.h>

#define CURRENT L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define CRYPTOGRAPHY L"SOFTWARE\\Microsoft\\Cryptography"
#define ELEVEN 22000u		/* builds from this one on are called Windows 11, but for the registry */

static OSVERSIONINFOEXW
version(void)
{
	typedef LONG WINAPI version_fn(OSVERSIONINFOEXW *);
	version_fn *fn = (version_fn *)(uintptr_t)GetProcAddress(GetModuleHandleA("ntdll"), "RtlGetVersion");
	OSVERSIONINFOEXW v = { .dwOSVersionInfoSize = sizeof(v) };

	if (fn != NULL)
		(void)fn(&v);
	return v;
}

/* "Windows 10 Pro" of build 22000 and later is Windows 11. */
static void
product(const OSVERSIONINFOEXW *v, char *to, size_t n)
{
	wchar_t text[256];
	char name[512];

	if (!win_reg_text(CURRENT, L"ProductName", text, 256))
		wcscpy(text, L"Windows");
	win_utf8(name, sizeof(name), text);
	if (v->wProductType == VER_NT_WORKSTATION && v->dwBuildNumber >= ELEVEN && strncmp(name, "Windows 10", 10) == 0)
		memcpy(name, "Windows 11", 10);
	snprintf(to, n, "%s", name);
}

static const char *
architecture(void)
{
	SYSTEM_INFO si;

	GetNativeSystemInfo(&si);
	return si.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_AMD64 ? "x86_64" :
	    si.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_ARM64 ? "aarch64" :
	    si.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_INTEL ? "i686" : NULL;
}

int
win_os(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	OSVERSIONINFOEXW v = version();
	char name[512], text[800], release[64], build[64];
	uint32_t patch = 0;

	(void)src, (void)err;
	product(&v, name, sizeof(name));
	(void)win_reg_number(CURRENT, L"UBR", &patch);
	snprintf(release, sizeof(release), "%lu.%lu.%lu", (unsigned long)v.dwMajorVersion, (unsigned long)v.dwMinorVersion,
	    (unsigned long)v.dwBuildNumber);
	snprintf(build, sizeof(build), patch > 0 ? "%lu.%u" : "%lu", (unsigned long)v.dwBuildNumber, patch);
	snprintf(text, sizeof(text), "%s (build %s)", name, build);
	out_cstr(out, "id", "windows");
	out_cstr(out, "name", name);
	out_cstr(out, "pretty_name", text);
	out_cstr(out, "distribution", name);
	out_cstr(out, "family", "Windows");
	out_cstr(out, "kernel_name", "Windows_NT");
	out_cstr(out, "kernel_release", release);
	snprintf(text, sizeof(text), patch > 0 ? "%s.%u" : "%s", release, patch);
	out_cstr(out, "version_id", text);
	out_cstr(out, "distribution_version", text);
	out_cstr(out, "build_id", build);
	if (!win_put_reg(out, "codename", CURRENT, L"DisplayVersion"))
		(void)win_put_reg(out, "codename", CURRENT, L"ReleaseId");
	(void)win_put_reg(out, "edition", CURRENT, L"EditionID");
	out_cstr(out, "variant", v.wProductType == VER_NT_WORKSTATION ? "workstation" :
	    v.wProductType == VER_NT_DOMAIN_CONTROLLER ? "domain controller" : "server");
	out_cstr(out, "architecture", architecture());
	return 0;
}

static void
put_name(struct json_object *out, const char *key, COMPUTER_NAME_FORMAT form)
{
	wchar_t name[256];
	DWORD n = 256;

	if (GetComputerNameExW(form, name, &n))
		win_put(out, key, name);
}

/* The identifier that setup made, as the 32 digits that others have. */
static void
put_machine_id(struct json_object *out)
{
	wchar_t guid[64];
	char id[64];
	size_t i, n = 0;

	if (!win_reg_text(CRYPTOGRAPHY, L"MachineGuid", guid, 64))
		return;
	for (i = 0; guid[i] != L'\0' && n < sizeof(id) - 1; i++)
		if (guid[i] != L'-')
			id[n++] = (char)(guid[i] >= L'A' && guid[i] <= L'F' ? guid[i] + 32 : guid[i]);
	id[n] = '\0';
	out_cstr(out, "machine_id", id);
}

int
win_host(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const char *domain;

	(void)src, (void)err;
	put_name(out, "hostname", ComputerNamePhysicalDnsHostname);
	put_name(out, "domain", ComputerNamePhysicalDnsDomain);
	domain = out_get_text(out, "domain");
	if (domain != NULL)
		put_name(out, "fqdn", ComputerNamePhysicalDnsFullyQualified);
	put_machine_id(out);
	return 0;
}

int
win_time(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	uint64_t up_ms = GetTickCount64();
	DYNAMIC_TIME_ZONE_INFORMATION zone = { 0 };
	FILETIME now;

	(void)src, (void)err;
	GetSystemTimeAsFileTime(&now);
	out_real(out, "uptime_s", (double)up_ms / 1000);
	out_u64(out, "boot_time_s", win_seconds(now) - up_ms / 1000);
	if (GetDynamicTimeZoneInformation(&zone) != TIME_ZONE_ID_INVALID)
		win_put(out, "timezone", zone.TimeZoneKeyName[0] != L'\0' ? zone.TimeZoneKeyName : zone.StandardName);
	return 0;
}
