/* SPDX-License-Identifier: Apache-2.0 */
/* bayeux - see bayeux.h. */
#include "instance/bayeux.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "json.h"

#define WAIT_MAX (10 * 60 * 1000)	/* no advice makes us wait longer */

static const char *const meta[] = {
	[BAYEUX_HANDSHAKE] = "/meta/handshake",
	[BAYEUX_SUBSCRIBE] = "/meta/subscribe",
	[BAYEUX_CONNECT] = "/meta/connect",
};

int
bayeux_write(struct buf *b, enum bayeux_ask ask, const char *client, const char *channel, unsigned id)
{
	struct json_object *list = json_object_new_array(), *o = json_object_new_object(), *types;
	char number[16];
	int r;

	snprintf(number, sizeof(number), "%u", id);
	json_put_str(o, "channel", meta[ask]);
	json_put_str(o, "id", number);
	if (ask == BAYEUX_HANDSHAKE) {
		types = json_object_new_array();
		json_add_take(types, json_object_new_string("long-polling"));
		json_put_str(o, "version", "1.0");
		json_put_take(o, "supportedConnectionTypes", types);
	} else {
		json_put_str(o, "clientId", client);
	}
	if (ask == BAYEUX_CONNECT)
		json_put_str(o, "connectionType", "long-polling");
	if (ask == BAYEUX_SUBSCRIBE)
		json_put_str(o, "subscription", channel);
	json_add_take(list, o);
	r = json_write(b, list);
	json_object_put(list);
	return r;
}

static int64_t
wait_of(struct json_object *advice, const char *key)
{
	int64_t ms = json_int(advice, key, -1);

	return ms < 0 ? -1 : ms > WAIT_MAX ? WAIT_MAX : ms;
}

static void
read_advice(struct bayeux_said *out, struct json_object *advice)
{
	static const char *const words[] = {
		[BAYEUX_RETRY] = "retry", [BAYEUX_AGAIN] = "handshake", [BAYEUX_NONE] = "none",
	};
	const char *word = json_str(advice, "reconnect", "");
	size_t i;

	if (advice == NULL)
		return;
	for (i = 1; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], word) == 0)
			out->reconnect = (enum bayeux_reconnect)i;
	out->interval_ms = wait_of(advice, "interval");
	out->timeout_ms = wait_of(advice, "timeout");
}

/* Foreign words, cut and without what is not to be printed. */
static void
keep_words(char *to, size_t size, const char *from)
{
	size_t n;

	for (n = 0; n + 1 < size && from[n] != '\0'; n++)
		to[n] = (unsigned char)from[n] < ' ' || from[n] == 0x7F ? ' ' : from[n];
	to[n] = '\0';
}

static int
read_meta(struct bayeux_said *out, enum bayeux_ask ask, struct json_object *o, struct err *err)
{
	const char *client = json_str(o, "clientId", "");

	out->answered = true;
	out->ok = json_flag(o, "successful", false);
	keep_words(out->why, sizeof(out->why), out->ok ? "" : json_str(o, "error", "it gave no reason"));
	out->unknown = !out->ok && strncmp(out->why, "402", 3) == 0;
	if (ask != BAYEUX_HANDSHAKE || !out->ok)
		return 0;
	if (client[0] == '\0' || strlen(client) >= sizeof(out->client))
		return err_set(err, E_BAD, "the handshake of the push channel gave no client id that can be used");
	snprintf(out->client, sizeof(out->client), "%s", client);
	return 0;
}

int
bayeux_read(struct bayeux_said *out, enum bayeux_ask ask, const char *channel, const char *text, size_t len,
    struct err *err)
{
	struct json_object *list = NULL, *o;
	const char *on;
	size_t i;
	int r = json_parse(&list, text, len, "the answer of the push channel", err);

	memset(out, 0, sizeof(*out));
	out->interval_ms = out->timeout_ms = -1;
	if (r == 0 && !json_object_is_type(list, json_type_array))
		r = err_set(err, E_BAD, "the answer of the push channel is no list of messages");
	for (i = 0; r == 0 && i < json_object_array_length(list); i++) {
		o = json_object_array_get_idx(list, i);
		on = json_str(o, "channel", "");
		read_advice(out, json_get(o, "advice"));
		if (strcmp(on, meta[ask]) == 0)
			r = read_meta(out, ask, o, err);
		else if (strcmp(on, channel) == 0)
			out->messages++;
	}
	json_object_put(list);
	return r;
}
