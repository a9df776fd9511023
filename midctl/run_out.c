/* SPDX-License-Identifier: Apache-2.0 */
/* run_out - what a probe gives, as it is written; see run.h. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "by_hand.h"
#include "err.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "os.h"
#include "xalloc.h"

#define KEPT_MAX (64u << 20)	/* a document that is larger goes out as it came */
#define PARTIALS_SHOWN 20

_Static_assert(PIECES == BY_HAND_KINDS, "a name for each");

/* What a target says is for its owner: into a new file in place of the one of that name, which others may read or have laid there. */
static FILE *
open_recording(const char *name)
{
	struct err err = { 0 };
	struct stat st;
	int fd;
	FILE *f;

	if (stat(name, &st) == 0 && !S_ISREG(st.st_mode)) {
		complain("--record: %.200s is no plain file: name another", name);
		return NULL;
	}
	if (os_write_file(name, "", 0, 0600, &err) < 0) {
		complain("--record: %s: name a file in a folder of yours", err.text);
		return NULL;
	}
	fd = open(name, O_WRONLY);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (f == NULL)
		complain("--record: %.200s can't be written: %s: name a file in a folder of yours", name, strerror(errno));
	if (f == NULL && fd >= 0)
		close(fd);
	return f;
}

int
run_out_init(struct run_out *o, bool json, const char *record)
{
	int i;

	memset(o, 0, sizeof(*o));
	o->json = json;
	o->notes = json_object_new_object();
	for (i = 0; i < PIECES; i++)
		buf_init(&o->kept[i], KEPT_MAX);
	if (record == NULL)
		return 0;
	o->recording = open_recording(record);
	return o->recording == NULL ? -1 : 0;
}

void
run_out_fini(struct run_out *o)
{
	int i;

	for (i = 0; i < PIECES; i++)
		buf_fini(&o->kept[i]);
	json_object_put(o->notes);
	if (o->recording != NULL)
		fclose(o->recording);
}

int
run_out_kind(const char *name)
{
	int i;

	for (i = 0; i < PIECES; i++)
		if (strcmp(by_hand_kinds[i], name) == 0)
			return i;
	return -1;
}

void
run_out_tame(char *p, size_t n, char before)
{
	unsigned char c, was = (unsigned char)before;

	for (; n > 0; p++, n--) {
		c = (unsigned char)*p;
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || (was == 0xc2 && c >= 0x80 && c < 0xa0))
			*p = c == '\r' && n > 1 && p[1] == '\n' ? ' ' : '?';
		was = c;
	}
}

/* What a target says does not steer a terminal; into a file or a pipe it goes as it came. */
static void
write_to(FILE *f, const char *p, size_t n, char before)
{
	char *copy;

	if (isatty(fileno(f)) != 1) {
		fwrite(p, 1, n, f);
		return;
	}
	copy = xcalloc(1, n + 1);
	memcpy(copy, p, n);
	run_out_tame(copy, n, before);
	fwrite(copy, 1, n, f);
	free(copy);
}

static void
write_out(struct run_out *o, const char *p, size_t n)
{
	if (n == 0)
		return;
	write_to(stdout, p, n, o->last);
	o->last = p[n - 1];
}

/* The document goes out at once with --json; else it is kept, to be shown with line breaks. */
static void
piece_of_document(struct run_out *o, const void *data, size_t len)
{
	struct buf *b = &o->kept[PIECE_JSON];

	if (!o->json && !o->raw && buf_put(b, data, len) == 0)
		return;
	write_out(o, buf_str(b), b->len);
	buf_fini(b);
	o->raw = true;
	write_out(o, data, len);
}

void
run_out_piece(struct run_out *o, int kind, const void *data, size_t len)
{
	if (kind == PIECE_RECORDING) {
		if (o->recording != NULL && fwrite(data, 1, len, o->recording) != len)
			o->torn = true;
		return;
	}
	if (kind == PIECE_JSON) {
		piece_of_document(o, data, len);
		return;
	}
	if (o->json) {
		if (buf_put(&o->kept[kind], data, len) < 0)
			run_out_partial(o, "a result larger than 64 MB was cut: leave out --json");
		return;
	}
	if (kind == PIECE_STDERR)
		write_to(stderr, data, len, 0);
	else
		write_out(o, data, len);
}

void
run_out_note(struct run_out *o, const char *name, const char *value)
{
	o->notes_left += by_hand_note(o->notes, name, value) ? 0 : 1;
}

void
run_out_partial(struct run_out *o, const char *message)
{
	o->partial = true;
	if (o->partials++ < PARTIALS_SHOWN)
		complain("partial: %s", message);
}

static void
say_left(const struct run_out *o)
{
	if (o->partials > PARTIALS_SHOWN)
		complain("partial: %u more reasons are not shown", o->partials - PARTIALS_SHOWN);
	if (o->notes_left > 0)
		complain("%u notes were left out: a run has %d at most", o->notes_left, BY_HAND_NOTES_MAX);
}

static void
write_document(struct run_out *o)
{
	struct buf *b = &o->kept[PIECE_JSON];
	struct json_object *doc = NULL;
	struct err err;

	if (json_parse(&doc, buf_str(b), b->len, "the result", &err) == 0)
		print_json(doc);
	else
		write_out(o, buf_str(b), b->len);
	json_object_put(doc);
}

/* With --json and no document of its own: one made of the texts. */
static void
write_texts(struct run_out *o, const char *topic, const char *class)
{
	struct json_object *doc = json_object_new_object();
	struct buf clean;
	int i;

	json_put_str(doc, "topic", topic);
	json_put_str(doc, "class", class);
	json_put_bool(doc, "partial", o->partial);
	for (i = 0; i < PIECES; i++) {
		if (o->kept[i].len == 0)
			continue;
		buf_init(&clean, KEPT_MAX * 3u);
		put_text(&clean, o->kept[i].data, o->kept[i].len);
		json_put_str(doc, by_hand_kinds[i], buf_str(&clean));
		buf_fini(&clean);
	}
	json_put_take(doc, "notes", json_object_get(o->notes));
	print_json(doc);
	json_object_put(doc);
}

int
run_out_end(struct run_out *o, const char *topic, bool ok, const char *class, const char *message)
{
	if (!o->raw && o->kept[PIECE_JSON].len > 0)
		write_document(o);
	else if (o->json && !o->raw && ok)
		write_texts(o, topic, class);
	else if (o->last != '\0' && o->last != '\n' && (o->raw || isatty(STDOUT_FILENO) == 1))
		write_out(o, "\n", 1);
	fflush(stdout);
	say_left(o);
	if (o->recording != NULL && (fflush(o->recording) != 0 || o->torn)) {
		complain("--record: the file could not be written to its end");
		return EXIT_PROBLEM;
	}
	if (!ok) {
		complain("%s: %s (%s)", topic, message[0] ? message : "it failed, and did not say why", class);
		return EXIT_PROBLEM;
	}
	if (o->recording != NULL && ftell(o->recording) == 0) {
		complain("--record: %s has recorded nothing: the file is empty", topic);
		return EXIT_PARTIAL;
	}
	return o->partial ? EXIT_PARTIAL : EXIT_OK;
}
