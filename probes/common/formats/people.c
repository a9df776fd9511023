/* SPDX-License-Identifier: Apache-2.0 */
/* people - who was or is there, and what runs for them: last, who, w, crontab; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/linux.h"

#define WORDS_MAX 24

static unsigned
words_of(struct str line, struct str *word, unsigned max)
{
	unsigned n = 0;

	while (n < max && str_word(&line, &word[n]))
		n++;
	return n;
}

/* From word FROM to word TO - 1, with one blank between them. */
static void
put_joined(struct json_object *o, const char *key, const struct str *word, unsigned from, unsigned to)
{
	for (; from < to; from++)
		put_more(o, key, word[from], " ");
}

static bool
is_digits(struct str s)
{
	uint64_t n;

	return str_u64(s, 10, &n);
}

static bool
is_clock(struct str s)
{
	return s.n >= 4 && isdigit((unsigned char)s.p[0]) && str_find(s, ':') > 0;
}

/* --- last ---------------------------------------------------------------------------------- */

/* "Fri Feb 28 13:49" or, with -F, "Fri Feb 28 13:49:00 2020": how many words. */
static unsigned
date_words(const struct str *word, unsigned n)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	char day[4];

	if (n >= 1 && word[0].n >= 16 && isdigit((unsigned char)word[0].p[0]) && word[0].p[10] == 'T')
		return 1;	/* --time-format iso */
	if (n < 4 || word[0].n != 3)
		return 0;
	str_copy(day, sizeof(day), word[0]);
	if (strstr(days, day) == NULL || month_of(word[1]) == 0 || !is_digits(word[2]) || !is_clock(word[3]))
		return 0;
	return n > 4 && word[4].n == 4 && is_digits(word[4]) ? 5 : 4;
}

/* Of "Fri Feb 28 13:49:00 2020", as if it were UTC: two of them make a duration. */
static bool
seconds_of(const struct str *word, int64_t *out)
{
	char clock[12];
	int h, m, s;
	int64_t year, day;

	str_copy(clock, sizeof(clock), word[3]);
	if (sscanf(clock, "%2d:%2d:%2d", &h, &m, &s) != 3 || !str_i64(word[4], &year) || !str_i64(word[2], &day) || day > 31)
		return false;
	*out = epoch_of((int)year, month_of(word[1]), (int)day, h, m, s);
	return true;
}

/* "(1+18:49)" are 42:49 hours. */
static void
put_duration(struct json_object *o, struct str s)
{
	int days, hours, minutes;
	char text[40];

	s = before(after(s, "("), ")");
	str_copy(text, sizeof(text), s);
	if (sscanf(text, "%6d+%2d:%2d", &days, &hours, &minutes) == 3)
		snprintf(text, sizeof(text), "%d:%02d", days * 24 + hours, minutes);
	put_text(o, "duration", str_of(text));
}

/* What stands before the date: the user, the terminal, the host. */
static void
put_login(struct json_object *o, struct str line)
{
	static const char *const ttys[] = { "system boot", "system down", "(to lvl " };
	static const char *const users[] = { "boot time", "shutdown time" };
	struct str word = { "", 0 }, tty = word;
	size_t i;

	bool nobody = indent_of(line) > 0;	/* lastb: a login that gave no name */

	line = str_trim(line);
	for (i = 0; i < 2 && tty.n == 0 && word.n == 0; i++)
		if (str_starts(line, users[i])) {
			word = str_left(line, strlen(users[i]));
			line = str_skip(line, word.n);
		}
	if (word.n == 0 && !nobody)
		(void)str_word(&line, &word);
	line = str_trim(line);
	for (i = 0; i < 3 && tty.n == 0; i++)
		if (str_starts(line, ttys[i]))
			tty = i < 2 ? str_left(line, strlen(ttys[i])) : from_to(line.p, before(line, ")").p + before(line, ")").n + 1);
	if (tty.n > line.n)
		tty = line;
	line = str_skip(line, tty.n);
	if (tty.n == 0)
		(void)str_word(&line, &tty);
	put_text_or_null(o, "user", word);
	put_text_or_null(o, "tty", str_eq(tty, "~") ? str_skip(tty, 1) : tty);
	line = str_trim(line);
	if (str_starts(line, ":")) {	/* a display: jc says so */
		put_text(o, "hostname", STR("CONSOLE"));
		put_more(o, "hostname", line, "");
	} else {
		put_value(o, STR("hostname"), AS_DASH, line);
	}
}

