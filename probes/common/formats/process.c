/* SPDX-License-Identifier: Apache-2.0 */
/* process - files of /proc/PID: stat, status, maps, smaps, numa_maps, mountinfo, fdinfo; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

static void
put_number_at(struct json_object *o, struct str key, struct str value)
{
	put_value(o, key, AS_INT_OR_TEXT, value);
}

/* --- stat ---------------------------------------------------------------------------------- */

static const char *
state_of(char c)
{
	static const struct { char letter; const char *means; } states[] = {
		{ 'R', "Running" }, { 'S', "Sleeping in an interruptible wait" }, { 'D', "Waiting in uninterruptible disk sleep" }, { 'Z', "Zombie" },
		{ 'T', "Stopped (on a signal) or trace stopped" }, { 't', "Tracing stop" }, { 'W', "Paging" }, { 'X', "Dead" }, { 'x', "Dead" },
		{ 'K', "Wakekill" }, { 'P', "Parked" }, { 'I', "Idle" },
	};
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (states[i].letter == c)
			return states[i].means;
	return "Unknown";
}

bool
read_pid_stat(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const keys[] = {	/* Linux: proc(5) */
		"ppid", "pgrp", "session", "tty_nr", "tpg_id", "flags", "minflt", "cminflt", "majflt", "cmajflt", "utime", "stime", "cutime",
		"cstime", "priority", "nice", "num_threads", "itrealvalue", "starttime", "vsize", "rss", "rsslim", "startcode", "endcode",
		"startstack", "kstkeep", "kstkeip", "signal", "blocked", "sigignore", "sigcatch", "wchan", "nswap", "cnswap", "exit_signal",
		"processor", "rt_priority", "policy", "delayacct_blkio_ticks", "guest_time", "cguest_time", "start_data", "end_data", "start_brk",
		"arg_start", "arg_end", "env_start", "env_end", "exit_code",
	};
	const char *open = find(text, "("), *close = text.n > 0 ? memrchr(text.p, ')', text.n) : NULL;
	struct str rest, word;
	size_t i;

	(void)f;
	if (open == NULL || close == NULL || close < open)
		return false;		/* the name may hold either */
	put_value(top, STR("pid"), AS_INT, from_to(text.p, open));
	put_text(top, "comm", from_to(open + 1, close));
	rest = from_to(close + 1, text.p + text.n);
	if (!str_word(&rest, &word))
		return false;
	put_text(top, "state", word);
	put_text(top, "state_pretty", str_of(state_of(word.p[0])));
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]) && str_word(&rest, &word); i++)
		put_number_at(top, str_of(keys[i]), word);
	return true;
}

/* --- status ---------------------------------------------------------------------------------- */

bool
read_pid_status(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value, word;
	struct json_object *list;
	char name[64];
	bool any = false;
	int64_t n;

	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		any = true;
		str_copy(name, sizeof(name), key);
		switch (kind_of(f->fields, name, AS_WHOLE)) {
		case AS_TEXT:
			put_text(top, name, value);
			break;
		case AS_LIST:
			put_words(top, name, value, ',');
			break;
		case AS_WORDS:		/* numbers */
			for (list = put_list(top, name); str_word(&value, &word) && str_i64(word, &n);)
				(void)json_object_array_add(list, json_object_new_int64(n));
			break;
		default:
			if (str_ends(value, " kB"))
				value = str_trim(str_left(value, value.n - 3));
			put_value(top, key, AS_INT, value);
		}
		if (strcmp(name, "State") == 0) {
			put_text(top, "State", before(value, " "));
			put_text(top, "State_pretty", before(after(value, "("), ")"));
		} else if (strcmp(name, "SigQ") == 0) {
			put_value(top, STR("SigQ_current"), AS_INT, before(value, "/"));
			put_value(top, STR("SigQ_limit"), AS_INT, after(value, "/"));
		}
	}
	return any;
}

/* --- maps, smaps, numa_maps ---------------------------------------------------------------------- */

