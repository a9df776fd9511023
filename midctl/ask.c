/* SPDX-License-Identifier: Apache-2.0 */
/* ask - a question to midd, with its exit status; and what is written where. */
#include "midctl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "control.h"
#include "err.h"
#include "fmt.h"
#include "json.h"
#include "os.h"
#include "utf8.h"

#define TIMEOUT_MS 30000

void
complain(const char *fmt, ...)
{
	char text[1024];
	struct buf clean;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&clean, sizeof(text) * 4);
	put_clean(&clean, text, sizeof(text));	/* what a target said may be in it */
	fprintf(stderr, "midctl: %s\n", buf_str(&clean));
	buf_fini(&clean);
}

char *
real_file(const char *what, const char *path, const char *remedy)
{
	char *file = os_real_path(path);

	if (file == NULL)
		complain("%s: %.200s can't be opened: %s: %s", what, path, strerror(errno), remedy);
	return file;
}

void
print_json(struct json_object *o)
{
	const char *p = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE);
	const char *from = p;
	size_t left = strlen(p), size;
	unsigned c;
	int n;

	for (; left > 0; p += size, left -= size) {
		n = utf8_next(p, left);
		size = (size_t)(n < 0 ? -n : n);
		if (n < 0 || *p == '\n' || !utf8_steers(p, n))
			continue;
		fwrite(from, 1, (size_t)(p - from), stdout);
		from = p + size;
		c = n == 1 ? (unsigned char)p[0] : n == 2 ? (unsigned char)p[1] : 0x2000u | ((unsigned char)p[1] & 0x3fu) << 6 | ((unsigned char)p[2] & 0x3fu);
		printf("\\u%04x", c);	/* json-c leaves DEL, C1 and the rest as they are */
	}
	fwrite(from, 1, (size_t)(p - from), stdout);
	putchar('\n');
}

void
print_buf(struct buf *b)
{
	fwrite(buf_str(b), 1, b->len, stdout);
	buf_clear(b);
}

/* Only when midd itself could not be reached: its own refusals are problems. */
static int
status_of(int r, const struct json_object *answer)
{
	if (r == 0)
		return EXIT_OK;
	if (r == -E_AUTH)
		return EXIT_NOT_PERMITTED;
	return r == -E_NONE && answer == NULL ? EXIT_NOT_RUNNING : EXIT_PROBLEM;
}

static void
waits(int waited_ms, int more_ms)
{
	complain("midd is starting, restarting or busy: no answer for %.1f s, waiting up to %d s more",
	    waited_ms / 1000.0, more_ms / 1000);
}

int
ask(const struct asked *a, const char *verb, struct json_object *args,
    row_fn *row, void *arg, struct json_object **result)
{
	struct err err = { 0, "" };
	int r, status;

	control_ask_waits(waits);
	r = control_ask(a->control, verb, args, TIMEOUT_MS, row, arg, result, &err);
	status = status_of(r, *result);

	if (r < 0) {
		complain("%s", err.text);
		json_object_put(*result);
		*result = NULL;
	}
	return status;
}

static void
collect(void *arg, struct json_object *row)
{
	json_add_take(arg, json_object_get(row));
}

int
ask_rows(const struct asked *a, const char *verb, struct json_object *args,
    struct json_object **rows, struct json_object **result)
{
	int status;

	*rows = json_object_new_array();
	status = ask(a, verb, args, collect, *rows, result);
	if (status != EXIT_OK) {
		json_object_put(*rows);
		*rows = NULL;
	}
	return status;
}
