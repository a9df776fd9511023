/* SPDX-License-Identifier: Apache-2.0 */
/* answer - see answer.h. */
#include "answer.h"

#include <inttypes.h>
#include <string.h>

#include "cert.h"
#include "classify.h"
#include "sweep.h"
#include "text.h"

/* As Shazzam's answers say it; what was not asked is left out. */
static const char *const results[] = { NULL, "timed_out", "refused", "open", "io_error" };

static bool
is_told(const struct sweep *s, uint32_t host, const struct answer_options *o)
{
	if (!found_alive(&s->found, host))
		return o->dead;
	return o->inactive || found_open(&s->found, host);
}

static bool
ask_told(const struct sweep *s, uint32_t host, unsigned ask, const struct answer_options *o)
{
	enum answer a = found_get(&s->found, host, ask);

	return a == OPEN || (o->refused && a != NOT_ASKED);
}

static void
host_text(const struct sweep *s, uint32_t host, char out[WHERE_TEXT])
{
	struct where w;

	plan_at(&s->plan, host, &w);
	where_text(&w, out);
}

/* --- XML ------------------------------------------------------------------------------------ */

static void
attribute(struct text *t, const char *name, const char *value)
{
	text_printf(t, " %s=\"", name);
	text_xml(t, value);
	text_put(t, "\"");
}

static void
xml_certificates(struct text *t, const struct sweep *s, uint32_t host, unsigned ask)
{
	const struct cert *c;
	unsigned i;

	for (c = s->found.certs; c != NULL; c = c->next) {
		if (c->host != host || c->ask != ask)
			continue;
		text_put(t, "<certificate");
		for (i = 0; cert_field(i) != NULL; i++)
			if (c->v[i][0] != '\0')
				attribute(t, cert_field(i), c->v[i]);
		text_put(t, "/>");
	}
}

static void
xml_ask(struct text *t, const struct sweep *s, uint32_t host, unsigned ask)
{
	const struct ask *a = &s->asks.v[ask];
	const struct fact *f;

	text_printf(t, "<scanner name=\"%s\" portprobe=\"%s\" service=\"%s\" protocol=\"%s\" port=\"%u\" result=\"%s\">", a->service->scanner,
	    a->service->name, a->service->service, proto_name(a->service->proto), a->port, results[found_get(&s->found, host, ask)]);
	for (f = s->found.facts[host]; f != NULL; f = f->next)
		if (f->ask == ask) {
			text_printf(t, "<%s>", f->key);
			text_xml(t, f->value);
			text_printf(t, "</%s>", f->key);
		}
	xml_certificates(t, s, host, ask);
	text_put(t, "</scanner>\n");
}

static void
xml_host(struct text *t, const struct sweep *s, uint32_t host, const struct answer_options *o)
{
	char address[WHERE_TEXT];
	const struct fact *f;
	unsigned i;

	host_text(s, host, address);
	text_printf(t, "<result alive=\"%s\" active=\"%s\" ip_address=\"%s\"", found_alive(&s->found, host) ? "true" : "false",
	    found_open(&s->found, host) ? "true" : "false", address);
	for (f = s->found.facts[host]; f != NULL; f = f->next)
		if (f->ask == FACT_OF_HOST)
			attribute(t, f->key, f->value);
	text_put(t, ">\n");
	for (i = 0; i < s->asks.n; i++)
		if (ask_told(s, host, i, o))
			xml_ask(t, s, host, i);
	text_put(t, "</result>\n");
}

