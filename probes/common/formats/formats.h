/* SPDX-License-Identifier: Apache-2.0 */
/*
 * formats - what commands and files of Unix hosts look like, as tables: which
 * system's which command, in which form, with which fields.
 *
 * Names of fields are those of jc (github.com/kellyjonbrazil/jc) where it reads
 * the same command, so that what people have written for it fits.
 */
#ifndef MID_FORMATS_FORMATS_H
#define MID_FORMATS_FORMATS_H

#include <stdbool.h>

#include "str.h"

struct json_object;

enum field_kind { AS_TEXT, AS_INT, AS_REAL, AS_LIST /* at commas */, AS_LIST_IF_ANY, AS_WORDS /* all the rest */,
	AS_REST /* one text */, AS_TEXT_OR_NULL /* ? and ?? are unknown */,
	AS_WHOLE /* 12.7 is 12 */, AS_INT_OR_TEXT,
	AS_NUMBER /* the digits in it, null without any */, AS_DECIMAL /* the same, with a point */,
	AS_BOOL /* yes, on, true, enabled, 1, * */, AS_DASH /* text; empty, - and -- are null */,
	AS_BYTES /* 2G */, AS_ZERO /* a number; 0 where there is none */ };

/* One of a line, from the left; the last row has no key. */
struct field { const char *key; enum field_kind kind; };

struct format {
	const char *system, *command;	/* as "linux", "etc-passwd" */
	const char *top;		/* the key that holds all of it; "": it has several keys of its own */
	/* Reads TEXT into TOP, an object or a list. False: nothing in it is of that form. */
	bool (*read)(const struct format *f, struct str text, struct json_object *top);
	bool list;			/* TOP is a list */
	const struct field *fields;
	int skip;			/* lines of heading */
	char sep;			/* between key and value, or fields; ' ' blanks */
	enum field_kind values;		/* of the values of a key */
};

/* TEXT as a command wrote it, of which a terminal, a mail or an editor has made more: a mark
 * and empty lines at its begin, a prompt or a warning there, CR before LF, as many blanks at the end of each line, empty lines
 * at its end. How much is left of N bytes. */
size_t format_clean(char *text, size_t n);
/* Where the second line begins: the first may be the command itself, or what it complained of. */
size_t format_next_line(const char *text, size_t n);

/* rows_*.c: the formats, by system; the last row of each has no system. */
extern const struct format formats_linux[], formats_bsd[], formats_unix[];
/* Fields that several systems share. */
extern const struct field fields_passwd[], fields_group[], fields_ntpq[];

/* The first for COMMAND of SYSTEM behind AFTER (NULL: of all), or NULL: a command may print
 * several forms, and an output be told of under several keys. */
const struct format *format_find(const struct format *after, const char *system, const char *command);
/* All of them, for a sentence: the I-th, NULL at the end. */
const struct format *format_at(unsigned i);

