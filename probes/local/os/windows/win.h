/* SPDX-License-Identifier: Apache-2.0 */
/* win - what the collectors of this room share: text, the registry, errors. */
#ifndef MID_LOCAL_WIN_H
#define MID_LOCAL_WIN_H

#include <winsock2.h>
#include <ws2tcpip.h>	/* before iphlpapi.h, which then knows the newer tables */
#include <windows.h>
#undef interface
#undef IN
#undef OUT

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"
#include "facts/out.h"

#define WIN_ITEMS_MAX 20000u	/* of one list, as everywhere (doc/facts.md) */
#define WIN_TEXT 1024

struct json_object;

/* Windows' text as UTF-8, cut to fit; "" when it is none. Returns TO. */
char *win_utf8(char *to, size_t n, const wchar_t *from);
void win_put(struct json_object *obj, const char *key, const wchar_t *text);
void win_put_item(struct json_object *list, const wchar_t *text);
/* The next item of LIST, or NULL with "truncated" in OUT when there are as many as may be. */
struct json_object *win_item(struct json_object *list, struct json_object *out);
/* A sentence for error E of a call that was to tell WHAT. Negative. */
int win_fail(struct facts_err *err, DWORD e, const char *what);

/* A value below HKEY_LOCAL_MACHINE, of the 64-bit half. False: there is none. */
bool win_reg_text(const wchar_t *key, const wchar_t *name, wchar_t *to, size_t n);
bool win_reg_number(const wchar_t *key, const wchar_t *name, uint32_t *out);
bool win_put_reg(struct json_object *obj, const char *field, const wchar_t *key, const wchar_t *name);

/* Seconds since 1970; 0 for a time before. */
uint64_t win_seconds(FILETIME t);
/* An address as text; its scope as in the section addresses. */
void win_address(const SOCKADDR *a, char to[64]);
void win_mac(const BYTE *mac, size_t n, char to[64]);
/* "DOMAIN\name" of an account; "" unknown. */
void win_account(PSID sid, char *to, size_t n);

/* processes.c: who is behind a number, for the sections processes and sockets. */
struct win_people;
struct win_people *win_people_new(void);	/* NULL: the system does not tell */
const char *win_people_name(const struct win_people *p, DWORD pid);	/* NULL unknown; borrowed */
void win_people_free(struct win_people *p);

/* smbios.c: the firmware's table; the caller's free(). NULL: there is none. */
char *win_smbios(size_t *n);

facts_collect_fn win_os, win_host, win_time, win_cpu, win_memory, win_block_devices, win_partitions, win_filesystems;
facts_collect_fn win_interfaces, win_addresses, win_dns, win_routes, win_neighbours, win_sockets, win_processes;
facts_collect_fn win_services, win_software, win_users, win_groups;

#endif
