/* SPDX-License-Identifier: Apache-2.0 */
/* file_list - what a folder holds, as JSON; a hundred thousand entries at most. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/out.h"
#include "file.h"
#include "str.h"

#define ENTRIES_MAX 100000u

struct list {
	struct file_talk *t;
	enum { LIST_OPENS, LIST_READS, LIST_CLOSES, LIST_TELLS } at;
	struct json_object *doc, *entries;
	unsigned n;
};

static void
list_clear(struct list *l)
{
	json_object_put(l->doc);
	l->doc = json_object_new_object();
	out_cstr(l->doc, "path", l->t->path);
	l->entries = out_list(l->doc, "entries");
	l->n = 0;
}

static void *
list_begin(struct file_talk *t)
{
	struct list *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		t->h->fail(t->run, MID_INTERNAL, "out of memory");
		return NULL;
	}
	l->t = t;
	list_clear(l);
	return l;
}

static const char *
kind_of(uint32_t mode)
{
	static const struct { uint32_t kind; const char *name; } kinds[] = {
		{ FILE_IS_FILE, "file" }, { FILE_IS_FOLDER, "folder" }, { 0120000, "link" }, { 0140000, "socket" }, { 0010000, "fifo" },
		{ 0020000, "device" }, { 0060000, "device" },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == (mode & FILE_KIND))
			return kinds[i].name;
	return "unknown";
}

static void
add_entry(struct list *l, const struct fxp_name *name)
{
	const struct fxp_attrs *a = &name->attrs;
	struct json_object *o;
	char mode[16];

	if ((name->len == 1 && name->name[0] == '.') || (name->len == 2 && memcmp(name->name, "..", 2) == 0))
		return;
	l->n++;
	o = out_item(l->entries);
	out_whole(o, "name", (struct str){ name->name, name->len });
	out_cstr(o, "type", (a->has & FXP_HAS_MODE) != 0 ? kind_of(a->mode) : "unknown");
	if ((a->has & FXP_HAS_SIZE) != 0)
		out_u64(o, "size", a->size);
	if ((a->has & FXP_HAS_MODE) != 0) {
		snprintf(mode, sizeof(mode), "%04o", a->mode & 07777);
		out_cstr(o, "mode", mode);
	}
	if ((a->has & FXP_HAS_OWNER) != 0) {
		out_u64(o, "uid", a->uid);
		out_u64(o, "gid", a->gid);
	}
	if ((a->has & FXP_HAS_TIMES) != 0)
		out_u64(o, "mtime", a->mtime);
}

static int
add_entries(struct list *l, struct fxp_reply *r)
{
	struct fxp_name name;
	int rc;

	while ((rc = fxp_next_name(r, &name)) == 1 && l->n < ENTRIES_MAX)
		add_entry(l, &name);
	if (rc == 1) {
		l->t->h->partial(l->t->run, "%s holds more than %u entries: the rest is missing", l->t->path, ENTRIES_MAX);
		l->at = LIST_CLOSES;
	}
	return rc < 0 ? file_nonsense(l->t, "listing") : 0;
}

static int
list_hear(void *work, struct fxp_reply *r)
{
	struct list *l = work;

	if (l->at == LIST_CLOSES) {
		l->at = LIST_TELLS;
		return 0;
	}
	if (l->at == LIST_OPENS && r->type == FXP_HANDLE) {
		memcpy(l->t->reader.handle.p, r->data, r->len);
		l->t->reader.handle.n = r->len;
		l->at = LIST_READS;
		return 0;
	}
	if (l->at == LIST_READS && r->type == FXP_NAME && r->names > 0)
		return add_entries(l, r);
	if (l->at == LIST_READS && r->type == FXP_STATUS && r->status == FXP_EOF) {
		l->at = LIST_CLOSES;
		return 0;
	}
	return r->type == FXP_STATUS ? file_refused(l->t, "listing", r) : file_nonsense(l->t, "listing");
}

static int
list_go(void *work)
{
	struct list *l = work;
	struct file_talk *t = l->t;
	const char *text;
	size_t n;

	if (t->waits_for != 0)
		return FILE_WAITS;
	switch (l->at) {
	case LIST_OPENS:
		t->waits_for = sftp_path(t->sftp, FXP_OPENDIR, t->path);
		return FILE_WAITS;
	case LIST_READS:
		t->waits_for = sftp_file(t->sftp, FXP_READDIR, &t->reader.handle);
		return FILE_WAITS;
	case LIST_CLOSES:
		t->waits_for = sftp_file(t->sftp, FXP_CLOSE, &t->reader.handle);
		return FILE_WAITS;
	default:
		text = json_object_to_json_string_length(l->doc, JSON_C_TO_STRING_PLAIN, &n);
		return t->h->emit(t->run, MID_JSON, text, n) == MID_AGAIN ? FILE_FULL : FILE_DONE;
	}
}

/* A folder has no places to go on from: it is read anew. */
static void
list_lost(void *work)
{
	struct list *l = work;

	if (l->at == LIST_TELLS)
		return;
	l->at = LIST_OPENS;
	list_clear(l);
}

static void
list_end(void *work)
{
	struct list *l = work;

	json_object_put(l->doc);
	free(l);
}

static void
list_far(const void *work, char *out, size_t size)
{
	snprintf(out, size, "%u entries have come", ((const struct list *)work)->n);
}

const struct file_work file_list = { "list", list_begin, list_go, list_hear, NULL, list_far, list_lost, list_end };
