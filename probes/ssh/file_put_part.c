/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_put_part - the part of a file to put: is one there, is it ours, opened. See file_put.c.
 *
 * The name of a part can be guessed. In a folder where others may write, one of them could lay a part there
 * with the right beginning, and would own what becomes of it. So a part that is found must belong to whom a new
 * file of ours belongs to, which is seen of one that is made for that; and where anybody may rename what is
 * not his (a folder open to all, without the sticky bit), none is gone on with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "file_put.h"

#define OTHERS_WRITE 0002u
#define STICKY 01000u
#define CLEARS_MAX 5u		/* somebody may lay one there again and again */

/* What is there serves, from its end on, if the piece at hand fits. */
static int
go_on_with(struct put *p)
{
	if (p->part_there && p->found.size <= p->whole && !p->anew)
		p->have = p->found.size;
	if (p->have < p->offset) {
		p->t->h->fail(p->t->run, MID_TARGET, "%s: %s: the piece at %llu does not fit: the part there has %llu bytes", p->t->h->address(p->t->run),
		    p->t->path, (unsigned long long)p->offset, (unsigned long long)p->have);
		return FILE_FAILED;
	}
	p->resumed = p->have > p->offset;
	if (!p->looked)
		p->began_at = p->have;
	if (p->resumed)
		p->t->h->log(p->t->run, MID_INFO, "%s: the part of %s there has %llu bytes: it goes on from there", p->t->h->address(p->t->run),
		    p->t->path, (unsigned long long)p->have);
	p->looked = true;
	p->sent = p->acked = p->have < p->offset + p->n ? p->have : p->offset + p->n;
	return put_go_to(p, PUT_OPENS);
}

static int
hear_look(struct put *p, struct fxp_reply *r)
{
	p->part_there = !(r->type == FXP_STATUS && r->status == FXP_NO_SUCH_FILE);
	p->have = 0;
	if (!p->part_there)
		return go_on_with(p);
	if (r->type != FXP_ATTRS)
		return put_said_no(p, r);
	if ((r->attrs.mode & FILE_KIND) != FILE_IS_FILE)
		return put_refuse(p, MID_TARGET, "where its part would lie is something that is no plain file: is somebody playing with us?");
	p->found = r->attrs;
	return put_go_to(p, PUT_LOOKS_AT_FOLDER);
}

static int
hear_folder(struct put *p, struct fxp_reply *r)
{
	if (r->type != FXP_ATTRS)
		return put_said_no(p, r);
	if ((r->attrs.mode & (OTHERS_WRITE | STICKY)) != OTHERS_WRITE)
		return put_go_to(p, PUT_OPENS_MARK);
	if (p->offset > 0 || p->cleared++ == CLEARS_MAX)
		return put_refuse(p, MID_TARGET, "anybody may write in its folder, so what lies there of it is not gone on with: put it into another, or chmod +t that one");
	p->t->h->log(p->t->run, MID_WARN, "%s: anybody may write in %s: the part of %s there is not gone on with, all is written anew",
	    p->t->h->address(p->t->run), p->folder, p->t->path);
	return put_go_to(p, PUT_CLEARS_PART);
}

static uint32_t
ask_mark(struct put *p)
{
	uint64_t salt;

	p->t->h->random(p->t->run, &salt, sizeof(salt));
	free(p->mark);
	if (asprintf(&p->mark, "%s-%016" PRIx64, p->part, salt) < 0)
		p->mark = NULL;
	return p->mark == NULL ? 0 : sftp_open(p->t->sftp, p->mark, FXP_FOR_WRITE | FXP_CREATE | FXP_EXCLUSIVE, 0600);
}

static int
hear_owner(struct put *p, struct fxp_reply *r)
{
	if (r->type != FXP_ATTRS)
		return put_said_no(p, r);
	p->ours = r->attrs;
	return put_go_to(p, PUT_CLOSES_MARK);
}

/* A server that tells no owners has none. */
static int
compare_owners(struct put *p)
{
	if ((p->ours.has & FXP_HAS_OWNER) != 0 && ((p->found.has & FXP_HAS_OWNER) == 0 || p->found.uid != p->ours.uid)) {
		p->t->h->fail(p->t->run, MID_TARGET, "%s: %s: where its part would lie is a file of user %u, and ours are of user %u: somebody may want to own "
		    "what is put; have %s removed", p->t->h->address(p->t->run), p->t->path, (unsigned)p->found.uid, (unsigned)p->ours.uid, p->part);
		return FILE_FAILED;
	}
	return go_on_with(p);
}

/* For us alone until it is whole: what is put may be secret. */
static uint32_t
ask_open(struct put *p)
{
	uint32_t how = FXP_FOR_READ | FXP_FOR_WRITE | FXP_CREATE;

	how |= !p->part_there ? FXP_EXCLUSIVE : p->have == 0 ? FXP_TRUNCATE : 0;
	return sftp_open(p->t->sftp, p->part, how, 0600);
}

uint32_t
put_ask_part(struct put *p)
{
	struct sftp *s = p->t->sftp;

	switch (p->at) {
	case PUT_LOOKS_AT_PART: return sftp_path(s, FXP_LSTAT, p->part);
	case PUT_LOOKS_AT_FOLDER: return sftp_path(s, FXP_STAT, p->folder);
	case PUT_OPENS_MARK: return ask_mark(p);
	case PUT_ASKS_OWNER: return sftp_file(s, FXP_FSTAT, &p->t->reader.handle);
	case PUT_CLOSES_MARK: return sftp_file(s, FXP_CLOSE, &p->t->reader.handle);
	case PUT_DROPS_MARK: return sftp_path(s, FXP_REMOVE, p->mark);
	case PUT_CLEARS_PART: return sftp_path(s, FXP_REMOVE, p->part);
	default: return ask_open(p);
	}
}

int
put_hear_part(struct put *p, struct fxp_reply *r)
{
	switch (p->at) {
	case PUT_LOOKS_AT_PART: return hear_look(p, r);
	case PUT_LOOKS_AT_FOLDER: return hear_folder(p, r);
	case PUT_OPENS_MARK: return put_take_handle(p, r) < 0 ? FILE_FAILED : put_go_to(p, PUT_ASKS_OWNER);
	case PUT_ASKS_OWNER: return hear_owner(p, r);
	case PUT_CLOSES_MARK: p->t->reader.handle.n = 0; return put_go_to(p, PUT_DROPS_MARK);
	case PUT_DROPS_MARK: return compare_owners(p);
	case PUT_CLEARS_PART:
		return r->type == FXP_STATUS && r->status == FXP_OK ? put_go_to(p, PUT_LOOKS_AT_PART) : put_said_no(p, r);
	default: return put_take_handle(p, r) < 0 ? FILE_FAILED : put_go_to(p, PUT_WRITES);
	}
}
