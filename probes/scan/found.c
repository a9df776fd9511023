/* SPDX-License-Identifier: Apache-2.0 */
/* found - see found.h. */
#include "found.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

int
found_init(struct found *f, uint32_t hosts, unsigned asks)
{
	*f = (struct found){ .hosts = hosts, .asks = asks, .ping = -1 };
	if ((uint64_t)hosts * asks > QUESTIONS_MAX)
		return -1;
	f->last_cert = &f->certs;
	f->state = calloc(hosts, asks);
	f->facts = calloc(hosts, sizeof(*f->facts));
	f->near = calloc(hosts, 1);
	if (f->state != NULL && f->facts != NULL && f->near != NULL)
		return 0;
	found_fini(f);
	return -1;
}

void
found_fini(struct found *f)
{
	struct cert *cert;
	struct fact *at;
	uint32_t i;

	while ((cert = f->certs) != NULL) {
		f->certs = cert->next;
		free(cert);
	}
	for (i = 0; f->facts != NULL && i < f->hosts; i++)
		while ((at = f->facts[i]) != NULL) {
			f->facts[i] = at->next;
			free(at);
		}
	free(f->facts);
	free(f->near);
	free(f->state);
	*f = (struct found){ 0 };
}

#define WAITS 0x40u
#define HANDED 0x20u

static uint8_t *
state_of(const struct found *f, uint32_t host, unsigned ask)
{
	return &f->state[(size_t)host * f->asks + ask];
}

bool
found_waits(const struct found *f, uint32_t host, unsigned ask)
{
	return (*state_of(f, host, ask) & WAITS) != 0;
}

void
found_wait(struct found *f, uint32_t host, unsigned ask)
{
	*state_of(f, host, ask) = SILENT | WAITS;
}

enum answer
found_get(const struct found *f, uint32_t host, unsigned ask)
{
	return (enum answer)(*state_of(f, host, ask) & ~(WAITS | HANDED));
}

void
found_hand(struct found *f, uint32_t host, unsigned ask)
{
	*state_of(f, host, ask) |= HANDED;
}

bool
found_handed(const struct found *f, uint32_t host, unsigned ask)
{
	return (*state_of(f, host, ask) & HANDED) != 0;
}

void
found_set(struct found *f, uint32_t host, unsigned ask, enum answer a)
{
	*state_of(f, host, ask) = (uint8_t)a;
}

static bool
has(const struct found *f, uint32_t host, enum answer a, enum answer b, int except)
{
	const uint8_t *s = state_of(f, host, 0);
	unsigned i;

	for (i = 0; i < f->asks; i++)
		if ((int)i != except && (s[i] == a || s[i] == b))
			return true;
	return false;
}

bool
found_alive(const struct found *f, uint32_t host)
{
	return f->near[host] != 0 || has(f, host, OPEN, REFUSED, -1);
}

void
found_near(struct found *f, uint32_t host)
{
	f->near[host] = 1;
}

bool
found_open(const struct found *f, uint32_t host)
{
	return has(f, host, OPEN, OPEN, f->ping);
}

void
found_fact(struct found *f, uint32_t host, unsigned ask, const char *key, const void *value, size_t n)
{
	char clean[FACT_MAX];
	struct fact *fact;
	size_t len = text_clean(value, n, clean, sizeof(clean));

	if (len == 0)
		return;
	fact = f->bytes + sizeof(*fact) + len < FACTS_BYTES_MAX ? malloc(sizeof(*fact) + len + 1) : NULL;
	if (fact == NULL) {
		f->full = true;
		return;
	}
	f->bytes += sizeof(*fact) + len + 1;
	*fact = (struct fact){ .next = f->facts[host], .key = key, .host = host, .ask = (uint16_t)ask };
	memcpy(fact->value, clean, len + 1);
	f->facts[host] = fact;
}

void
found_say(struct found *f, uint32_t host, unsigned ask, const char *key, const char *fmt, ...)
{
	char text[FACT_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0)
		found_fact(f, host, ask, key, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

void
found_cert(struct found *f, uint32_t host, unsigned ask, unsigned depth, const char *const v[CERT_FIELDS])
{
	struct cert *cert;
	size_t n = sizeof(*cert), i;
	char *at;

	for (i = 0; i < CERT_FIELDS; i++)
		n += v[i] == NULL ? 1 : strlen(v[i]) + 1;
	cert = f->bytes + n < FACTS_BYTES_MAX ? malloc(n) : NULL;
	if (cert == NULL) {
		f->full = true;
		return;
	}
	f->bytes += n;
	*cert = (struct cert){ .host = host, .ask = (uint16_t)ask, .depth = (uint16_t)depth };
	for (i = 0, at = (char *)(cert + 1); i < CERT_FIELDS; i++) {
		cert->v[i] = at;
		at = stpcpy(at, v[i] == NULL ? "" : v[i]) + 1;
	}
	*f->last_cert = cert;
	f->last_cert = &cert->next;
}

const char *
found_value(const struct found *f, uint32_t host, unsigned ask, const char *key)
{
	const struct fact *at;

	for (at = f->facts[host]; at != NULL; at = at->next)
		if ((ask == FACT_OF_ANY || at->ask == ask) && strcmp(at->key, key) == 0)
			return at->value;
	return NULL;
}

void
found_sort(struct found *f)
{
	struct fact *at, *turned, *next;
	uint32_t i;

	for (i = 0; i < f->hosts; i++) {
		for (turned = NULL, at = f->facts[i]; at != NULL; at = next) {
			next = at->next;
			at->next = turned;
			turned = at;
		}
		f->facts[i] = turned;
	}
}
