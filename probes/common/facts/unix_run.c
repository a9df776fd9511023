/* SPDX-License-Identifier: Apache-2.0 */
/* unix_run - the sections processes, services and users of systems that are no Linux. */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/sections.h"
#include "facts/system.h"
#include "facts/unix.h"

#define ROWS_MAX 20000
#define COMMAND_MAX 4096

static const struct { char letter; const char *state; } states[] = {
	{ 'R', "running" }, { 'O', "running" }, { 'S', "sleeping" }, { 'D', "waiting" }, { 'U', "waiting" }, { 'W', "sleeping" },
	{ 'I', "idle" }, { 'L', "waiting" }, { 'T', "stopped" }, { 'Z', "zombie" }, { 'X', "dead" }, { 'A', "running" },
};

enum column { PID, PPID, UID, USER, RSS, STATE, COMMAND, OTHER };
static const struct { const char *heading; enum column column; } headings[] = {
	{ "PID", PID }, { "PPID", PPID }, { "UID", UID }, { "USER", USER }, { "RSS", RSS }, { "S", STATE }, { "ST", STATE }, { "STAT", STATE },
	{ "COMMAND", COMMAND }, { "CMD", COMMAND },
};
#define COLUMNS 12

static int
read_heading(struct str line, enum column *at)
{
	struct str word;
	size_t i;
	int n;

	for (n = 0; n < COLUMNS && str_word(&line, &word); n++) {
		at[n] = OTHER;
		for (i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
			if (str_eq(word, headings[i].heading))
				at[n] = headings[i].column;
	}
	return n;
}

static void
put_command(struct json_object *item, struct str command)
{
	struct str rest = command, word;
	size_t i;

	if (!str_word(&rest, &word))
		return;
	out_text(item, "executable", word);
	for (i = word.n; i > 0 && word.p[i - 1] != '/'; i--)
		;
	word = str_skip(word, i);
	if (word.n > 1 && word.p[word.n - 1] == ':')	/* "sshd: /usr/sbin/sshd [listener]" */
		word.n--;
	out_text(item, "name", word);
	out_text(item, "command", str_left(command, COMMAND_MAX));
	if (command.n > COMMAND_MAX)
		out_bool(item, "command_truncated", true);
}

/* False: it is no process. Kernel threads of FreeBSD stand in square brackets. */
static bool
take_process(struct str line, const enum column *at, int n, struct json_object *items, uint64_t *kernel)
{
	struct json_object *item = json_object_new_object();
	struct str word;
	uint64_t v;
	size_t k;
	int i;
	bool pid = false;

	for (i = 0; i < n - 1 && str_word(&line, &word); i++) {
		if (at[i] == USER)
			out_text(item, "user", word);
		else if (at[i] == STATE) {
			for (k = 0; k < sizeof(states) / sizeof(states[0]); k++)
				if (word.p[0] == states[k].letter)
					out_cstr(item, "state", states[k].state);
		} else if (at[i] != OTHER && str_u64(word, 10, &v) && v < (1ULL << 50)) {
			pid |= at[i] == PID;
			out_u64(item, at[i] == PID ? "pid" : at[i] == PPID ? "ppid" : at[i] == UID ? "uid" : "rss_bytes", at[i] == RSS ? v * 1024 : v);
		}
	}
	line = str_trim(line);
	if (!pid || i < n - 1 || line.n == 0) {
		json_object_put(item);
		return false;
	}
	if (line.p[0] == '[' && line.p[line.n - 1] == ']') {
		out_bool(item, "kernel", true);
		out_text(item, "name", str_left(str_skip(line, 1), line.n - 2));
		++*kernel;
	} else
		put_command(item, line);
	json_object_array_add(items, item);
	return true;
}

int
facts_unix_processes(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *items = out_list(out, "items");
	enum column at[COLUMNS];
	struct facts_bytes b;
	struct str rest, line;
	uint64_t count = 0, kernel = 0;
	int n = 0, r = facts_command(src, "ps", &b);

	if (r < 0)
		return facts_command_failed(err, r, "ps");
	rest = (struct str){ b.data, b.len };
	if (str_line(&rest, &line))
		n = read_heading(line, at);
	while (n > 1 && count < ROWS_MAX && str_line(&rest, &line))
		count += take_process(line, at, n, items, &kernel);
	if (count == ROWS_MAX)
		out_bool(out, "truncated", true);
	facts_bytes_free(&b);
	out_u64(out, "count", count);
	out_u64(out, "kernel_threads", kernel);
	return 0;
}

/* --- services ------------------------------------------------------------------------- */

/* Solaris: "online  10:01:12 svc:/network/ssh:default". */
static void
of_svcs(struct str line, struct json_object *items)
{
	struct str state, when, name;
	struct json_object *item;

	if (!str_word(&line, &state) || !str_word(&line, &when) || !str_word(&line, &name) || str_find(name, ':') < 0)
		return;
	item = out_item(items);
	out_text(item, "name", name);
	out_cstr(item, "enabled", str_eq(state, "disabled") ? "disabled" : "enabled");
	out_cstr(item, "state", str_starts(state, "online") || str_starts(state, "legacy_run") ? "running" : "stopped");
}

/* AIX: "sshd  ssh  3997934  active", without a number when it does not run. */
static void
of_lssrc(struct str line, struct json_object *items)
{
	struct str word[4];
	struct json_object *item;
	uint64_t pid;
	int n;

	for (n = 0; n < 4 && str_word(&line, &word[n]); n++)
		;
	if (n < 2 || !(str_eq(word[n - 1], "active") || str_eq(word[n - 1], "inoperative")))
		return;
	item = out_item(items);
	out_text(item, "name", word[0]);
	out_cstr(item, "state", str_eq(word[n - 1], "active") ? "running" : "stopped");
	if (n > 2 && str_u64(word[n - 2], 10, &pid))
		out_u64(item, "main_pid", pid);
}

/* macOS: "123  0  com.apple.sshd", "-" for one that does not run. */
static void
of_launchctl(struct str line, struct json_object *items)
{
	struct str pid, status, name;
	struct json_object *item;
	uint64_t n;

	if (!str_word(&line, &pid) || !str_word(&line, &status) || !str_word(&line, &name) || str_eq(pid, "PID"))
		return;
	item = out_item(items);
	out_text(item, "name", name);
	out_cstr(item, "state", str_u64(pid, 10, &n) ? "running" : "stopped");
	if (str_u64(pid, 10, &n))
		out_u64(item, "main_pid", n);
}

/* FreeBSD, what is set to run: "/etc/rc.d/sshd". */
static void
of_service(struct str line, struct json_object *items)
{
	struct json_object *item;
	size_t i;

	line = str_trim(line);
	for (i = line.n; i > 0 && line.p[i - 1] != '/'; i--)
		;
	if (i == 0 || i == line.n)
		return;
	item = out_item(items);
	out_text(item, "name", str_skip(line, i));
	out_text(item, "unit_file", line);
	out_cstr(item, "enabled", "enabled");
}

static const struct { const char *system, *command, *manager; void (*take)(struct str line, struct json_object *items); } managers[] = {
	{ "freebsd", "service", "rc", of_service }, { "macos", "launchctl", "launchd", of_launchctl },
	{ "solaris", "svcs", "smf", of_svcs }, { "aix", "lssrc", "src", of_lssrc },
};

int
facts_unix_services(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const struct facts_system *sys = facts_system(src);
	struct json_object *items;
	struct facts_bytes b;
	struct str rest, line;
	size_t i;
	int r;

	for (i = 0; i < sizeof(managers) / sizeof(managers[0]) && !facts_is(sys, managers[i].system); i++)
		;
	if (i == sizeof(managers) / sizeof(managers[0]))
		return facts_say(err, "missing", "nothing tells this on %s", sys->name);
	r = facts_command(src, managers[i].command, &b);
	if (r < 0)
		return facts_command_failed(err, r, managers[i].command);
	out_cstr(out, "manager", managers[i].manager);
	items = out_list(out, "items");
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line) && json_object_array_length(items) < ROWS_MAX;)
		managers[i].take(line, items);
	facts_bytes_free(&b);
	return 0;
}

