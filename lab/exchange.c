/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange - see the header.
 */
#include "exchange.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "acl.h"
#include "amb.h"
#include "enrol.h"
#include "fault.h"
#include "instance.h"
#include "malice.h"

#define CUT_BLOCK 16384

/* --- who calls ----------------------------------------------------------- */

/* SHA-256 of the client's certificate, when our authority vouches for it. */
static bool
peer_sha256(struct MHD_Connection *conn, char hex[65])
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(conn,
	    MHD_CONNECTION_INFO_GNUTLS_SESSION);
	gnutls_session_t tls = info != NULL ? info->tls_session : NULL;
	gnutls_typed_vdata_st purpose = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
	    .data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT };
	const gnutls_datum_t *list;
	unsigned int n = 0, status = ~0U, i;
	unsigned char md[32];
	size_t len = sizeof(md);

	if (tls == NULL)
		return false;
	list = gnutls_certificate_get_peers(tls, &n);
	if (list == NULL || n == 0 || gnutls_certificate_verify_peers(tls,
	    &purpose, 1, &status) < 0 || status != 0)
		return false;
	if (gnutls_fingerprint(GNUTLS_DIG_SHA256, &list[0], md, &len) < 0)
		return false;
	for (i = 0; i < sizeof(md); i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	return true;
}

static void
find_caller(struct exchange *ex)
{
	char hex[65];

	memset(&ex->caller, 0, sizeof(ex->caller));
	if (peer_sha256(ex->conn, hex))
		acl_certificate(ex->req.in->db, hex, &ex->caller);
	if (ex->caller.known && ex->caller.fresh)
		enrol_first_login(ex->req.in, ex->caller.user, hex);
	if (!ex->caller.known)
		acl_basic(ex->req.in->db, request_header(&ex->req,
		    "Authorization"), &ex->caller);
	ex->req.caller = &ex->caller;
}

/* --- gathering ----------------------------------------------------------- */

void *
exchange_begin(void *cls, const char *uri, struct MHD_Connection *conn)
{
	struct server *server = cls;
	struct exchange *ex = xcalloc(1, sizeof(*ex));

	ex->server = server;
	ex->req.in = server->in;
	ex->conn = conn;
	ex->began_ms = clock_ms();
	ex->url_bad = !request_url(&ex->req, uri);
	return ex;
}

static enum MHD_Result
add_header(void *cls, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct exchange *ex = cls;

	(void)kind;
	return pairs_add(&ex->req.headers, name, value != NULL ? value : "") ?
	    MHD_YES : MHD_NO;
}

static void
gather(struct exchange *ex, const char *p, size_t n)
{
	if (ex->body.len + n > ex->req.in->body_max)
		ex->too_large = true;
	if (!ex->too_large)
		text_add_mem(&ex->body, p, n);
}

/* --- answering ----------------------------------------------------------- */

struct cut {
	char *bytes;
	size_t len, cut;
};

static ssize_t
cut_read(void *cls, uint64_t pos, char *buf, size_t max)
{
	struct cut *c = cls;
	size_t n;

	if (pos >= c->cut)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = c->cut - (size_t)pos;
	n = n < max ? n : max;
	memcpy(buf, c->bytes + pos, n);
	return (ssize_t)n;
}

static void
cut_free(void *cls)
{
	struct cut *c = cls;

	free(c->bytes);
	free(c);
}

/* Promises all of the N bytes at P, and closes after CUT of them. */
static struct MHD_Response *
cut_response(const char *p, size_t n, size_t cut)
{
	struct cut *c = xcalloc(1, sizeof(*c));

	c->bytes = xcalloc(n + 1, 1);
	memcpy(c->bytes, p, n);
	c->len = n;
	c->cut = cut < n ? cut : n;
	return MHD_create_response_from_callback(n + (cut >= n), CUT_BLOCK,
	    cut_read, c, cut_free);
}

static struct MHD_Response *
make_response(struct exchange *ex, struct answer *a)
{
	struct MHD_Response *r;
	const char *body = a->bytes;
	size_t n = a->bytes_len;

	if (a->json != NULL)
		body = json_object_to_json_string_length(a->json,
		    JSON_C_TO_STRING_PLAIN |
		    JSON_C_TO_STRING_NOSLASHESCAPE, &n);
	if (ex->wire == FAULT_CUT)
		r = cut_response(body != NULL ? body : "", n,
		    (size_t)ex->wire_arg);
	else if (a->json == NULL && a->bytes != NULL)
		r = MHD_create_response_from_buffer(n, a->bytes,
		    MHD_RESPMEM_MUST_FREE);
	else
		r = MHD_create_response_from_buffer(n,
		    (void *)(uintptr_t)(body != NULL ? body : ""),
		    MHD_RESPMEM_MUST_COPY);
	if (r != NULL && ex->wire != FAULT_CUT && a->json == NULL)
		a->bytes = NULL;
	return r;
}