/* read.c: forms that several share; special.c, host.c, software.c, ...: those of their own. */
bool read_fields(const struct format *f, struct str text, struct json_object *top);	/* one line, one object of the list */
bool read_one(const struct format *f, struct str text, struct json_object *top);	/* the first line alone */
bool read_pairs(const struct format *f, struct str text, struct json_object *top);	/* key SEP value */
bool read_df(const struct format *f, struct str text, struct json_object *top);
bool read_df_mb(const struct format *f, struct str text, struct json_object *top);
bool read_df_solaris(const struct format *f, struct str text, struct json_object *top);
bool read_mount(const struct format *f, struct str text, struct json_object *top);
bool read_uname(const struct format *f, struct str text, struct json_object *top);
bool read_free(const struct format *f, struct str text, struct json_object *top);
bool read_uname_bsd(const struct format *f, struct str text, struct json_object *top);
bool read_filesystems(const struct format *f, struct str text, struct json_object *top);
/* host.c */
bool read_id(const struct format *f, struct str text, struct json_object *top);
bool read_uptime(const struct format *f, struct str text, struct json_object *top);
bool read_arp(const struct format *f, struct str text, struct json_object *top);
bool read_blkid(const struct format *f, struct str text, struct json_object *top);
bool read_net_dev(const struct format *f, struct str text, struct json_object *top);
/* software.c */
bool read_dpkg_query(const struct format *f, struct str text, struct json_object *top);
bool read_dpkg(const struct format *f, struct str text, struct json_object *top);
bool read_lslpp(const struct format *f, struct str text, struct json_object *top);
bool read_systemctl(const struct format *f, struct str text, struct json_object *top);
bool read_lvm(const struct format *f, struct str text, struct json_object *top);
bool read_pvs(const struct format *f, struct str text, struct json_object *top);
bool read_mount_bsd(const struct format *f, struct str text, struct json_object *top);
/* aix.c */
bool read_lsfs(const struct format *f, struct str text, struct json_object *top);
bool read_lsdev_slots(const struct format *f, struct str text, struct json_object *top);
bool read_lsdev_controllers(const struct format *f, struct str text, struct json_object *top);
/* aix_hardware.c */
bool read_lscfg(const struct format *f, struct str text, struct json_object *top);
bool read_lscfg_macs(const struct format *f, struct str text, struct json_object *top);
bool read_lsconf(const struct format *f, struct str text, struct json_object *top);
bool read_lsvpd_system(const struct format *f, struct str text, struct json_object *top);
bool read_lsvpd_memories(const struct format *f, struct str text, struct json_object *top);
bool read_lsattr(const struct format *f, struct str text, struct json_object *top);
bool read_oslevel(const struct format *f, struct str text, struct json_object *top);
/* aix_volumes.c */
bool read_lspv(const struct format *f, struct str text, struct json_object *top);
bool read_lspv_list(const struct format *f, struct str text, struct json_object *top);
bool read_lslv(const struct format *f, struct str text, struct json_object *top);
bool read_lsvg(const struct format *f, struct str text, struct json_object *top);
bool read_lsvg_logical(const struct format *f, struct str text, struct json_object *top);
bool read_lsvg_physical(const struct format *f, struct str text, struct json_object *top);
bool read_lsvg_names(const struct format *f, struct str text, struct json_object *top);
bool read_lsps(const struct format *f, struct str text, struct json_object *top);
/* hpux.c */
bool read_machinfo(const struct format *f, struct str text, struct json_object *top);
bool read_machinfo_cpus(const struct format *f, struct str text, struct json_object *top);
bool read_ioscan_slots(const struct format *f, struct str text, struct json_object *top);
bool read_ioscan_disks(const struct format *f, struct str text, struct json_object *top);
bool read_cstm(const struct format *f, struct str text, struct json_object *top);
bool read_swlist(const struct format *f, struct str text, struct json_object *top);
/* hpux_cprop.c */
bool read_cprop_memories(const struct format *f, struct str text, struct json_object *top);
bool read_cprop_cpus(const struct format *f, struct str text, struct json_object *top);
/* hpux_net.c */
bool read_lanscan(const struct format *f, struct str text, struct json_object *top);
bool read_ifconfig_hpux(const struct format *f, struct str text, struct json_object *top);
bool read_netstat_hpux(const struct format *f, struct str text, struct json_object *top);
bool read_routes(const struct format *f, struct str text, struct json_object *top);
/* ps.c, pip.c */
bool read_ps(const struct format *f, struct str text, struct json_object *top);
bool read_pip_list(const struct format *f, struct str text, struct json_object *top);
bool read_pip_show(const struct format *f, struct str text, struct json_object *top);
/* bsd.c */
bool read_sysctl_bsd(const struct format *f, struct str text, struct json_object *top);
bool read_mount_types(const struct format *f, struct str text, struct json_object *top);
bool read_swapinfo(const struct format *f, struct str text, struct json_object *top);
bool read_pkg_info(const struct format *f, struct str text, struct json_object *top);
bool read_vm_stat(const struct format *f, struct str text, struct json_object *top);
/* sockets_bsd.c */
bool read_netstat_bsd(const struct format *f, struct str text, struct json_object *top);
/* ifconfig_bsd.c */
bool read_ifconfig_bsd(const struct format *f, struct str text, struct json_object *top);
bool read_interfaces_freebsd(const struct format *f, struct str text, struct json_object *top);
bool read_interfaces_macos(const struct format *f, struct str text, struct json_object *top);
bool read_interfaces_solaris(const struct format *f, struct str text, struct json_object *top);
/* solaris.c */
bool read_etc_release(const struct format *f, struct str text, struct json_object *top);
bool read_showrev(const struct format *f, struct str text, struct json_object *top);
bool read_smbios(const struct format *f, struct str text, struct json_object *top);
bool read_smbios_memories(const struct format *f, struct str text, struct json_object *top);
bool read_prtconf_tree(const struct format *f, struct str text, struct json_object *top);
bool read_kstat(const struct format *f, struct str text, struct json_object *top);
bool read_kstat_speed(const struct format *f, struct str text, struct json_object *top);
/* solaris_devices.c */
bool read_iostat_disks(const struct format *f, struct str text, struct json_object *top);
bool read_fcinfo(const struct format *f, struct str text, struct json_object *top);
bool read_prtdiag(const struct format *f, struct str text, struct json_object *top);
bool read_prtdiag_slots(const struct format *f, struct str text, struct json_object *top);
/* solaris_software.c */
bool read_pkg_info_solaris(const struct format *f, struct str text, struct json_object *top);
bool read_pkginfo(const struct format *f, struct str text, struct json_object *top);
bool read_pkginfo_short(const struct format *f, struct str text, struct json_object *top);
bool read_swap_l(const struct format *f, struct str text, struct json_object *top);
bool read_capitals(const struct format *f, struct str text, struct json_object *top);
/* macos.c */
bool read_profiler_tree(const struct format *f, struct str text, struct json_object *top);
bool read_profiler_memories(const struct format *f, struct str text, struct json_object *top);
bool read_profiler_memory(const struct format *f, struct str text, struct json_object *doc);
bool read_profiler_cpus(const struct format *f, struct str text, struct json_object *top);
bool read_profiler_displays(const struct format *f, struct str text, struct json_object *top);
/* table.c */
bool read_route(const struct format *f, struct str text, struct json_object *top);
bool read_findmnt(const struct format *f, struct str text, struct json_object *top);
/* psrinfo.c */
bool read_psrinfo(const struct format *f, struct str text, struct json_object *top);
bool read_psrinfo_chips(const struct format *f, struct str text, struct json_object *top);

/* One value into OBJ, as KIND says. */
void put_value(struct json_object *obj, struct str key, enum field_kind kind, struct str value);

#endif