/* --- users ------------------------------------------------------------------------------ */

/* macOS keeps people elsewhere: dscl's blocks, with "-" between. RealName may stand in the next line. */
static void
of_dscl(struct str text, struct json_object *items)
{
	static const struct { const char *key, *field; bool number; } rows[] = {
		{ "RecordName", "name", false }, { "UniqueID", "uid", true }, { "PrimaryGroupID", "gid", true },
		{ "NFSHomeDirectory", "home", false }, { "UserShell", "shell", false }, { "RealName", "full_name", false },
	};
	struct json_object *item = NULL;
	struct str line, key, value, more, word;
	const char *shell;
	int64_t v;
	size_t i;

	while (str_line(&text, &line)) {
		if (str_eq(str_trim(line), "-") || item == NULL)
			item = out_item(items);
		if (!str_pair(line, ':', &key, &value))
			continue;
		more = text;
		if (value.n == 0 && str_line(&more, &value))
			value = str_trim(value);
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			if (!str_eq(key, rows[i].key))
				continue;
			if (rows[i].number && str_i64(value, &v))
				out_i64(item, rows[i].field, v);
			else if (!rows[i].number && str_eq(key, "RecordName") && str_word(&value, &word))
				out_text(item, "name", word);
			else if (!rows[i].number)
				out_text(item, rows[i].field, value);
		}
		shell = out_get_text(item, "shell");
		if (str_eq(key, "UserShell") && shell != NULL)
			out_bool(item, "login", strstr(shell, "false") == NULL && strstr(shell, "nologin") == NULL);
	}
}

int
facts_unix_users(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct facts_bytes b;

	if (facts_command(src, "dscl", &b) < 0)
		return facts_users(src, out, err);
	of_dscl((struct str){ b.data, b.len }, out_list(out, "items"));
	facts_bytes_free(&b);
	return 0;
}
