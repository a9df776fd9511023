/* SPDX-License-Identifier: Apache-2.0 */
/* hostkeys - which SSH servers midd knows, and which key of theirs is right. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "json.h"
#include "midctl.h"
#include "show.h"
#include "table.h"

static struct json_object *
order_to(const char *what, const struct asked *a)
{
	static const char *const names[] = { "host", "port", "type", "key" };
	struct json_object *args = json_object_new_object();
	int i;

	json_put_str(args, "do", what);
	for (i = 0; i < a->nwords && i < 4; i++)
		if (i == 1)
			json_put_int(args, names[i], strtol(a->words[i], NULL, 10));
		else
			json_put_str(args, names[i], a->words[i]);
	return args;
}

static const struct column key_columns[] = {
	{ "HOST", "host", 24 }, { "PORT", "port", 6 }, { "STATE", "state", 8 }, { "TYPE", "type", 20 }, { "KEY", "key", 0 },
	{ NULL, NULL, 0 },
};

static void
put_list(struct screen *sc, const struct asked *a, struct json_object *rows, struct json_object *answer)
{
	(void)a;
	(void)answer;
	put_table(sc, key_columns, rows, "no key is known yet");
}

int
cmd_hostkeys_list(const struct asked *a)
{
	return show_rows(a, "hostkeys", order_to("list", a), put_list);
}

/* Under another name the same key is still trusted. */
static void
tell_left(struct json_object *left)
{
	struct json_object *row;
	size_t i;

	for (i = 0; left != NULL && i < json_object_array_length(left); i++) {
		row = json_object_array_get_idx(left, i);
		printf("the same key is still trusted as %s port %lld: midctl hostkeys remove '%s'\n", json_str(row, "host", "?"),
		    (long long)json_int(row, "port", 22), json_str(row, "host", "?"));
	}
}

static int
change(const struct asked *a, const char *what, const char *says)
{
	struct json_object *args = order_to(what, a), *o;
	int status = ask(a, "hostkeys", args, NULL, NULL, &o);

	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	if (a->json)
		print_json(o);
	else
		printf("%s: %lld of %s\n", says, (long long)json_int(o, "changed", 0), a->words[0]);
	if (!a->json)
		tell_left(json_arr(o, "left"));
	json_object_put(o);
	return EXIT_OK;
}

int
cmd_hostkeys_accept(const struct asked *a)
{
	return change(a, "accept", "keys trusted from now on");
}

int
cmd_hostkeys_remove(const struct asked *a)
{
	return change(a, "remove", "keys forgotten");
}

/* --- a file ----------------------------------------------------------------------------- */

struct import {
	const struct asked *a;
	struct json_object *left_out;	/* [{line, why}] */
	int64_t changed;
};

static int
import_line(struct import *im, const char *line, int64_t number)
{
	struct json_object *args = json_object_new_object(), *o, *row;
	int status;

	json_put_str(args, "do", "import");
	json_put_str(args, "line", line);
	status = ask(im->a, "hostkeys", args, NULL, NULL, &o);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	im->changed += json_int(o, "changed", 0);
	if (json_str(o, "why", "")[0] != '\0') {
		row = json_object_new_object();
		json_put_int(row, "line", number);
		json_put_str(row, "why", json_str(o, "why", ""));
		json_object_array_add(im->left_out, row);
	}
	json_object_put(o);
	return EXIT_OK;
}

static int
import_all(struct import *im, FILE *f)
{
	char *line = NULL;
	size_t room = 0;
	int64_t number = 0;
	int status = EXIT_OK;

	while (status == EXIT_OK && getline(&line, &room, f) >= 0) {
		number++;
		if (line[strspn(line, " \t\r\n")] != '\0' && line[0] != '#')
			status = import_line(im, line, number);
	}
	free(line);
	return status;
}

static void
tell_import(const struct import *im)
{
	struct json_object *row, *o;
	size_t i, n = json_object_array_length(im->left_out);

	if (im->a->json) {
		o = json_object_new_object();
		json_put_int(o, "changed", im->changed);
		json_put_take(o, "left_out", json_object_get(im->left_out));
		print_json(o);
		json_object_put(o);
		return;
	}
	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(im->left_out, i);
		fprintf(stderr, "%s line %lld is left out: %s\n", im->a->words[0], (long long)json_int(row, "line", 0),
		    json_str(row, "why", ""));
	}
	printf("keys trusted from now on: %lld of %s\n", (long long)im->changed, im->a->words[0]);
}

int
cmd_hostkeys_import(const struct asked *a)
{
	struct import im = { .a = a };
	FILE *f = fopen(a->words[0], "re");
	int status;

	if (f == NULL) {
		fprintf(stderr, "midctl: %s cannot be read: %s\n", a->words[0], strerror(errno));
		return EXIT_USAGE;
	}
	im.left_out = json_object_new_array();
	status = import_all(&im, f);
	fclose(f);
	if (status == EXIT_OK) {
		tell_import(&im);
		status = json_object_array_length(im.left_out) > 0 ? EXIT_PROBLEM : EXIT_OK;
	}
	json_object_put(im.left_out);
	return status;
}