static void
put_logout(struct json_object *o, const struct str *login, unsigned login_n, const struct str *word, unsigned n)
{
	unsigned i = 0, to, date;
	int64_t from, until;

	if (n > 0 && str_eq(word[0], "-"))
		i = 1;
	for (to = i; to < n && word[to].p[0] != '('; to++)
		;
	if (to > i)
		put_joined(o, "logout", word, i, to);
	if (to == n)
		return;
	put_duration(o, word[to]);
	date = date_words(word + i, to - i);
	if (login_n == 5 && date == 5 && seconds_of(login, &from) && seconds_of(word + i, &until))
		put_int(o, "duration_seconds", until - from);
}

bool
read_last(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word[WORDS_MAX];
	struct json_object *o;
	unsigned n, i, date;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		n = words_of(line, word, WORDS_MAX);
		if (n > 1 && str_eq(word[1], "begins")) {
			any = true;
			continue;
		}
		for (i = 1, date = 0; i < n && date == 0; i++)
			date = date_words(word + i, n - i);
		if (date == 0 || (o = out_item(top)) == NULL)
			continue;
		i--;
		put_login(o, from_to(line.p, word[i].p));
		put_joined(o, "login", word, i, i + date);
		put_logout(o, word + i, date, word + i + date, n - i - date);
		any = true;
	}
	return any;
}

/* --- who ------------------------------------------------------------------------------------ */

/* "2020-02-29 12:13" or "Feb 29 12:13"; how many words. */
static unsigned
put_when(struct json_object *o, const struct str *word, unsigned n)
{
	unsigned take = n >= 3 && month_of(word[0]) > 0 ? 3 : n >= 2 ? 2 : n;

	put_joined(o, "time", word, 0, take);
	put_null(o, "epoch");	/* of a time whose zone nothing tells */
	return take;
}

static void
who_rest(struct json_object *o, const struct str *word, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (word[i].p[0] == '(') {
			struct str from = str_skip(word[i], 1);

			if (str_ends(from, ")"))
				from.n--;
			put_text(o, "from", from);	/* "tmux(2001).%0" of a terminal in a terminal */
		} else if (json_object_object_get_ex(o, "comment", NULL) || str_find(word[i], '=') > 0) {
			put_more(o, "comment", word[i], " ");
		} else if (is_digits(word[i])) {
			put_value(o, STR("pid"), AS_INT, word[i]);
		} else if (!json_object_object_get_ex(o, "event", NULL)) {
			put_text(o, "idle", word[i]);
		}
	}
}

/* "system boot", "run-level 3", "LOGIN": what happened, and how many words say it. */
static unsigned
put_event(struct json_object *o, const struct str *word, unsigned n)
{
	if (n >= 3 && str_eq(word[0], "reboot") && str_eq(word[1], "~")) {
		put_text(o, "event", STR("reboot"));
		return 2;
	}
	if (n >= 3 && str_eq(word[0], "system") && str_eq(word[1], "boot")) {
		put_text(o, "event", STR("reboot"));
		return 2;
	}
	if (n >= 3 && (str_eq(word[0], "run-level") || (str_eq(word[0], "clock") && str_eq(word[1], "change")))) {
		put_joined(o, "event", word, 0, 2);
		return 2;
	}
	if (n >= 2 && str_eq(word[0], "LOGIN")) {
		put_text(o, "event", STR("login"));
		put_text(o, "tty", word[1]);
		return 2;
	}
	return 0;
}

bool
read_who(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word[WORDS_MAX];
	struct json_object *o;
	unsigned n, i;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		n = words_of(line, word, WORDS_MAX);
		any |= n > 2 && str_eq(word[0], "NAME") && str_eq(word[1], "LINE");	/* who -H, and perhaps nobody */
		if (n < 3 || str_eq(word[0], "NAME") || str_eq(word[0], "USER") || str_eq(word[0], ".") || (o = out_item(top)) == NULL)
			continue;
		i = put_event(o, word, n);
		if (i == 0 && indent_of(line) == 0)
			put_text(o, "user", word[i++]);
		if (!json_object_object_get_ex(o, "event", NULL)) {
			if (word[i].n == 1 && strchr("+-?", word[i].p[0]) != NULL)
				put_text(o, "writeable_tty", word[i++]);
			if (i < n)
				put_text(o, "tty", word[i++]);
		}
		i += put_when(o, word + i, n - i);
		who_rest(o, word + i, n - i);
		any = true;
	}
	return any;
}

/* --- w ---------------------------------------------------------------------------------------- */

