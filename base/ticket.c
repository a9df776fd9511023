/* SPDX-License-Identifier: Apache-2.0 */
/* ticket - see ticket.h. */
#include "ticket.h"

#ifndef WITH_GSSAPI

#include <stddef.h>

bool
ticket_possible(void)
{
	return false;
}

struct ticket_fetch *
ticket_fetch(struct loop *loop, const char *host, ticket_fn *fn, void *arg)
{
	(void)loop, (void)host, (void)fn, (void)arg;
	return NULL;
}

void
ticket_forget(struct ticket_fetch *f)
{
	(void)f;
}

#else

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_krb5.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "xalloc.h"

/* Two own it: the thread, until it has given its word, and whoever asked, until that or ticket_forget(). */
struct ticket_fetch {
	pthread_mutex_t lock;
	int owners;
	bool forgotten;
	struct loop *loop;
	char *host;
	ticket_fn *fn;
	void *arg;
	int64_t left_s;
	struct err err;
};

bool
ticket_possible(void)
{
	return true;
}

static void
let_go(struct ticket_fetch *f)
{
	bool last;

	pthread_mutex_lock(&f->lock);
	last = --f->owners == 0;
	pthread_mutex_unlock(&f->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&f->lock);
	free(f->host);
	free(f);
}

/* What is special about it, where there is something; else what it means to any program. */
static void
words_of(OM_uint32 major, OM_uint32 minor, struct err *err)
{
	gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
	OM_uint32 more = 0, m;

	if (minor != 0)
		(void)gss_display_status(&m, minor, GSS_C_MECH_CODE, (gss_OID)gss_mech_krb5, &more, &text);
	else
		(void)gss_display_status(&m, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &text);
	err_set(err, E_AUTH, "%.*s", (int)text.length, text.value != NULL ? (const char *)text.value : "");
	(void)gss_release_buffer(&m, &text);
}

/* The first token is made and thrown away: for it the ticket had to be there. */
static void
get(struct ticket_fetch *f)
{
	char *service = xasprintf("HTTP@%s", f->host);
	gss_buffer_desc name = { strlen(service), service }, token = GSS_C_EMPTY_BUFFER;
	gss_ctx_id_t context = GSS_C_NO_CONTEXT;
	gss_name_t target = GSS_C_NO_NAME;
	OM_uint32 major, minor = 0, m, left = 0;

	major = gss_import_name(&minor, &name, GSS_C_NT_HOSTBASED_SERVICE, &target);
	if (major == GSS_S_COMPLETE)
		major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, target, (gss_OID)gss_mech_krb5, 0, 0,
		    GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER, NULL, &token, NULL, &left);
	if (GSS_ERROR(major))
		words_of(major, minor, &f->err);
	else
		f->left_s = left > 0 ? left : 1;
	(void)gss_release_buffer(&m, &token);
	(void)gss_delete_sec_context(&m, &context, GSS_C_NO_BUFFER);
	(void)gss_release_name(&m, &target);
	free(service);
}

static void
tell(void *arg)
{
	struct ticket_fetch *f = arg;

	bool wanted = !f->forgotten;

	if (wanted)
		f->fn(f->arg, f->left_s, &f->err);
	if (wanted)
		let_go(f);	/* for who has asked */
	let_go(f);
}

static void *
run(void *arg)
{
	struct ticket_fetch *f = arg;

	get(f);
	pthread_mutex_lock(&f->lock);
	if (!f->forgotten) {
		f->owners++;
		loop_post(f->loop, tell, f);	/* who has not forgotten it has a loop */
	}
	pthread_mutex_unlock(&f->lock);
	let_go(f);
	return NULL;
}

struct ticket_fetch *
ticket_fetch(struct loop *loop, const char *host, ticket_fn *fn, void *arg)
{
	struct ticket_fetch *f = xcalloc(1, sizeof(*f));
	pthread_t thread;

	pthread_mutex_init(&f->lock, NULL);
	f->owners = 2;
	f->loop = loop;
	f->host = xstrdup(host);
	f->fn = fn;
	f->arg = arg;
	/* Not of the loop's own: those are waited for when it ends. */
	if (pthread_create(&thread, NULL, run, f) == 0) {
		(void)pthread_detach(thread);
		return f;
	}
	err_set(&f->err, E_OS, "no thread to ask the KDC");
	loop_post(loop, tell, f);
	return f;
}

void
ticket_forget(struct ticket_fetch *f)
{
	if (f == NULL)
		return;
	pthread_mutex_lock(&f->lock);
	f->forgotten = true;
	pthread_mutex_unlock(&f->lock);
	let_go(f);
}

#endif
