/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_put - a file is put: into a part file beside its place, which is read back,
 * hashed, and only then renamed. The part file is named after the hash of the
 * whole, so whoever puts the same file again (after a lost connection, a death of
 * midd, or as the next piece of several jobs) finds it and goes on where it ends.
 */
#include "file_put.h"

#include <stdio.h>
#include <string.h>

int
put_go_to(struct put *p, enum put_stage at)
{
	p->at = at;
	return 0;
}

int
put_refuse(struct put *p, enum mid_class class, const char *what)
{
	p->t->h->fail(p->t->run, class, "%s: %s: %s", p->t->h->address(p->t->run), p->t->path, what);
	return FILE_FAILED;
}

static const char *
stage_doing(const struct put *p)
{
	static const char *const doing[] = {
		[PUT_LOOKS] = "looking at", [PUT_OPENS_OLD] = "reading", [PUT_COMPARES] = "reading", [PUT_LOOKS_AT_PART] = "looking for the part of",
		[PUT_LOOKS_AT_FOLDER] = "looking at the folder of", [PUT_OPENS_MARK] = "creating a file beside", [PUT_ASKS_OWNER] = "looking beside",
		[PUT_CLOSES_MARK] = "closing a file beside", [PUT_DROPS_MARK] = "removing a file beside", [PUT_CLEARS_PART] = "removing the part of",
		[PUT_OPENS] = "creating", [PUT_WRITES] = "writing", [PUT_ASKS_SPACE] = "writing", [PUT_SYNCS] = "writing", [PUT_CHECKS] = "reading back",
		[PUT_SETS_MODE] = "setting the mode of", [PUT_CLOSES] = "closing", [PUT_RENAMES] = "renaming the part of",
		[PUT_REMOVES_OLD] = "replacing", [PUT_DROPS_PART] = "removing the part of",
	};

	return p->at < sizeof(doing) / sizeof(doing[0]) && doing[p->at] != NULL ? doing[p->at] : "putting";
}

int
put_said_no(struct put *p, struct fxp_reply *r)
{
	return r->type == FXP_STATUS ? file_refused(p->t, stage_doing(p), r) : file_nonsense(p->t, stage_doing(p));
}

static bool
is_ok(const struct fxp_reply *r)
{
	return r->type == FXP_STATUS && r->status == FXP_OK;
}

static bool
is_none(const struct fxp_reply *r)
{
	return r->type == FXP_STATUS && r->status == FXP_NO_SUCH_FILE;
}

/* --- what is there ------------------------------------------------------------------------ */

static uint32_t
ask_look(struct put *p)
{
	return sftp_path(p->t->sftp, FXP_LSTAT, p->t->path);
}

static int
hear_look(struct put *p, struct fxp_reply *r)
{
	if (is_none(r))
		return put_go_to(p, PUT_LOOKS_AT_PART);
	if (r->type != FXP_ATTRS)
		return put_said_no(p, r);
	if ((r->attrs.has & FXP_HAS_MODE) != 0 && (r->attrs.mode & FILE_KIND) == FILE_IS_FOLDER)
		return put_refuse(p, MID_BAD_PARAM, "is a folder: name the file in it");
	if ((r->attrs.has & FXP_HAS_MODE) != 0 && (r->attrs.mode & FILE_KIND) != FILE_IS_FILE)
		return put_refuse(p, MID_TARGET, "is there and is no plain file (a link?): name the file itself");
	p->there = true;
	p->old_mode = r->attrs.mode & 0777;
	if (p->over)
		return put_go_to(p, PUT_LOOKS_AT_PART);
	if (r->attrs.size != p->whole)
		return put_refuse(p, MID_TARGET, "is there already and is another file: overwrite=true replaces it");
	return put_go_to(p, PUT_OPENS_OLD);	/* it may be ours: a job that is run again */
}

static uint32_t
ask_open_old(struct put *p)
{
	return sftp_open(p->t->sftp, p->t->path, FXP_FOR_READ, 0);
}

int
put_take_handle(struct put *p, struct fxp_reply *r)
{
	if (r->type != FXP_HANDLE)
		return put_said_no(p, r);
	memcpy(p->t->reader.handle.p, r->data, r->len);
	p->t->reader.handle.n = r->len;
	return 0;
}