/* NAMED: memory of nothing has an empty name, not none (as jc has it). */
static bool
map_line(struct json_object *top, struct str line, bool named, struct json_object **out)
{
	static const struct { char letter; const char *means; } perms[] = {
		{ 'r', "read" }, { 'w', "write" }, { 'x', "execute" }, { 's', "shared" }, { 'p', "private" },
	};
	struct str range, modes, offset, device, inode;
	struct json_object *o, *list;
	size_t i, k;

	if (!str_word(&line, &range) || str_find(range, '-') < 4 || !isxdigit((unsigned char)range.p[0]) || range.p[range.n - 1] == ':'
	    || !str_word(&line, &modes) || !str_word(&line, &offset) || !str_word(&line, &device) || !str_word(&line, &inode)
	    || (o = out_item(top)) == NULL)
		return false;
	put_text(o, "start", before(range, "-"));
	put_text(o, "end", after(range, "-"));
	list = put_list(o, "perms");
	for (i = 0; i < modes.n; i++)
		for (k = 0; k < sizeof(perms) / sizeof(perms[0]); k++)
			if (modes.p[i] == perms[k].letter)
				out_item_text(list, str_of(perms[k].means));
	put_text(o, "offset", offset);
	put_text(o, "maj", before(device, ":"));
	put_text(o, "min", after(device, ":"));
	put_value(o, STR("inode"), AS_INT, inode);
	line = str_trim(line);
	if (named || line.n > 0)
		put_text(o, "pathname", line);
	else
		put_null(o, "pathname");
	*out = o;
	return true;
}

bool
read_maps(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct str line;
	bool any = false;

	(void)f;
	while (str_line(&text, &line))
		any |= map_line(top, line, false, &o);
	return any;
}

static void
put_vm_flags(struct json_object *o, struct str value)
{
	static const struct { const char *flag, *means; } flags[] = {	/* Linux: proc(5) */
		{ "rd", "readable" }, { "wr", "writeable" }, { "ex", "executable" }, { "sh", "shared" }, { "mr", "may read" }, { "mw", "may write" },
		{ "me", "may execute" }, { "ms", "may share" }, { "mp", "MPX-specific VMA" }, { "gd", "stack segment growns down" },
		{ "pf", "pure PFN range" }, { "dw", "disabled write to the mapped file" }, { "lo", "pages are locked in memory" },
		{ "io", "memory mapped I/O area" }, { "sr", "sequential read advise provided" }, { "rr", "random read advise provided" },
		{ "dc", "do not copy area on fork" }, { "de", "do not expand area on remapping" }, { "ac", "area is accountable" },
		{ "nr", "swap space is not reserved for the area" }, { "ht", "area uses huge tlb pages" }, { "sf", "perform synchronous page faults" },
		{ "nl", "non-linear mapping" }, { "ar", "architecture specific flag" }, { "wf", "wipe on fork" },
		{ "dd", "do not include area into core dump" }, { "sd", "soft-dirty flag" }, { "mm", "mixed map area" },
		{ "hg", "huge page advise flag" }, { "nh", "no-huge page advise flag" }, { "mg", "mergable advise flag" },
		{ "bt", "arm64 BTI guarded page" }, { "mt", "arm64 MTE allocation tags are enabled" }, { "um", "userfaultfd missing pages tracking" },
		{ "uw", "userfaultfd wprotect pages tracking" },
	};
	struct json_object *pretty = put_list(o, "VmFlags_pretty");
	struct str word;
	size_t i;

	put_words(o, "VmFlags", value, ' ');
	while (str_word(&value, &word))
		for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
			if (str_eq(word, flags[i].flag))
				out_item_text(pretty, str_of(flags[i].means));
}

bool
read_smaps(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;

	(void)f;
	while (str_line(&text, &line)) {
		if (map_line(top, line, true, &o) || o == NULL || !str_pair(line, ':', &key, &value))
			continue;
		if (str_eq(key, "VmFlags"))
			put_vm_flags(o, value);
		else
			put_value(o, key, AS_INT, str_ends(value, " kB") ? str_left(value, value.n - 3) : value);
	}
	return o != NULL;
}

bool
read_numa_maps(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, address, policy, word, key, value;
	struct json_object *o;
	bool any = false;
	uint64_t n;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &address) || !str_u64(address, 16, &n) || !str_word(&line, &policy) || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "address", address);
		put_text(o, "policy", policy);
		while (str_word(&line, &word)) {
			if (str_pair(word, '=', &key, &value))
				put_value(o, key, str_eq(key, "file") ? AS_TEXT : AS_INT, value);
			else
				out_item_text(put_list(o, "options"), word);
		}
		any = true;
	}
	return any;
}

