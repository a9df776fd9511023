/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unit - what a systemd unit file says of a service.
 */
#include "facts/unit.h"

#include "facts/out.h"
#include "facts/parsers.h"

enum section { NONE, UNIT, SERVICE, INSTALL };

static enum section
section_of(struct str line)
{
	if (str_eq(line, "[Unit]"))
		return UNIT;
	if (str_eq(line, "[Service]"))
		return SERVICE;
	return str_eq(line, "[Install]") ? INSTALL : NONE;
}

/* "-/usr/sbin/sshd -D \": the marks before the path are for systemd, and a
 * command that goes on in the next line is cut. */
static struct str
without_marks(struct str exec)
{
	if (str_ends(exec, "\\"))
		exec.n--;
	while (exec.n > 0 && (exec.p[0] == '-' || exec.p[0] == '@' ||
		exec.p[0] == ':' || exec.p[0] == '+' || exec.p[0] == '!' ||
		exec.p[0] == '|'))
		exec = str_skip(exec, 1);
	return exec;
}

static bool
is_yes(struct str s)
{
	return str_eq(s, "yes") || str_eq(s, "true") || str_eq(s, "on") ||
	    str_eq(s, "1");
}

static void
take_service(struct unit *u, struct str key, struct str value)
{
	if (str_eq(key, "Type"))
		u->type = value;
	else if (str_eq(key, "User"))
		u->user = value;
	else if (str_eq(key, "RemainAfterExit"))
		u->remains = is_yes(value);
	else if (str_eq(key, "ExecStart") && u->exec.n == 0)
		u->exec = without_marks(value);
}

static void
take_install(struct unit *u, struct str key, bool *also)
{
	if (str_eq(key, "WantedBy") || str_eq(key, "RequiredBy") ||
	    str_eq(key, "UpheldBy") || str_eq(key, "Alias"))
		u->install = true;
	else if (str_eq(key, "Also"))
		*also = true;
}

void
unit_parse(struct unit *u, struct str text)
{
	enum section in = NONE;
	struct str line, key, value;
	bool also = false;

	*u = (struct unit){ .install = false };
	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (line.p[0] == '[')
			in = section_of(line);
		else if (!str_pair(line, '=', &key, &value))
			continue;	/* the second line of a long one */
		else if (in == SERVICE)
			take_service(u, key, value);
		else if (in == INSTALL && value.n > 0)
			take_install(u, key, &also);
		else if (in == UNIT && str_eq(key, "Description"))
			u->description = value;
	}
	u->only_also = also && !u->install;
}

int
parse_unit(const char *data, size_t len, struct json_object *out)
{
	struct unit u;

	unit_parse(&u, (struct str){ data, len });
	out_text(out, "description", u.description);
	out_text(out, "type", u.type);
	out_text(out, "exec", u.exec);
	out_text(out, "user", u.user);
	out_bool(out, "install", u.install);
	return 0;
}
