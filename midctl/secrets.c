/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secrets - the values of a credential as a person gives them: asked for one
 * by one with the terminal's echo off, or on standard input. Never in argv or
 * the environment, where others could read them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "midctl.h"
#include "os.h"
#include "secret.h"

#define VALUE_MAX (32u * 1024)
#define KEY_ENDS "-----END "

/* What a type is made of beside the user; the first must be there. */
static const struct type {
	const char *name;
	const char *values[6];
} types[] = {
	{ "ssh_password", { "password" } },
	{ "ssh_private_key", { "private_key", "passphrase", "password" } },
	{ "snmp", { "community" } },
	{ "snmpv3", { "auth_protocol", "auth_key", "priv_protocol", "priv_key", "context" } },
	{ "basic", { "password" } },
	{ "windows", { "password" } },
	{ "vmware", { "password" } },
	{ "api_key", { "password" } },
};

static const struct type *
find_type(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	complain("--type must be one of ssh_password, ssh_private_key, snmp, snmpv3, basic, windows, vmware, api_key");
	return NULL;
}

/* One line, or all lines of a key. <0: it is too long, or there is none. */
static int
read_value(struct buf *b, bool key)
{
	char line[4096];
	bool more = true;
	int r = 0;

	while (r == 0 && more && fgets(line, sizeof(line), stdin) != NULL) {
		more = key && strncmp(line, KEY_ENDS, strlen(KEY_ENDS)) != 0;
		if (!key)
			line[strcspn(line, "\r\n")] = '\0';
		r = buf_puts(b, line);
	}
	secret_wipe(line, sizeof(line));
	return r;
}

static void
prompt(struct json_object *o, const char *name)
{
	struct buf b;

	fprintf(stderr, "%s: ", name);
	buf_init(&b, VALUE_MAX);
	(void)buf_room(&b, VALUE_MAX);	/* so that it never moves, leaving a copy */
	if (read_value(&b, strcmp(name, "private_key") == 0) == 0 && b.len > 0)
		json_put_str(o, name, buf_str(&b));
	fputc('\n', stderr);
	buf_wipe(&b);
}

static void
prompts(struct json_object *o, const struct type *t)
{
	if (!os_term_echo(false))
		return;
	for (size_t i = 0; i < 6 && t->values[i] != NULL; i++)
		prompt(o, t->values[i]);
	(void)os_term_echo(true);
}

/* A JSON object of several, or the text of the first one. */
static struct json_object *
from_text(struct buf *b, const struct type *t)
{
	struct json_object *o = NULL;
	char *text = (char *)b->data;

	if (b->len > 0 && text[0] == '{') {
		if (json_parse(&o, text, b->len, "standard input", NULL) < 0)
			complain("standard input begins like a JSON object and is none");
		return o;
	}
	o = json_object_new_object();
	while (b->len > 0 && strcmp(t->values[0], "private_key") != 0 && strchr("\r\n", text[b->len - 1]) != NULL)
		text[--b->len] = '\0';
	json_put_str(o, t->values[0], buf_str(b));
	return o;
}

static struct json_object *
from_input(const struct type *t)
{
	struct json_object *o = NULL;
	struct buf b;
	char some[4096];
	ssize_t n;
	int r = 0;

	buf_init(&b, VALUE_MAX);
	(void)buf_room(&b, VALUE_MAX);
	while (r == 0 && (n = read(STDIN_FILENO, some, sizeof(some))) > 0)
		r = buf_put(&b, some, (size_t)n);
	secret_wipe(some, sizeof(some));
	if (r < 0)
		complain("standard input has more than %u kB", VALUE_MAX / 1024);
	else
		o = from_text(&b, t);
	buf_wipe(&b);
	return o;
}

struct json_object *
secrets_read(const char *type, const char *user)
{
	const struct type *t = find_type(type);
	struct json_object *o;

	if (t == NULL)
		return NULL;
	if (isatty(STDIN_FILENO)) {
		o = json_object_new_object();
		prompts(o, t);
	} else {
		o = from_input(t);
	}
	if (o != NULL && user != NULL)
		json_put_str(o, "user", user);
	return o;
}
