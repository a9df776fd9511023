/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asks - the questions of a run that midd alone can answer: one on its way at
 * a time, each asked once, its answer kept until the run ends.
 */
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "os.h"
#include "run.h"
#include "stream.h"
#include "waiter.h"
#include "xalloc.h"

#define QUESTIONS_MAX 64u
#define ABOUT_MAX (24u * 1024)	/* a host key is 1 kB, a certificate a few */

struct asked {
	struct asked *next;
	char *what, *about;
	char *answer;			/* NULL: on its way */
	intptr_t handed;		/* came with it, and nobody has taken it yet; -1 none */
};

static struct asked *
asked_find(struct mid_run *r, const char *what, const char *about)
{
	struct asked *a = r->asked;

	while (a != NULL && (strcmp(a->what, what) != 0 || strcmp(a->about, about) != 0))
		a = a->next;
	return a;
}

static void
ask_midd(struct mid_run *r, const char *what, const char *about)
{
	struct asked *a = xcalloc(1, sizeof(*a));
	struct json_object *o = json_object_new_object();

	a->what = xstrdup(what);
	a->about = xstrdup(about);
	a->handed = -1;
	a->next = r->asked;
	r->asked = a;
	r->questions++;
	r->ask_waits = true;
	json_put_str(o, "what", what);
	json_put_str(o, "about", about);
	stream_send_json_take(r->worker->stream, FRAME_ASK, r->id, o);
}

int
asks_ask(struct mid_run *r, const char *what, const char *about, const char **answer)
{
	struct asked *a = asked_find(r, what, about);

	if (a != NULL && a->answer != NULL) {
		if (a->answer[0] == '\0')
			return -MID_UNSUPPORTED;
		*answer = a->answer;
		a->handed = -1;
		return 0;
	}
	if (a != NULL || r->ask_waits)
		return MID_AGAIN;
	if (r->questions >= QUESTIONS_MAX || strlen(what) > 64 || strlen(about) > ABOUT_MAX)
		return -MID_TOO_BIG;
	ask_midd(r, what, about);
	return MID_AGAIN;
}

/* Descriptors come in the order of the answers; one whose run has ended meanwhile is left over. */
static void
take_handed(struct mid_run *r, struct asked *a)
{
	uint32_t tag;
	intptr_t fd;

	while (os_hand_take(&fd, &tag, r->worker->hand) == 0) {
		if (tag == r->id) {
			a->handed = fd;
			free(a->answer);
			a->answer = xasprintf("ok %d", (int)fd);
			return;
		}
		os_local_close(fd);
	}
	free(a->answer);
	a->answer = xstrdup("none it has not arrived");
}

int
asks_told(struct mid_run *r, const char *text, size_t len)
{
	if (!r->ask_waits)
		return -E_BAD;
	r->ask_waits = false;
	if (r->asked == NULL)		/* the run has let go already */
		return 0;
	r->asked->answer = xstrndup(text, len);	/* the newest is the one on its way */
	if (strcmp(r->asked->answer, "ok") == 0 && r->worker->hand >= 0)
		take_handed(r, r->asked);
	if (r->stage == RUN_ASKS)
		run_answered(r, r->asked->what, r->asked->answer);
	if (r->stage == RUN_STEPS)
		waiter_wake(r->waiter);
	return 0;
}

void
asks_free(struct mid_run *r)
{
	struct asked *a;

	while ((a = r->asked) != NULL) {
		r->asked = a->next;
		os_local_close(a->handed);
		free(a->what);
		free(a->about);
		free(a->answer);
		free(a);
	}
}