/* Of another language: the columns have the same order, and FROM may be left out. */
static void
w_foreign(struct columns *c, struct str line)
{
	static const char *const names[] = { "user", "tty", "from", "login_at", "idle", "jcpu", "pcpu", "what" };
	unsigned i;

	(void)columns_of(c, line, 1);
	for (i = 0; i < c->n && i < 8; i++)
		snprintf(c->at[i].name, PUT_KEY_MAX, "%s", names[c->n == 7 && i > 1 ? i + 1 : i]);
}

bool
read_w(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct columns c = { .n = 0 };

	(void)f;
	while (str_line(&text, &line)) {
		if (c.n == 0 && (str_starts(line, "USER ") || str_starts(line, "User "))) {
			(void)columns_of(&c, line, 1);
			columns_rename(&c, "login", "login_at");
		} else if (c.n == 0 && find(line, " TTY ") != NULL && find(line, "PCPU") != NULL) {
			w_foreign(&c, line);
		} else if (c.n > 0 && str_trim(line).n > 0) {
			columns_cells(&c, line, cell);
			columns_put(&c, cell, NULL, AS_DASH, out_item(top));
		}
	}
	return c.n > 0;
}

/* --- crontab ------------------------------------------------------------------------------------ */

struct cron { struct str when[5], user, command; bool shortcut; };

static bool
cron_entry(struct str line, struct cron *out)
{
	unsigned i, n;

	memset(out, 0, sizeof(*out));
	out->shortcut = line.p[0] == '@';
	n = out->shortcut ? 1 : 5;
	for (i = 0; i < n; i++)
		if (!str_word(&line, &out->when[i]))
			return false;
	out->command = str_trim(line);
	(void)str_word(&line, &out->user);
	return out->command.n > 0;
}

/* A crontab of the system has a user in each entry; one of a user has none. */
static bool
has_users(struct str text)
{
	static const char *const usual[] = { "root", "www-data", "nobody", "daemon", "mail", "postgres", "mysql", "apache", "nginx", "munin",
		"list", "smmsp", "games", "man", "news", "uucp", "backup", "bin" };
	struct str line, key, value;
	struct cron c;
	bool known = false;
	size_t i;

	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || !cron_entry(line, &c) || (!c.shortcut && str_pair(c.when[0], '=', &key, &value)))
			continue;
		for (i = 0; i < c.user.n; i++)
			if (!islower((unsigned char)c.user.p[i]) && !isdigit((unsigned char)c.user.p[i]) && strchr("_-", c.user.p[i]) == NULL)
				return false;
		if (c.user.n == c.command.n)
			return false;
		for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
			known |= str_eq(c.user, usual[i]);
	}
	return known;
}

static void
put_entry(struct json_object *o, const struct cron *c, bool users)
{
	static const char *const names[] = { "minute", "hour", "day_of_month", "month", "day_of_week" };
	size_t i;

	for (i = 0; i < 5 && !c->shortcut; i++)
		put_words(o, names[i], c->when[i], ',');
	if (c->shortcut)
		put_text(o, "occurrence", str_skip(c->when[0], 1));
	if (users)
		put_text(o, "user", c->user);
	put_text(o, "command", users ? str_trim(str_skip(c->command, c->user.n)) : c->command);
}

/* Those of LIST at the end of TO, the last one first, as jc has them. */
static void
put_reversed(struct json_object *to, struct json_object *list)
{
	size_t i;

	for (i = json_object_array_length(list); i > 0; i--)
		(void)json_object_array_add(to, json_object_get(json_object_array_get_idx(list, i - 1)));
	json_object_put(list);
}

/* NAME=value; a blank may stand around the sign. */
static bool
is_variable(struct str line, struct str *name, struct str *value)
{
	size_t i;

	if (!str_pair(line, '=', name, value) || name->n == 0 || isdigit((unsigned char)name->p[0]))
		return false;
	for (i = 0; i < name->n; i++)
		if (!isalnum((unsigned char)name->p[i]) && name->p[i] != '_')
			return false;
	return true;
}

bool
read_crontab(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *variables = json_object_new_array(), *shortcuts = json_object_new_array(), *schedule = put_list(top, "schedule"), *o;
	bool users = has_users(text), any = false;
	struct str line, name, value;
	struct cron c;

	(void)f;
	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (is_variable(line, &name, &value)) {
			o = out_item(variables);
			put_text(o, "name", name);
			put_text(o, "value", str_unquote(value));
			any = true;
		} else if (cron_entry(line, &c)) {
			put_entry(out_item(c.shortcut ? shortcuts : schedule), &c, users);
			any = true;
		}
	}
	put_reversed(put_list(top, "variables"), variables);
	put_reversed(schedule, shortcuts);
	return any;
}
