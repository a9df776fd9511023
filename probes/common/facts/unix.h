/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unix - the same sections of systems that are no Linux: FreeBSD, macOS,
 * Solaris and its relatives, AIX, HP-UX. What Linux tells in files, these tell by commands.
 */
#ifndef MID_FACTS_UNIX_H
#define MID_FACTS_UNIX_H
#include "facts/facts.h"

/* Who collects SECTION on SRC's system, or NULL: nobody. */
facts_collect_fn *facts_collector(struct facts_source *src, const struct facts_section *section);

facts_collect_fn facts_unix_os, facts_unix_host, facts_unix_cpu, facts_unix_memory, facts_unix_dmi;
facts_collect_fn facts_unix_block_devices, facts_unix_volumes, facts_unix_interfaces, facts_unix_addresses;
facts_collect_fn facts_unix_routes, facts_unix_neighbours, facts_unix_time, facts_unix_filesystems, facts_unix_mounts;
facts_collect_fn facts_unix_virtual, facts_unix_packages, facts_unix_processes, facts_unix_sockets, facts_unix_services;
facts_collect_fn facts_unix_users;
facts_collect_fn facts_unix_dimms;	/* of dmidecode's text, on any system; without the sums */

/* unix_machine.c: what dmidecode or smbios says, into fields of the section dmi that are not known yet. */
void facts_smbios_text(struct facts_source *src, const char *command, struct json_object *out);
/* unix_net.c: an address of hardware in any spelling; the bits of a mask of IPv4, or -1. */
bool unix_mac(struct str s, char mac[18]);
int unix_mask_bits(struct str s);
/* unix_packages.c: the databases of apk and pacman; what a manager's command printed. */
struct package_list;
/* packages_named.c: those whose folders are named by name and version. */
void packages_of_names(struct facts_source *src, struct package_list *list, struct json_object *databases);
void packages_of_files(struct facts_source *src, struct package_list *list, struct json_object *databases);
bool packages_of_command(struct facts_source *src, const char *command, struct package_list *list, struct json_object *databases);

#endif