static int
hear_open_old(struct put *p, struct fxp_reply *r)
{
	if (put_take_handle(p, r) < 0)
		return FILE_FAILED;
	reader_begin(&p->t->reader, 0, p->whole);
	return put_go_to(p, PUT_COMPARES);
}

/* --- writing ----------------------------------------------------------------------------------- */

/* Many at a time. Only what is acknowledged without a gap counts. */
static void
write_ahead(struct put *p)
{
	struct put_piece *w;
	size_t i;

	for (i = 0; i < SFTP_AHEAD && p->sent < p->offset + p->n && sftp_room(p->t->sftp); i++) {
		w = &p->piece[i];
		if (w->id != 0 || w->done)
			continue;
		w->at = p->sent;
		w->len = p->offset + p->n - p->sent < SFTP_PIECE ? (uint32_t)(p->offset + p->n - p->sent) : SFTP_PIECE;
		w->id = sftp_write(p->t->sftp, &p->t->reader.handle, w->at, p->data + (w->at - p->offset), w->len);
		if (w->id != 0)
			p->sent += w->len;
	}
}

static void
count_acked(struct put *p)
{
	size_t i;

	do {
		for (i = 0; i < SFTP_AHEAD && !(p->piece[i].done && p->piece[i].at == p->acked); i++)
			;
		if (i < SFTP_AHEAD) {
			p->acked += p->piece[i].len;
			p->piece[i] = (struct put_piece){ 0 };
		}
	} while (i < SFTP_AHEAD);
}

static bool
put_hears(void *work, const struct fxp_reply *r)
{
	struct put *p = work;
	size_t i;

	if (p->at != PUT_WRITES)
		return false;
	for (i = 0; i < SFTP_AHEAD; i++)
		if (p->piece[i].id == r->id && r->id != 0) {
			p->piece[i].id = 0;
			p->piece[i].done = is_ok(r);
			if (!p->piece[i].done && p->refused.type == 0) {
				p->refused = (struct fxp_reply){ .type = r->type, .status = r->status };
				if (r->type != FXP_STATUS)
					p->refused.status = FXP_BAD_MESSAGE;
			}
			count_acked(p);
			return true;
		}
	return false;
}

/* "Failure" is all that version 3 has for a full disk: whether it is one is asked. */
static int
write_refused(struct put *p)
{
	if (p->refused.status == FXP_FAILURE && sftp_can(p->t->sftp, "statvfs@openssh.com"))
		return put_go_to(p, PUT_ASKS_SPACE);
	return file_status(p->t, "writing", p->refused.status);
}

static uint32_t
ask_space(struct put *p)
{
	return sftp_space(p->t->sftp, p->folder);
}

static int
hear_space(struct put *p, struct fxp_reply *r)
{
	uint64_t left, need = p->offset + p->n - p->acked;

	if (r->type == FXP_EXTENDED_REPLY && fxp_free_space(r, &left) == 0 && left < need) {
		p->t->h->fail(p->t->run, MID_TARGET, "%s: writing %s: the disk is full: %llu bytes are free, %llu more are needed; what is "
		    "written stays, and a second try goes on there", p->t->h->address(p->t->run), p->t->path, (unsigned long long)left,
		    (unsigned long long)need);
		return FILE_FAILED;
	}
	return file_status(p->t, "writing", p->refused.status);
}

static int
write_on(struct put *p)
{
	if (p->refused.type != 0)
		return write_refused(p) < 0 ? FILE_FAILED : FILE_WAITS;
	write_ahead(p);
	if (p->acked < p->offset + p->n)
		return FILE_WAITS;
	if (p->have < p->acked)
		p->have = p->acked;
	p->at = sftp_can(p->t->sftp, "fsync@openssh.com") ? PUT_SYNCS : PUT_CHECKS;
	reader_begin(&p->t->reader, 0, p->whole);
	return FILE_WAITS;
}

static uint32_t
ask_sync(struct put *p)
{
	return sftp_sync(p->t->sftp, &p->t->reader.handle);
}

/* A file system that can't is none that loses more by it. */
static int
hear_sync(struct put *p, struct fxp_reply *r)
{
	(void)r;
	return put_go_to(p, PUT_CHECKS);
}

/* --- is it right ---------------------------------------------------------------------------------- */

