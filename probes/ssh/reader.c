/* SPDX-License-Identifier: Apache-2.0 */
/* reader - see reader.h. */
#include "reader.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
reader_init(struct reader *r)
{
	memset(r, 0, sizeof(*r));
	r->hash = EVP_MD_CTX_new();
	return r->hash == NULL || EVP_DigestInit_ex(r->hash, EVP_sha256(), NULL) != 1 ? -1 : 0;
}

void
reader_fini(struct reader *r)
{
	size_t i;

	for (i = 0; i < SFTP_AHEAD; i++)
		free(r->piece[i].data);
	EVP_MD_CTX_free(r->hash);
	memset(r, 0, sizeof(*r));
}

void
reader_lost(struct reader *r)
{
	size_t i;

	for (i = 0; i < SFTP_AHEAD; i++)
		r->piece[i].state = PIECE_FREE;
	r->asked = r->at;
	r->status = 0;
	r->handle.n = 0;
}

void
reader_begin(struct reader *r, uint64_t at, uint64_t end)
{
	size_t i;

	for (i = 0; i < SFTP_AHEAD; i++)
		r->piece[i].state = PIECE_FREE;
	r->at = r->asked = at;
	r->end = end;
	r->status = 0;
	(void)EVP_DigestInit_ex(r->hash, EVP_sha256(), NULL);
}

/* --- asking ------------------------------------------------------------------------- */

static void
ask(struct reader *r, struct sftp *s, struct reader_piece *p)
{
	p->id = sftp_read(s, &r->handle, p->at + p->got, p->len - p->got);
	p->state = p->id == 0 ? PIECE_FREE : PIECE_ASKED;
}

static int
ask_ahead(struct reader *r, struct sftp *s)
{
	struct reader_piece *p;
	size_t i;

	for (i = 0; i < SFTP_AHEAD && r->asked < r->end && sftp_room(s); i++) {
		p = &r->piece[i];
		if (p->state != PIECE_FREE)
			continue;
		if (p->data == NULL && (p->data = malloc(SFTP_PIECE)) == NULL)
			return -1;
		p->at = r->asked;
		p->len = r->end - r->asked < SFTP_PIECE ? (uint32_t)(r->end - r->asked) : SFTP_PIECE;
		p->got = 0;
		ask(r, s, p);
		if (p->state == PIECE_ASKED)
			r->asked += p->len;
	}
	return 0;
}

/* --- hearing ------------------------------------------------------------------------- */

/* The file ends before END. */
static void
ends_at(struct reader *r, uint64_t at)
{
	if (at < r->end)
		r->end = at;
	if (r->asked > r->end)
		r->asked = r->end;
}

bool
reader_hears(struct reader *r, const struct fxp_reply *reply)
{
	struct reader_piece *p = NULL;
	size_t i;

	for (i = 0; i < SFTP_AHEAD && p == NULL; i++)
		if (r->piece[i].state == PIECE_ASKED && r->piece[i].id == reply->id)
			p = &r->piece[i];
	if (p == NULL)
		return false;
	p->state = PIECE_CAME;
	if (reply->type == FXP_DATA && reply->len > 0 && reply->len <= p->len - p->got) {
		memcpy(p->data + p->got, reply->data, reply->len);
		p->got += (uint32_t)reply->len;
	} else if (reply->type == FXP_STATUS && reply->status == FXP_EOF) {
		ends_at(r, p->at + p->got);
	} else {
		r->status = reply->type == FXP_STATUS && reply->status != FXP_OK ? reply->status : FXP_BAD_MESSAGE;
	}
	return true;
}

/* A piece that came short: the rest of it, unless the file ends there. */
static void
ask_rest(struct reader *r, struct sftp *s)
{
	struct reader_piece *p;
	size_t i;

	for (i = 0; i < SFTP_AHEAD; i++) {
		p = &r->piece[i];
		if (p->state != PIECE_CAME || p->got == p->len || p->at + p->got >= r->end || !sftp_room(s))
			continue;
		ask(r, s, p);
		if (p->state == PIECE_FREE)
			p->state = PIECE_CAME;
	}
}

/* --- taking ---------------------------------------------------------------------------- */

static struct reader_piece *
next_piece(struct reader *r)
{
	size_t i;

	for (i = 0; i < SFTP_AHEAD; i++)
		if (r->piece[i].state == PIECE_CAME && r->piece[i].at == r->at
		    && (r->piece[i].got == r->piece[i].len || r->at + r->piece[i].got >= r->end))
			return &r->piece[i];
	return NULL;
}

/* 0 all there was; 1 there is no room for it; <0. */
static int
hand_on(struct reader *r, reader_take *take, void *arg)
{
	struct reader_piece *p;
	int rc;

	while (r->at < r->end && (p = next_piece(r)) != NULL) {
		if (p->got > r->end - r->at)
			p->got = (uint32_t)(r->end - r->at);
		rc = take(arg, p->data, p->got);
		if (rc != 0)
			return rc;
		(void)EVP_DigestUpdate(r->hash, p->data, p->got);
		r->at += p->got;
		p->state = PIECE_FREE;
	}
	return 0;
}

int
reader_step(struct reader *r, struct sftp *s, reader_take *take, void *arg)
{
	int rc;

	if (r->status != 0)
		return READER_REFUSED;
	rc = hand_on(r, take, arg);
	if (rc < 0)
		return READER_STOPPED;
	ask_rest(r, s);
	if (ask_ahead(r, s) < 0)
		return READER_STOPPED;
	if (rc > 0)
		return READER_FULL;
	return r->at >= r->end ? READER_DONE : READER_WAITS;
}

void
reader_hash(struct reader *r, char hex[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	unsigned n = 0, i;

	if (copy != NULL && EVP_MD_CTX_copy_ex(copy, r->hash) == 1)
		(void)EVP_DigestFinal_ex(copy, md, &n);
	EVP_MD_CTX_free(copy);
	for (i = 0; i < n && i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	hex[2 * i] = '\0';
}
