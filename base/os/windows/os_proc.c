/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_proc - this process on Windows: where it is, who it is, what it uses.
 */
#include "os.h"

#include "os_win.h"

#include <bcrypt.h>
#include <psapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tlhelp32.h>

#include "err.h"

#define EPOCH 116444736000000000ll	/* 1970 in 100 ns since 1601 */

int
os_random(void *p, size_t n)
{
	if (BCryptGenRandom(NULL, p, (ULONG)n, BCRYPT_USE_SYSTEM_PREFERRED_RNG) < 0)
		abort();	/* keys and jitter from a guess would be worse */
	return 0;
}

const char *
os_program_dir(void)
{
	static char dir[MAX_PATH * 4];
	char *slash, *p;

	if (dir[0] != '\0')
		return dir;
	if (GetModuleFileNameA(NULL, dir, sizeof(dir) - 1) == 0)
		return "";
	for (p = dir; *p != '\0'; p++)
		if (*p == '\\')
			*p = '/';
	slash = strrchr(dir, '/');
	if (slash != NULL)
		*slash = '\0';
	return dir;
}

static int64_t
ticks(FILETIME t)
{
	return ((int64_t)t.dwHighDateTime << 32) | t.dwLowDateTime;
}

static int
threads_of(DWORD pid)
{
	HANDLE h = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	PROCESSENTRY32 e = { .dwSize = sizeof(e) };
	int n = 0;

	if (h == INVALID_HANDLE_VALUE)
		return 0;
	if (Process32First(h, &e))
		do
			if (e.th32ProcessID == pid)
				n = (int)e.cntThreads;
		while (n == 0 && Process32Next(h, &e));
	CloseHandle(h);
	return n;
}

int
os_usage_of(int pid, struct os_usage *out)
{
	HANDLE h = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, (DWORD)pid);
	PROCESS_MEMORY_COUNTERS m = { .cb = sizeof(m) };
	FILETIME begun, ended, kernel, user;
	DWORD handles = 0;

	if (h == NULL)
		return -E_NONE;
	memset(out, 0, sizeof(*out));
	if (GetProcessMemoryInfo(h, &m, sizeof(m)))
		out->rss_bytes = (int64_t)m.WorkingSetSize;
	if (GetProcessTimes(h, &begun, &ended, &kernel, &user))
		out->cpu_ms = (ticks(kernel) + ticks(user)) / 10000;
	out->files = GetProcessHandleCount(h, &handles) ? (int)handles : -1;
	out->threads = threads_of((DWORD)pid);
	CloseHandle(h);
	return 0;
}

void
os_usage(struct os_usage *out)
{
	memset(out, 0, sizeof(*out));
	(void)os_usage_of((int)GetCurrentProcessId(), out);
}

int64_t
os_time_ms(void)
{
	FILETIME t;

	GetSystemTimePreciseAsFileTime(&t);
	return (ticks(t) - EPOCH) / 10000;
}

const char *
os_user_name(void)
{
	static char name[128];
	DWORD n = sizeof(name);

	if (name[0] == '\0' && !GetUserNameA(name, &n))
		snprintf(name, sizeof(name), "unknown");
	return name;
}

const char *
os_host_name(void)
{
	static char name[256];
	DWORD n = sizeof(name);

	if (name[0] == '\0' && !GetComputerNameExA(ComputerNamePhysicalDnsHostname, name, &n))
		snprintf(name, sizeof(name), "localhost");
	return name;
}

/* No box that waits for somebody to press a button, no library from the current folder; sockets are ready. */
void
os_guard_process(void)
{
	WSADATA w;

	SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
	SetDllDirectoryA("");
	(void)WSAStartup(MAKEWORD(2, 2), &w);
}

void
os_ignore_hangup(void)
{
}

void
os_system(struct os_system *out)
{
	typedef LONG WINAPI version_fn(OSVERSIONINFOW *);
	version_fn *version = (version_fn *)(uintptr_t)GetProcAddress(GetModuleHandleA("ntdll"), "RtlGetVersion");
	OSVERSIONINFOW v = { .dwOSVersionInfoSize = sizeof(v) };
	MEMORYSTATUSEX m = { .dwLength = sizeof(m) };
	SYSTEM_INFO si;

	memset(out, 0, sizeof(*out));
	snprintf(out->name, sizeof(out->name), "Windows");
	if (version != NULL && version(&v) == 0)
		snprintf(out->release, sizeof(out->release), "%lu.%lu.%lu", (unsigned long)v.dwMajorVersion,
		    (unsigned long)v.dwMinorVersion, (unsigned long)v.dwBuildNumber);
	GetSystemInfo(&si);
	out->cores = (long)si.dwNumberOfProcessors;
	if (GlobalMemoryStatusEx(&m))
		out->ram_mb = (int64_t)(m.ullTotalPhys / (1024 * 1024));
}
