/* SPDX-License-Identifier: Apache-2.0 */
/* batch - requests and answers in the shapes of the Batch API. Bytes in, bytes out. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

#define ITEM_TAIL "\"}"

int
batch_begin(struct buf *b, const char *request_id)
{
	return buf_printf(b, "{\"batch_request_id\":\"%s\",\"rest_requests\":[", request_id);
}

int
batch_add(struct buf *b, size_t index, const char *json, size_t len)
{
	size_t was = b->len;
	char *to;

	if (len > BATCH_ITEM_MAX)
		return -E_FULL;
	if (buf_printf(b, "%s{\"id\":\"%zu\",\"exclude_response_headers\":true,\"method\":\"POST\","
	    "\"url\":\"" QUEUE "?sysparm_fields=sys_id\",\"headers\":[{\"name\":\"Content-Type\","
	    "\"value\":\"application/json\"},{\"name\":\"Accept\",\"value\":\"application/json\"}],\"body\":\"",
	    b->data[b->len - 1] == '[' ? "" : ",", index) < 0)
		return -E_FULL;
	/* Room for the tails too, so that a batch can always be ended. */
	to = buf_room(b, (len + 2) / 3 * 4 + sizeof(ITEM_TAIL) + 8);
	if (to == NULL) {
		b->len = was;
		b->data[was] = '\0';
		return -E_FULL;
	}
	b->len += (size_t)EVP_EncodeBlock((unsigned char *)to, (const unsigned char *)json, (int)len);
	return buf_puts(b, ITEM_TAIL);
}

int
batch_end(struct buf *b)
{
	return buf_puts(b, "]}");
}

/* A NUL-ended copy of what the base64 in S stands for; "" when it is none. */
static char *
decoded(const char *s, size_t len, size_t *out_len)
{
	char *to = xcalloc(len / 4 * 3 + 4, 1);
	int n = len % 4 == 0 ? EVP_DecodeBlock((unsigned char *)to, (const unsigned char *)s, (int)len) : -1;

	if (n < 0)
		n = 0;
	while (n > 0 && len > 0 && s[len - 1] == '=')
		n--, len--;
	to[n] = '\0';
	*out_len = (size_t)n;
	return to;
}

/* The index in an item's id; -1 when it is none of ours. */
static long
index_of(struct json_object *id, size_t n)
{
	const char *s = json_object_is_type(id, json_type_null) ? "" : json_object_get_string(id);
	char *end;
	long i = strtol(s, &end, 10);

	return *s < '0' || *s > '9' || *end != '\0' || i < 0 || (size_t)i >= n ? -1 : i;
}

static void
read_serviced(struct batch_item *items, size_t n, struct json_object *o)
{
	struct json_object *body = json_get(o, "body");
	long i = index_of(json_get(o, "id"), n);

	if (i < 0 || items[i].serviced)
		return;
	items[i].serviced = true;
	items[i].status = (int)json_int(o, "status_code", 0);
	if (items[i].status < 0 || items[i].status > 999)
		items[i].status = 0;
	if (json_object_is_type(body, json_type_string))
		items[i].body = decoded(json_object_get_string(body),
		    (size_t)json_object_get_string_len(body), &items[i].len);
}

int
batch_parse(struct batch_item *items, size_t n, const char *text, size_t len, struct err *err)
{
	struct json_object *o, *list, *un, *id;
	size_t k;
	long i;
	int r = json_parse(&o, text, len, "the answer to a batch", err);

	if (r < 0)
		return r;
	list = json_arr(o, "serviced_requests");
	un = json_arr(o, "unserviced_requests");
	memset(items, 0, n * sizeof(*items));
	for (k = 0; list != NULL && k < json_object_array_length(list); k++)
		read_serviced(items, n, json_object_array_get_idx(list, k));
	for (k = 0; un != NULL && k < json_object_array_length(un); k++) {
		id = json_object_array_get_idx(un, k);
		if (json_object_is_type(id, json_type_object))
			id = json_get(id, "id");
		i = index_of(id, n);
		if (i >= 0)
			items[i].unserviced = true;
	}
	json_object_put(o);
	if (list == NULL)
		return err_set(err, E_PEER, "the answer to a batch has no \"serviced_requests\"");
	return 0;
}

void
batch_items_fini(struct batch_item *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(items[i].body);
}
