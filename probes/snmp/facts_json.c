/* SPDX-License-Identifier: Apache-2.0 */
/* facts_json - see facts_json.h. */
#include "facts_json.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PORTS_TEXT_MAX 1500u

void
put_pair(struct text *t, const char *key, const char *value)
{
	text_printf(t, ",\"%s\":", key);
	text_json(t, value);
}

void
put_number(struct text *t, const char *key, int64_t v)
{
	text_printf(t, ",\"%s\":%" PRId64, key, v);
}

void
put_named(struct text *t, const char *key, const char *names, int64_t v)
{
	int64_t i;
	size_t n;

	for (i = 1; i < v && *names != '\0'; i++) {
		n = strcspn(names, " ");
		names += names[n] == '\0' ? n : n + 1;
	}
	n = strcspn(names, " ");
	if (v >= 1 && n > 0)
		text_printf(t, ",\"%s\":\"%.*s\"", key, (int)n, names);
	else
		text_printf(t, ",\"%s\":\"%" PRId64 "\"", key, v);
}

/* Some agents write it out: "0:1b:2c:3d:4e:5f", with what is between them as they like it. */
static bool
mac_of_text(const struct varbind *vb, uint8_t out[6])
{
	unsigned byte[6];
	char s[18];
	int end = 0;
	size_t i;

	if (vb->len < 11 || vb->len >= sizeof(s))
		return false;
	memcpy(s, vb->bytes, vb->len);
	s[vb->len] = '\0';
	if (sscanf(s, "%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%n", &byte[0], &byte[1], &byte[2], &byte[3], &byte[4], &byte[5], &end) != 6 ||
	    end != (int)vb->len)
		return false;
	for (i = 0; i < 6; i++)
		out[i] = (uint8_t)byte[i];
	return true;
}

/* What is not six bytes, such as an address of InfiniBand, is told without colons: no MAC address, nor one to be taken for it. */
static void
put_mac(struct text *t, const char *key, const struct varbind *vb)
{
	uint8_t of_text[6];
	size_t i;

	if (vb->type != VB_OCTETS || vb->len == 0 || vb->len > 32)
		return;
	if (mac_of_text(vb, of_text)) {
		put_mac(t, key, &(struct varbind){ .type = VB_OCTETS, .bytes = of_text, .len = 6 });
		return;
	}
	text_printf(t, ",\"%s\":\"", key);
	for (i = 0; i < vb->len; i++)
		text_printf(t, vb->len == 6 && i > 0 ? ":%02x" : "%02x", vb->bytes[i]);
	text_put(t, "\"");
}

void
put_index_mac(struct text *t, const char *key, const uint32_t *i)
{
	text_printf(t, "\"%s\":\"%02x:%02x:%02x:%02x:%02x:%02x\"", key, i[0] & 255, i[1] & 255, i[2] & 255, i[3] & 255, i[4] & 255,
	    i[5] & 255);
}

const char *
address_text(const uint8_t *bytes, size_t n, char *out, size_t room)
{
	out[0] = '\0';
	if (n == 4 || n == 8)		/* 8 and 20: with a zone behind it */
		(void)inet_ntop(AF_INET, bytes, out, (socklen_t)room);
	else if (n == 16 || n == 20)
		(void)inet_ntop(AF_INET6, bytes, out, (socklen_t)room);
	return out;
}

const char *
index_address(const uint32_t *ids, unsigned n, char *out, size_t room)
{
	uint8_t bytes[20];
	unsigned i;

	out[0] = '\0';
	if (n > sizeof(bytes))
		return out;
	for (i = 0; i < n; i++)
		bytes[i] = (uint8_t)ids[i];
	return address_text(bytes, n, out, room);
}

static void
put_address(struct text *t, const char *key, const struct varbind *vb)
{
	char s[INET6_ADDRSTRLEN];

	if ((vb->type == VB_OCTETS || vb->type == VB_ADDRESS) && address_text(vb->bytes, vb->len, s, sizeof(s))[0] != '\0')
		put_pair(t, key, s);
}

