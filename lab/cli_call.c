/* SPDX-License-Identifier: Apache-2.0 */
/* cli_call - see the header. */
#include "cli_call.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "files.h"
#include "util.h"

struct client *
cli_connect(void)
{
	const char *dir = getenv("MIDLAB_DIR");

	return client_open(dir != NULL && dir[0] != '\0' ? dir : "lab");
}

char *
cli_path(struct client *c, const char *fmt, ...)
{
	struct text t = { 0 };
	va_list ap;
	char *e;

	va_start(ap, fmt);
	for (; *fmt != '\0'; fmt++) {
		if (fmt[0] != '%' || fmt[1] != 's') {
			text_add_mem(&t, fmt, 1);
			continue;
		}
		e = client_escape(c, va_arg(ap, const char *));
		text_add(&t, e);
		free(e);
		fmt++;
	}
	va_end(ap);
	return text_take(&t);
}

static void
complain_of(const char *method, const char *path, int status,
    struct json_object *answer)
{
	struct json_object *error = NULL;

	(void)json_object_object_get_ex(answer, "error", &error);
	complain("the instance answered %d to %s %s: %s (%s)", status, method,
	    path, json_str(error, "message", "no reason given"),
	    json_str(error, "detail", "-"));
}

int
cli_call(struct client *c, const char *method, const char *path,
    struct json_object *body, struct json_object **result)
{
	struct json_object *answer = NULL, *inner;
	int status = 0;

	if (client_call(c, method, path, body, &status, &answer) < 0)
		return -1;
	if (status < 200 || status > 299) {
		complain_of(method, path, status, answer);
		json_object_put(answer);
		return -1;
	}
	if (result != NULL) {
		if (!json_object_object_get_ex(answer, "result", &inner))
			inner = answer;
		*result = json_object_get(inner);
	}
	json_object_put(answer);
	return 0;
}

void
cli_print_json(struct json_object *o)
{
	puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
	    JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
}