static enum MHD_Result
respond(struct exchange *ex, struct answer *a)
{
	struct MHD_Response *r = make_response(ex, a);
	enum MHD_Result done;
	size_t i;

	if (r == NULL)
		return MHD_NO;
	MHD_add_response_header(r, "Server", "midstub");
	if (a->json != NULL)
		MHD_add_response_header(r, "Content-Type",
		    "application/json;charset=UTF-8");
	for (i = 0; i < a->headers.count; i++)
		MHD_add_response_header(r, a->headers.at[i].name,
		    a->headers.at[i].value);
	done = MHD_queue_response(ex->conn, (unsigned)a->status, r);
	MHD_destroy_response(r);
	return done;
}

/* Closed so that the other side sees a reset, not an orderly end. */
static enum MHD_Result
reset(struct exchange *ex)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    ex->conn, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct linger now = { 1, 0 };

	if (info != NULL)
		(void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &now,
		    sizeof(now));
	return MHD_NO;
}

static enum MHD_Result
misbehave(struct exchange *ex)
{
	unsigned status;
	struct MHD_Response *r = malice_response(ex, ex->wire, ex->wire_arg,
	    &status);
	enum MHD_Result done;

	if (r == NULL)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type",
	    "application/json;charset=UTF-8");
	done = MHD_queue_response(ex->conn, status, r);
	MHD_destroy_response(r);
	return done;
}

static bool
is_stalled(struct exchange *ex)
{
	if (!ex->wire_asked) {
		ex->wire = (int)fault_wire(&ex->req, &ex->wire_arg);
		ex->wire_asked = true;
		if (ex->wire == FAULT_STALL) {
			exchange_pause(ex, ex->wire_arg * 1000);
		}
	}
	return ex->stalled_until_ms != 0;
}

static void
serve(struct exchange *ex, struct answer *a)
{
	if (ex->too_large)
		answer_error(a, 413, "Request too large",
		    "The body is larger than this instance takes.");
	else if (ex->url_bad)
		answer_error(a, 400, "Bad request", "The URL cannot be read.");
	else
		route_serve(&ex->req, a);
}

static enum MHD_Result
finish(struct server *server, struct exchange *ex)
{
	struct answer a = { 0 };
	enum MHD_Result r;

	if (ex->req.body == NULL) {
		ex->req.body_len = ex->sent = ex->body.len;
		ex->req.body = text_take(&ex->body);
	}
	if (ex->req.caller == NULL)
		find_caller(ex);
	if (!ex->url_bad && !ex->too_large && is_stalled(ex))
		return MHD_YES;
	if (ex->wire == FAULT_RESET)
		return reset(ex);
	if (malice_is(ex->wire))
		return misbehave(ex);
	if (!ex->url_bad && !ex->too_large && amb_is(&ex->req)) {
		if (!amb_serve(ex, &a))
			return MHD_YES;
	} else {
		serve(ex, &a);
	}
	r = respond(ex, &a);
	if (server->log)
		fprintf(stderr, "%s %s %d %lld ms %s %zu bytes\n",
		    ex->req.method, ex->req.path, a.status,
		    (long long)(clock_ms() - ex->began_ms), ex->caller.user,
		    ex->sent);
	answer_fini(&a);
	return r;
}

enum MHD_Result
exchange_handle(void *cls, struct MHD_Connection *conn, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **con_cls)
{
	struct server *server = cls;
	struct exchange *ex = *con_cls;

	(void)url;
	(void)version;
	if (!ex->started) {
		ex->started = true;
		ex->conn = conn;
		ex->req.method = xstrdup(method);
		MHD_get_connection_values(conn, MHD_HEADER_KIND, add_header,
		    ex);
		return MHD_YES;
	}
	if (*upload_len > 0) {
		gather(ex, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	return finish(server, ex);
}

/* --- the stalled --------------------------------------------------------- */

static void
stalls_drop(struct stalls *s, struct exchange *ex)
{
	struct exchange **at;

	for (at = &s->first; *at != NULL; at = &(*at)->next)
		if (*at == ex) {
			*at = ex->next;
			return;
		}
}

int64_t
stalls_next_ms(const struct stalls *s)
{
	const struct exchange *ex;
	int64_t next = -1;

	for (ex = s->first; ex != NULL; ex = ex->next)
		if (next < 0 || ex->stalled_until_ms < next)
			next = ex->stalled_until_ms;
	return next;
}

void
exchange_pause(struct exchange *ex, int64_t ms)
{
	ex->stalled_until_ms = clock_ms() + ms;
	ex->next = ex->server->stalls.first;
	ex->server->stalls.first = ex;
	MHD_suspend_connection(ex->conn);
}

void
stalls_resume(struct stalls *s, int64_t now_ms)
{
	struct exchange *ex, *next;

	for (ex = s->first; ex != NULL; ex = next) {
		next = ex->next;
		if (ex->stalled_until_ms > now_ms)
			continue;
		stalls_drop(s, ex);
		ex->stalled_until_ms = 0;
		MHD_resume_connection(ex->conn);
	}
}

void
exchange_end(void *cls, struct MHD_Connection *conn, void **con_cls,
    enum MHD_RequestTerminationCode how)
{
	struct server *server = cls;
	struct exchange *ex = *con_cls;

	(void)conn;
	(void)how;
	if (ex == NULL)
		return;
	stalls_drop(&server->stalls, ex);
	amb_gone(ex);
	text_fini(&ex->body);
	request_fini(&ex->req);
	free(ex);
	*con_cls = NULL;
}