static bool
bit(const struct varbind *vb, size_t port)
{
	return port >= 1 && port <= vb->len * 8 && (vb->bytes[(port - 1) / 8] & (0x80u >> (port - 1) % 8)) != 0;
}

static void
put_ports(struct text *t, const char *key, const struct varbind *vb)
{
	char out[PORTS_TEXT_MAX + 32] = "";
	size_t port, last, at = 0;

	if (vb->type != VB_OCTETS)
		return;
	for (port = 1; port <= vb->len * 8 && at < PORTS_TEXT_MAX; port = last + 1) {
		last = port;
		if (!bit(vb, port))
			continue;
		while (bit(vb, last + 1))
			last++;
		at += (size_t)snprintf(out + at, sizeof(out) - at, last > port ? "%s%zu-%zu" : "%s%zu", at == 0 ? "" : ",", port, last);
	}
	put_pair(t, key, out);
}

bool
is_number(const struct varbind *vb)
{
	return vb->type == VB_INTEGER || vb->type == VB_COUNTER32 || vb->type == VB_GAUGE32 || vb->type == VB_TICKS ||
	    vb->type == VB_COUNTER64;
}

/*
 * Letters of an old code page: no control character in it, and some of it plain. What is long
 * may be all letters beyond ASCII, as names in Chinese are, but bytes of one value are none.
 */
static bool
is_latin(const uint8_t *p, size_t n)
{
	size_t i, plain = 0, same = 0, high = 0;

	for (i = 0; i < n; i++) {
		if (p[i] < 0x20 || p[i] == 0x7f)
			return false;
		plain += p[i] < 0x7f;
		high += p[i] >= 0x80 && p[i] < 0xa0;
		same += p[i] == p[0];
	}
	if (n > 8)
		return same < n;
	return high == 0 && plain * 3 >= n;
}

/* Each byte is a letter, even where two would make one of UTF-8 by chance. */
static void
put_latin(const uint8_t *p, size_t n, char *out, size_t room)
{
	size_t i, at = 0;

	for (i = 0; i < n && at + 2 < room; i++)
		if (p[i] < 0x80) {
			out[at++] = (char)p[i];
		} else {
			out[at++] = (char)(0xc0 | p[i] >> 6);
			out[at++] = (char)(0x80 | (p[i] & 0x3f));
		}
	out[at] = '\0';
}

/* Agents fill fixed fields: what stands behind a NUL is not meant, if that before it is text. */
void
display_text(const struct varbind *vb, char *out, size_t room)
{
	struct varbind head = *vb;
	const uint8_t *nul;

	if (vb->type == VB_OCTETS && vb->len > 0 && !text_is(vb->bytes, vb->len)) {
		nul = memchr(vb->bytes, 0, vb->len);
		if (nul != NULL && nul - vb->bytes >= 2 && text_is(vb->bytes, (size_t)(nul - vb->bytes)))
			head.len = (size_t)(nul - vb->bytes);
		else if (is_latin(vb->bytes, vb->len)) {
			put_latin(vb->bytes, vb->len, out, room);
			return;
		}
	}
	value_text(&head, out, room);
}

void
put_cell(struct text *t, const struct column *c, const struct varbind *vb)
{
	static void (*const special[])(struct text *, const char *, const struct varbind *) = {
		[MAC] = put_mac, [ADDRESS] = put_address, [PORTS] = put_ports,
	};
	char value[VALUE_TEXT_MAX];

	if (c->kind == NAMED) {
		if (is_number(vb))
			put_named(t, c->key, c->names, vb->integer);
	} else if (c->kind == NUMBER) {
		if (!is_number(vb))
			return;
		value_text(vb, value, sizeof(value));
		text_printf(t, ",\"%s\":%s", c->key, value);
	} else if (c->kind == TEXT) {
		display_text(vb, value, sizeof(value));
		put_pair(t, c->key, value);
	} else if (c->kind != ASKED) {
		special[c->kind](t, c->key, vb);
	}
}