/* --- mountinfo ------------------------------------------------------------------------------------- */

/* "rw,size=399728k,mode=755": the words, and apart those with a value, which is a number where it begins with one. */
static void
put_options(struct json_object *o, const char *key, const char *fields, struct str options)
{
	struct json_object *list = put_list(o, key), *pairs = NULL;
	struct str part, name, value;
	uint64_t n;

	while (str_part(&options, ',', &part)) {
		if (!str_pair(part, '=', &name, &value)) {
			out_item_text(list, part);
			continue;
		}
		if (pairs == NULL)
			pairs = put_object(o, fields);
		if (str_ends(value, "k") && str_u64(str_left(value, value.n - 1), 10, &n))
			value.n--;
		put_value(pairs, name, AS_INT, value);
	}
}

bool
read_mountinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word[6], tag, name, number;
	struct json_object *o, *optional;
	char copy[1024];
	bool any = false;
	int i;

	(void)f;
	while (str_line(&text, &line)) {
		for (i = 0; i < 6 && str_word(&line, &word[i]); i++)
			;
		if (i < 6 || str_find(word[2], ':') < 0 || (o = out_item(top)) == NULL)
			continue;
		put_value(o, STR("mount_id"), AS_INT, word[0]);
		put_value(o, STR("parent_id"), AS_INT, word[1]);
		put_value(o, STR("maj"), AS_INT, before(word[2], ":"));
		put_value(o, STR("min"), AS_INT, after(word[2], ":"));
		put_text(o, "root", str_octal(word[3], copy, sizeof(copy)));
		put_text(o, "mount_point", str_octal(word[4], copy, sizeof(copy)));
		put_options(o, "mount_options", "mount_options_fields", word[5]);
		optional = put_object(o, "optional_fields");
		while (str_word(&line, &tag) && !str_eq(tag, "-")) {
			name = before(tag, ":");
			number = after(tag, ":");
			put_value(optional, name, AS_INT, number.n > 0 ? number : STR("0"));
		}
		if (str_word(&line, &word[0]) && str_word(&line, &word[1])) {
			put_text(o, "fs_type", word[0]);
			put_text(o, "mount_source", str_octal(word[1], copy, sizeof(copy)));
			put_options(o, "super_options", "super_options_fields", str_trim(line));
		}
		any = true;
	}
	return any;
}

/* --- fdinfo ---------------------------------------------------------------------------------------------- */

/* "tfd: 5 events: 1d data: ff pos:0 ino:61af sdev:7": a blank may follow a colon. */
static void
put_marks(struct json_object *o, struct str line)
{
	struct str word, key, value;
	char name[40];

	while (str_word(&line, &word)) {
		key = before(word, ":");
		value = after(word, ":");
		if (key.n == word.n || (value.n == 0 && !str_word(&line, &value)))
			continue;
		str_copy(name, sizeof(name), key);
		put_value(o, key, strcmp(name, "tfd") == 0 || strcmp(name, "wd") == 0 || strcmp(name, "pos") == 0 ? AS_INT : AS_TEXT, value);
	}
}

bool
read_fdinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value, number;
	struct json_object *list;
	char name[40];
	bool any = false;
	int64_t n;

	while (str_line(&text, &line)) {
		if (str_starts(line, "tfd:"))
			put_marks(put_object(top, "epoll"), line);
		else if (skip_prefix(&line, "inotify "))
			put_marks(put_object(top, "inotify"), line);
		else if (skip_prefix(&line, "inotify\t"))
			put_marks(put_object(top, "inotify"), line);
		else if (skip_prefix(&line, "fanotify "))
			put_marks(put_object(top, "fanotify"), line);
		else if (str_pair(line, ':', &key, &value)) {
			str_copy(name, sizeof(name), key);
			if (str_starts(value, "(")) {
				value = before(str_skip(value, 1), ")");
				for (list = put_list(top, name); str_part(&value, ',', &number);)
					if (str_i64(number, &n))
						(void)json_object_array_add(list, json_object_new_int64(n));
			} else {
				put_value(top, key, kind_of(f->fields, name, AS_INT), value);
			}
		} else
			continue;
		any = true;
	}
	return any;
}