void
answer_xml(struct text *t, struct sweep *s, const struct answer_options *o)
{
	uint32_t host;

	for (host = 0; host < s->plan.n && !t->full; host++)
		if (is_told(s, host, o))
			xml_host(t, s, host, o);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void
member(struct text *t, const char *key, const char *value)
{
	text_printf(t, ",\"%s\":", key);
	text_json(t, value);
}

static void
json_facts(struct text *t, const struct sweep *s, uint32_t host, unsigned ask)
{
	const struct fact *f, *same;
	bool first;

	for (f = s->found.facts[host]; f != NULL; f = f->next) {
		if (f->ask != ask)
			continue;
		/* Several of one kind are a list, where the first stands. */
		for (same = s->found.facts[host]; same != f && (same->ask != ask || strcmp(same->key, f->key) != 0); same = same->next)
			;
		if (same != f)
			continue;
		for (same = f->next; same != NULL && (same->ask != ask || strcmp(same->key, f->key) != 0); same = same->next)
			;
		if (same == NULL) {
			member(t, f->key, f->value);
			continue;
		}
		text_printf(t, ",\"%s\":", f->key);
		for (first = true, same = f; same != NULL; same = same->next)
			if (same->ask == ask && strcmp(same->key, f->key) == 0) {
				text_put(t, first ? "[" : ",");
				text_json(t, same->value);
				first = false;
			}
		text_put(t, "]");
	}
}

static void
json_ask(struct text *t, const struct sweep *s, uint32_t host, unsigned ask)
{
	const struct ask *a = &s->asks.v[ask];

	text_printf(t, "{\"port\":%u,\"protocol\":\"%s\",\"service\":\"%s\",\"probe\":\"%s\",\"result\":\"%s\"", a->port,
	    proto_name(a->service->proto), a->service->service, a->service->name, results[found_get(&s->found, host, ask)]);
	json_facts(t, s, host, ask);
	text_put(t, "}");
}

static void
json_host(struct text *t, struct sweep *s, uint32_t host, const struct answer_options *o)
{
	char address[WHERE_TEXT];
	bool first = true;
	unsigned i;

	host_text(s, host, address);
	text_printf(t, "{\"address\":\"%s\",\"alive\":%s", address, found_alive(&s->found, host) ? "true" : "false");
	classify_json(t, s, host);
	json_facts(t, s, host, FACT_OF_HOST);
	text_put(t, ",\"ports\":[");
	for (i = 0; i < s->asks.n; i++)
		if (ask_told(s, host, i, o)) {
			text_put(t, first ? "" : ",");
			json_ask(t, s, host, i);
			first = false;
		}
	text_put(t, "]}");
}

static void
json_certificates(struct text *t, const struct sweep *s)
{
	char address[WHERE_TEXT];
	const struct cert *c;
	unsigned i;

	text_put(t, ",\n\"certificates\":[");
	for (c = s->found.certs; c != NULL; c = c->next) {
		host_text(s, c->host, address);
		text_printf(t, "%s{\"address\":\"%s\",\"port\":%u,\"depth\":%u", c == s->found.certs ? "" : ",\n", address,
		    s->asks.v[c->ask].port, c->depth);
		for (i = 0; cert_field(i) != NULL; i++)
			if (c->v[i][0] != '\0')
				member(t, cert_field(i), c->v[i]);
		text_put(t, "}");
	}
	text_put(t, "]");
}

void
answer_json(struct text *t, struct sweep *s, const struct answer_options *o)
{
	uint32_t host, alive = 0;
	bool first = true;

	text_put(t, "{\"schema\":1,\"hosts\":[");
	for (host = 0; host < s->plan.n && !t->full; host++) {
		alive += found_alive(&s->found, host);
		if (!is_told(s, host, o))
			continue;
		text_put(t, first ? "\n" : ",\n");
		json_host(t, s, host, o);
		first = false;
	}
	text_put(t, "]");
	json_certificates(t, s);
	text_printf(t, ",\n\"addresses\":%" PRIu32 ",\"alive\":%" PRIu32 ",\"asked\":%" PRIu64 ",\"asked_again\":%" PRIu64, s->plan.n, alive,
	    s->asked, s->again);
	if (o->no_ping != NULL)
		member(t, "no_ping", o->no_ping);
	text_put(t, "}\n");
}

/* --- targets ---------------------------------------------------------------------------------- */

/* TEXT as one plain word: what a name may not hold becomes nothing. */
static void
put_plain(struct text *t, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-";
	char out[200];
	size_t n = 0;

	for (; s != NULL && *s != '\0' && n + 1 < sizeof(out); s++)
		if (strchr(plain, *s) != NULL)
			out[n++] = *s;
	out[n] = '\0';
	text_put(t, n == 0 ? "-" : out);
}

static bool
is_open(const struct sweep *s, uint32_t host, const char *name)
{
	unsigned i;

	for (i = 0; i < s->asks.n; i++)
		if (strcmp(s->asks.v[i].service->name, name) == 0 && found_get(&s->found, host, i) == OPEN)
			return true;
	return false;
}

/*
 * What the class says comes next first; then whatever is open. An SNMP agent that knows no version 3
 * stays silent to a scan, so SNMP is tried wherever the port was not refused.
 */
static void
put_ways(struct text *t, const struct sweep *s, uint32_t host, const struct class_of *c)
{
	static const char *const ways[][2] = { { "ssh", "ssh" }, { "wmi", "wmi" }, { "wmi", "winrm" }, { "snmp", "snmp" } };
	const struct ask *snmp = asks_find(&s->asks, ASK_UDP, 161);
	bool first = true, open;
	size_t i, pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
			open = is_open(s, host, ways[i][1]);
			if (i == 3 && snmp != NULL)
				open = open || found_get(&s->found, host, (unsigned)(snmp - s->asks.v)) == SILENT;
			if (!open || (c->next != NULL && strcmp(c->next, ways[i][0]) == 0) != (pass == 0))
				continue;
			text_printf(t, "%s%s", first ? "" : ",", ways[i][0]);
			first = false;
		}
	if (first)
		text_put(t, "-");
}

void
answer_targets(struct text *t, struct sweep *s)
{
	char address[WHERE_TEXT];
	struct class_of c;
	uint32_t host;

	for (host = 0; host < s->plan.n && !t->full; host++) {
		if (!found_alive(&s->found, host))
			continue;
		host_text(s, host, address);
		classify(&c, s, host);
		text_printf(t, "%s ", address);
		put_ways(t, s, host, &c);
		text_put(t, " ");
		put_plain(t, c.class);
		text_printf(t, " %d ", c.sure);
		put_plain(t, found_value(&s->found, host, FACT_OF_HOST, "name"));
		text_put(t, " ");
		put_plain(t, found_value(&s->found, host, FACT_OF_ANY, "snmp_engine_id"));
		text_put(t, "\n");
	}
}