static int
take_nothing(void *arg, const void *data, size_t n)
{
	(void)arg, (void)data, (void)n;
	return 0;
}

/* 0 read to the end, HEX is its hash; 1 not yet; FILE_FAILED. */
static int
hash_all(struct put *p, char hex[65])
{
	int r = reader_step(&p->t->reader, p->t->sftp, take_nothing, p);

	if (r == READER_REFUSED)
		return file_status(p->t, stage_doing(p), p->t->reader.status);
	if (r != READER_DONE)
		return r < 0 ? FILE_FAILED : 1;
	reader_hash(&p->t->reader, hex);
	return 0;
}

static int
compare(struct put *p)
{
	char hex[65];
	int r = hash_all(p, hex);

	if (r != 0)
		return r < 0 ? r : FILE_WAITS;
	if (strcmp(hex, p->sha256) != 0)
		return put_refuse(p, MID_TARGET, "is there already and is another file: overwrite=true replaces it");
	p->unchanged = true;
	p->at = PUT_CLOSES;
	return FILE_WAITS;
}

/* What an earlier try has left may have been spoilt: once all is written anew. */
static int
check(struct put *p)
{
	char hex[65];
	int r;

	if (p->have < p->whole) {	/* a piece of several jobs, and not the last */
		p->at = PUT_CLOSES;
		return FILE_WAITS;
	}
	r = hash_all(p, hex);
	if (r != 0)
		return r < 0 ? r : FILE_WAITS;
	p->wrong = strcmp(hex, p->sha256) != 0;
	p->at = p->wrong ? PUT_CLOSES : PUT_SETS_MODE;
	return FILE_WAITS;
}

static uint32_t
ask_set_mode(struct put *p)
{
	return sftp_set_mode(p->t->sftp, &p->t->reader.handle, p->mode >= 0 ? (uint32_t)p->mode : p->there ? p->old_mode : 0644);
}

static int
hear_set_mode(struct put *p, struct fxp_reply *r)
{
	return is_ok(r) ? put_go_to(p, PUT_CLOSES) : put_said_no(p, r);
}

static uint32_t
ask_close(struct put *p)
{
	return sftp_file(p->t->sftp, FXP_CLOSE, &p->t->reader.handle);
}

static int
hear_close(struct put *p, struct fxp_reply *r)
{
	if (!is_ok(r))
		return put_said_no(p, r);
	p->t->reader.handle.n = 0;
	if (p->wrong)
		return put_go_to(p, PUT_DROPS_PART);
	return put_go_to(p, p->unchanged || p->have < p->whole ? PUT_TELLS : PUT_RENAMES);
}

static uint32_t
ask_drop_part(struct put *p)
{
	return sftp_path(p->t->sftp, FXP_REMOVE, p->part);
}

static int
hear_drop_part(struct put *p, struct fxp_reply *r)
{
	bool again = p->resumed && !p->anew && p->offset == 0;

	if (!is_ok(r))
		return put_said_no(p, r);
	if (!again)
		return put_refuse(p, MID_TARGET, "what was written there is not what was sent, by its SHA-256: its part was removed; put it again, all of it");
	p->t->h->log(p->t->run, MID_WARN, "%s: the part of %s that an earlier try has left is spoilt: all is written anew", p->t->h->address(p->t->run), p->t->path);
	p->anew = true;
	p->wrong = false;
	return put_go_to(p, PUT_LOOKS_AT_PART);
}

/* --- its place --------------------------------------------------------------------------------------- */

static uint32_t
ask_rename(struct put *p)
{
	return sftp_rename(p->t->sftp, p->part, p->t->path, p->over);
}

static int
hear_rename(struct put *p, struct fxp_reply *r)
{
	if (is_ok(r))
		return put_go_to(p, PUT_TELLS);
	/* Servers without posix-rename never replace: what is there goes first. */
	if (p->over && p->there && r->type == FXP_STATUS && r->status == FXP_FAILURE && !sftp_can(p->t->sftp, "posix-rename@openssh.com"))
		return put_go_to(p, PUT_REMOVES_OLD);
	if (!p->over && r->type == FXP_STATUS && r->status == FXP_FAILURE)
		return put_refuse(p, MID_TARGET, "somebody has put a file there meanwhile: overwrite=true replaces it");
	return put_said_no(p, r);
}

