/* SPDX-License-Identifier: Apache-2.0 */
/* udp - see udp.h. */
#include "udp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dns.h"
#include "found.h"
#include "str.h"

struct packet { const uint8_t *p; size_t n; };
struct whose { struct found *f; uint32_t host; unsigned ask; };

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static void
say_hex(const struct whose *w, const char *key, const uint8_t *p, size_t n, const char *between)
{
	char text[FACT_MAX] = "";
	size_t i, at = 0;

	for (i = 0; i < n && at + 8 < sizeof(text); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%02x", i > 0 ? between : "", p[i]);
	found_say(w->f, w->host, w->ask, key, "%s", text);
}

/* --- SNMP: who is there, by the discovery of version 3 (RFC 3414, 4): it needs no credential --------------- */

static size_t
write_snmp(uint32_t cookie, uint8_t *out)
{
	static const uint8_t ask[] = {
		0x30, 0x3e, 0x02, 0x01, 0x03,						/* version 3 */
		0x30, 0x11, 0x02, 0x04, 0, 0, 0, 0, 0x02, 0x03, 0x00, 0xff, 0xe3, 0x04, 0x01, 0x04, 0x02, 0x01, 0x03,
		0x04, 0x10, 0x30, 0x0e, 0x04, 0x00, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00, 0x04, 0x00,
		0x30, 0x14, 0x04, 0x00, 0x04, 0x00, 0xa0, 0x0e, 0x02, 0x04, 0, 0, 0, 0, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x00,
	};

	memcpy(out, ask, sizeof(ask));
	put32(out + 9, cookie);
	put32(out + 52, cookie);
	return sizeof(ask);
}

/* The next element of TAG, off the front of IN. */
static bool
element(struct packet *in, uint8_t tag, struct packet *out)
{
	size_t len, head = 2;

	if (in->n < 2 || in->p[0] != tag)
		return false;
	len = in->p[1];
	if (len > 0x80 && len <= 0x82 && in->n >= 2 + (len & 3)) {
		head += len & 3;
		len = len == 0x81 ? in->p[2] : (size_t)in->p[2] << 8 | in->p[3];
	} else if (len >= 0x80) {
		return false;
	}
	if (len > in->n - head)
		return false;
	*out = (struct packet){ in->p + head, len };
	in->p += head + len;
	in->n -= head + len;
	return true;
}

/* What an engine's number tells (RFC 3411, SnmpEngineID). */
static void
tell_engine(const struct whose *w, const uint8_t *id, size_t n)
{
	say_hex(w, "snmp_engine_id", id, n, "");
	if (n < 5)
		return;
	found_say(w->f, w->host, w->ask, "snmp_enterprise", "%" PRIu32, get32(id) & 0x7fffffffu);
	if ((id[0] & 0x80) != 0 && id[4] == 3 && n == 11)
		say_hex(w, "mac_address", id + 5, 6, ":");
}

static bool
read_snmp(uint32_t cookie, struct packet in, const struct whose *w)
{
	struct packet all, head, number, usm, text, engine;

	if (!element(&in, 0x30, &all) || !element(&all, 0x02, &number) || number.n != 1 || number.p[0] != 3 ||
	    !element(&all, 0x30, &head) || !element(&head, 0x02, &number) || !element(&all, 0x04, &text) ||
	    !element(&text, 0x30, &usm) || !element(&usm, 0x04, &engine))
		return false;
	if (number.n != 4 || get32(number.p) != cookie)
		return false;
	tell_engine(w, engine.p, engine.n);
	return true;
}

/* --- DNS -------------------------------------------------------------------------------------------------- */

static size_t
write_dns(uint32_t cookie, uint8_t *out)
{
	return dns_write(out, 512, (uint16_t)cookie, "version.bind", DNS_TXT, DNS_CHAOS, false);
}

static bool
read_dns(uint32_t cookie, struct packet in, const struct whose *w)
{
	struct dns_answers a;
	struct dns_answer r;

	if (!dns_read(&a, in.p, in.n, (uint16_t)cookie))
		return false;
	while (dns_next(&a, &r))
		if (r.type == DNS_TXT && r.len > 1 && r.data[0] < r.len)
			found_fact(w->f, w->host, w->ask, "dns_version", r.data + 1, r.data[0]);
	return true;
}

/* Services that a host offers (RFC 6763, 9), asked directly (RFC 6762, 5.5). */
static size_t
write_mdns(uint32_t cookie, uint8_t *out)
{
	return dns_write(out, 512, (uint16_t)cookie, "_services._dns-sd._udp.local", DNS_PTR, DNS_UNICAST, false);
}

static bool
read_mdns(uint32_t cookie, struct packet in, const struct whose *w)
{
	struct dns_answers a;
	struct dns_answer r;
	char name[DNS_NAME_MAX];

	if (!dns_read(&a, in.p, in.n, (uint16_t)cookie) && !dns_read(&a, in.p, in.n, 0))
		return false;
	while (dns_next(&a, &r))
		if (r.type == DNS_PTR && dns_name(&a, r.data, name))
			found_say(w->f, w->host, w->ask, "mdns_service", "%s", name);
	return true;
}

/* --- NetBIOS: the table of names (RFC 1002, 4.2.17) --------------------------------------------------------- */

static size_t
write_nbt(uint32_t cookie, uint8_t *out)
{
	size_t n = dns_write(out, 512, (uint16_t)cookie, "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 0x21, DNS_IN, false);

	return n;
}

static void
tell_nbt_name(const struct whose *w, const uint8_t *row)
{
	size_t n = 15;
	bool group = (row[16] & 0x80) != 0;

	while (n > 0 && row[n - 1] == ' ')
		n--;
	if (row[15] == 0x00)
		found_fact(w->f, w->host, w->ask, group ? "nbt_domain" : "nbt_name", row, n);
}

static bool
read_nbt(uint32_t cookie, struct packet in, const struct whose *w)
{
	static const uint8_t none[6];
	struct dns_answers a;
	struct dns_answer r;
	size_t i, names;

	if (!dns_read(&a, in.p, in.n, (uint16_t)cookie))
		return false;
	if (!dns_next(&a, &r) || r.type != 0x21 || r.len < 1)
		return true;
	names = r.data[0];
	for (i = 0; i < names && 1 + 18 * (i + 1) <= r.len; i++)
		tell_nbt_name(w, r.data + 1 + 18 * i);
	if (1 + 18 * names + 6 > r.len)
		return true;
	if (memcmp(r.data + 1 + 18 * names, none, 6) != 0)
		say_hex(w, "mac_address", r.data + 1 + 18 * names, 6, ":");
	else	/* Windows tells its own; Samba, which does not know which it is, none */
		found_say(w->f, w->host, w->ask, "nbt_software", "Samba");
	return true;
}

/* --- NTP (RFC 5905, 7.3) -------------------------------------------------------------------------------------- */

static size_t
write_ntp(uint32_t cookie, uint8_t *out)
{
	memset(out, 0, 48);
	out[0] = 0x23;		/* version 4, client */
	put32(out + 40, cookie);
	return 48;
}

static bool
read_ntp(uint32_t cookie, struct packet in, const struct whose *w)
{
	if (in.n < 48 || (in.p[0] & 7) != 4 || get32(in.p + 24) != cookie)
		return false;
	found_say(w->f, w->host, w->ask, "ntp_stratum", "%u", in.p[1]);
	return true;
}

/* --- SLP (RFC 2608, 8.1) ---------------------------------------------------------------------------------------- */

static size_t
write_slp(uint32_t cookie, uint8_t *out)
{
	static const uint8_t ask[] = "\2\1\0\0\66\0\0\0\0\0\0\0\0\2en" "\0\0" "\0\25service:service-agent" "\0\7DEFAULT" "\0\0" "\0\0";
	size_t n = sizeof(ask) - 1;

	memcpy(out, ask, n);
	out[4] = (uint8_t)n;
	out[10] = (uint8_t)(cookie >> 8);
	out[11] = (uint8_t)cookie;
	return n;
}

static bool
read_slp(uint32_t cookie, struct packet in, const struct whose *w)
{
	size_t at, len;

	if (in.n < 16 || in.p[0] != 2 || in.p[10] != (uint8_t)(cookie >> 8) || in.p[11] != (uint8_t)cookie)
		return false;
	at = 14 + ((size_t)in.p[12] << 8 | in.p[13]);
	if (in.p[1] == 11 && at + 2 <= in.n) {	/* SAAdvert: the agent's own URL, RFC 2608, 8.6 */
		len = (size_t)in.p[at] << 8 | in.p[at + 1];
		if (len <= in.n - at - 2)
			found_fact(w->f, w->host, w->ask, "slp_url", in.p + at + 2, len);
	}
	return true;
}

/* --- IPMI: presence ping of RMCP (DMTF DSP0136, 3.2.4) -------------------------------------------------------------- */

static size_t
write_ipmi(uint32_t cookie, uint8_t *out)
{
	static const uint8_t ask[] = { 6, 0, 0xff, 6, 0, 0, 0x11, 0xbe, 0x80, 0, 0, 0 };

	memcpy(out, ask, sizeof(ask));
	out[9] = (uint8_t)(cookie & 0x7f);	/* 255 would ask for no answer */
	return sizeof(ask);
}

static bool
read_ipmi(uint32_t cookie, struct packet in, const struct whose *w)
{
	if (in.n < 22 || in.p[0] != 6 || in.p[8] != 0x40 || in.p[9] != (uint8_t)(cookie & 0x7f))
		return false;
	found_say(w->f, w->host, w->ask, "ipmi", "%s", (in.p[20] & 0x80) != 0 ? "true" : "false");
	found_say(w->f, w->host, w->ask, "ipmi_enterprise", "%" PRIu32, get32(in.p + 12));
	return true;
}

/* --- WS-Discovery (OASIS, 1.1) ---------------------------------------------------------------------------------------- */

static size_t
write_wsd(uint32_t cookie, uint8_t *out)
{
	int n = snprintf((char *)out, 1200,
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\" "
	    "xmlns:wsa=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:wsd=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">"
	    "<soap:Header><wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To><wsa:Action>"
	    "http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action><wsa:MessageID>urn:uuid:%08" PRIx32
	    "-6d69-4464-8000-000000000000</wsa:MessageID></soap:Header><soap:Body><wsd:Probe/></soap:Body></soap:Envelope>", cookie);

	return n > 0 ? (size_t)n : 0;
}

/* What stands in the element whose name ends with NAME. */
static bool
inside(struct packet in, const char *name, struct str *out)
{
	const char *p = (const char *)in.p, *at, *end;
	size_t n = strlen(name);

	for (at = p; (at = memchr(at, ':', in.n - (size_t)(at - p))) != NULL; at++) {
		if (in.n - (size_t)(at - p) < n + 2 || memcmp(at + 1, name, n) != 0 || at[1 + n] != '>')
			continue;
		at += n + 2;
		end = memchr(at, '<', in.n - (size_t)(at - p));
		if (end == NULL)
			return false;
		*out = (struct str){ at, (size_t)(end - at) };
		return true;
	}
	return false;
}

static bool
read_wsd(uint32_t cookie, struct packet in, const struct whose *w)
{
	struct str id, text;
	char ours[16];

	snprintf(ours, sizeof(ours), "%08" PRIx32, cookie);
	if (!inside(in, "RelatesTo", &id) || id.n < 17 || memcmp(id.p + 9, ours, 8) != 0)
		return false;
	if (inside(in, "Types", &text))
		found_fact(w->f, w->host, w->ask, "wsd_types", text.p, text.n);
	if (inside(in, "XAddrs", &text))
		found_fact(w->f, w->host, w->ask, "wsd_address", text.p, text.n);
	return true;
}

/* --- the rows --------------------------------------------------------------------------------------------------------------- */

#define WRITE_MAX 1200u

static const struct {
	const char *name;
	size_t (*write)(uint32_t cookie, uint8_t *out);		/* at most WRITE_MAX */
	bool (*read)(uint32_t cookie, struct packet in, const struct whose *w);
} rows[] = {
	{ "snmp", write_snmp, read_snmp },
	{ "dns", write_dns, read_dns },
	{ "nbt", write_nbt, read_nbt },
	{ "ntp", write_ntp, read_ntp },
	{ "slp", write_slp, read_slp },
	{ "ipmi", write_ipmi, read_ipmi },
	{ "wsd", write_wsd, read_wsd },
	{ "mdns", write_mdns, read_mdns },
};

size_t
udp_write(const char *name, uint32_t cookie, uint8_t *out, size_t room)
{
	size_t i;

	for (i = 0; room >= WRITE_MAX && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].write(cookie, out);
	return 0;
}

bool
udp_read(const char *name, uint32_t cookie, const uint8_t *p, size_t n, struct found *f, uint32_t host, unsigned ask)
{
	const struct whose w = { f, host, ask };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].read(cookie, (struct packet){ p, n }, &w);
	return false;
}