static uint32_t
ask_remove_old(struct put *p)
{
	return sftp_path(p->t->sftp, FXP_REMOVE, p->t->path);
}

static int
hear_remove_old(struct put *p, struct fxp_reply *r)
{
	p->there = false;
	return is_ok(r) || is_none(r) ? put_go_to(p, PUT_RENAMES) : put_said_no(p, r);
}

static int
tell(struct put *p)
{
	struct file_talk *t = p->t;

	t->h->note(t->run, "sha256", p->sha256);
	file_note(t, "size", p->whole);
	file_note(t, "bytes", p->have);
	t->h->note(t->run, "complete", p->have < p->whole ? "false" : "true");
	if (p->unchanged)
		t->h->note(t->run, "unchanged", "true");
	if (p->began_at > p->offset)
		file_note(t, "resumed_at", p->began_at);
	return FILE_DONE;
}

/* --- the steps ----------------------------------------------------------------------------------------- */

static const struct {
	uint32_t (*ask)(struct put *p);
	int (*hear)(struct put *p, struct fxp_reply *r);
	int (*go)(struct put *p);		/* instead of one request: many */
} steps[] = {
	[PUT_LOOKS] = { ask_look, hear_look, NULL }, [PUT_OPENS_OLD] = { ask_open_old, hear_open_old, NULL },
	[PUT_COMPARES] = { NULL, NULL, compare }, [PUT_LOOKS_AT_PART] = { put_ask_part, put_hear_part, NULL },
	[PUT_LOOKS_AT_FOLDER] = { put_ask_part, put_hear_part, NULL }, [PUT_OPENS_MARK] = { put_ask_part, put_hear_part, NULL },
	[PUT_ASKS_OWNER] = { put_ask_part, put_hear_part, NULL }, [PUT_CLOSES_MARK] = { put_ask_part, put_hear_part, NULL },
	[PUT_DROPS_MARK] = { put_ask_part, put_hear_part, NULL }, [PUT_CLEARS_PART] = { put_ask_part, put_hear_part, NULL },
	[PUT_OPENS] = { put_ask_part, put_hear_part, NULL }, [PUT_WRITES] = { NULL, NULL, write_on },
	[PUT_ASKS_SPACE] = { ask_space, hear_space, NULL }, [PUT_SYNCS] = { ask_sync, hear_sync, NULL },
	[PUT_CHECKS] = { NULL, NULL, check }, [PUT_SETS_MODE] = { ask_set_mode, hear_set_mode, NULL },
	[PUT_CLOSES] = { ask_close, hear_close, NULL }, [PUT_RENAMES] = { ask_rename, hear_rename, NULL },
	[PUT_REMOVES_OLD] = { ask_remove_old, hear_remove_old, NULL }, [PUT_DROPS_PART] = { ask_drop_part, hear_drop_part, NULL },
	[PUT_TELLS] = { NULL, NULL, tell },
};

static int
put_go(void *work)
{
	struct put *p = work;
	enum put_stage was;
	int r;

	do {
		if (p->t->waits_for != 0)
			return FILE_WAITS;
		was = p->at;
		if (steps[was].go != NULL) {
			r = steps[was].go(p);
			if (r != FILE_WAITS)
				return r;
		} else {
			p->t->waits_for = steps[was].ask(p);
		}
	} while (p->at != was);
	return FILE_WAITS;
}

static int
put_hear(void *work, struct fxp_reply *r)
{
	struct put *p = work;

	return steps[p->at].hear == NULL ? 0 : steps[p->at].hear(p, r);
}

/* Where it ends is looked up anew: what was acknowledged is there. */
static void
put_lost(void *work)
{
	struct put *p = work;

	p->refused.type = 0;
	memset(p->piece, 0, sizeof(p->piece));
	reader_lost(&p->t->reader);
	if (p->at == PUT_TELLS)
		return;
	p->at = PUT_LOOKS;
	p->wrong = false;
}

static void
put_far(const void *work, char *out, size_t size)
{
	const struct put *p = work;

	snprintf(out, size, "%llu of %zu bytes are there", (unsigned long long)(p->acked > p->offset ? p->acked - p->offset : 0), p->n);
}

const struct file_work file_put = { "put", put_begin, put_go, put_hear, put_hears, put_far, put_lost, put_end };
