/* SPDX-License-Identifier: Apache-2.0 */
/* asks - see asks.h. Ports: IANA's registry of service names. */
#include "asks.h"

#include <stdio.h>
#include <string.h>

#include "str.h"

/* Names, scanners and services as ServiceNow's port probes bear them where it has one. */
static const struct service services[] = {
	{ "icmp", 0, ASK_ICMP, "ICMP", "icmp", TALK_NONE, true },
	{ "ssh", 22, ASK_TCP, "BannerTCP", "ssh", TALK_BANNER, true },
	{ "http", 80, ASK_TCP, "HTTP", "http", TALK_HTTP, true },
	{ "https", 443, ASK_TCP, "HTTPS", "https", TALK_HTTPS, true },
	{ "wmi", 135, ASK_TCP, "GenericTCP", "msrpc", TALK_NONE, true },
	{ "smb", 445, ASK_TCP, "GenericTCP", "microsoft_ds", TALK_NONE, true },
	{ "rdp", 3389, ASK_TCP, "GenericTCP", "ms_wbt_server", TALK_NONE, true },
	{ "winrm", 5985, ASK_TCP, "HTTP", "wsman", TALK_HTTP, true },
	{ "printer", 9100, ASK_TCP, "GenericTCP", "jetdirect", TALK_NONE, true },
	{ "telnet", 23, ASK_TCP, "GenericTCP", "telnet", TALK_NONE, true },
	{ "vmapp", 902, ASK_TCP, "BannerTCP", "vmware_auth", TALK_BANNER, true },
	{ "http_alt", 8080, ASK_TCP, "HTTP", "http", TALK_HTTP, true },
	{ "https_alt", 8443, ASK_TCP, "HTTPS", "https", TALK_HTTPS, true },
	{ "ftp", 21, ASK_TCP, "BannerTCP", "ftp", TALK_BANNER, false },
	{ "smtp", 25, ASK_TCP, "BannerTCP", "smtp", TALK_BANNER, false },
	{ "submission", 587, ASK_TCP, "BannerTCP", "submission", TALK_BANNER, false },
	{ "smtps", 465, ASK_TCP, "TLS", "smtps", TALK_TLS, false },
	{ "pop3", 110, ASK_TCP, "BannerTCP", "pop3", TALK_BANNER, false },
	{ "imap", 143, ASK_TCP, "BannerTCP", "imap", TALK_BANNER, false },
	{ "imaps", 993, ASK_TCP, "TLS", "imaps", TALK_TLS, false },
	{ "pop3s", 995, ASK_TCP, "TLS", "pop3s", TALK_TLS, false },
	{ "dns_tcp", 53, ASK_TCP, "GenericTCP", "domain", TALK_NONE, false },
	{ "kerberos", 88, ASK_TCP, "GenericTCP", "kerberos", TALK_NONE, false },
	{ "rpcbind", 111, ASK_TCP, "GenericTCP", "sunrpc", TALK_NONE, false },
	{ "netbios_ssn", 139, ASK_TCP, "GenericTCP", "netbios_ssn", TALK_NONE, false },
	{ "bgp", 179, ASK_TCP, "GenericTCP", "bgp", TALK_NONE, false },
	{ "ldap", 389, ASK_TCP, "GenericTCP", "ldap", TALK_NONE, false },
	{ "ldaps", 636, ASK_TCP, "TLS", "ldaps", TALK_TLS, false },
	{ "modbus", 502, ASK_TCP, "GenericTCP", "mbap", TALK_NONE, false },
	{ "s7", 102, ASK_TCP, "GenericTCP", "iso_tsap", TALK_NONE, false },
	{ "lpd", 515, ASK_TCP, "GenericTCP", "printer", TALK_NONE, false },
	{ "rtsp", 554, ASK_TCP, "GenericTCP", "rtsp", TALK_NONE, false },
	{ "ipp", 631, ASK_TCP, "HTTP", "ipp", TALK_HTTP, false },
	{ "mssql", 1433, ASK_TCP, "GenericTCP", "ms_sql_s", TALK_NONE, false },
	{ "oracle", 1521, ASK_TCP, "GenericTCP", "oracle", TALK_NONE, false },
	{ "nfs", 2049, ASK_TCP, "GenericTCP", "nfs", TALK_NONE, false },
	{ "docker", 2376, ASK_TCP, "TLS", "docker_s", TALK_TLS, false },
	{ "iscsi", 3260, ASK_TCP, "GenericTCP", "iscsi_target", TALK_NONE, false },
	{ "mysql", 3306, ASK_TCP, "BannerTCP", "mysql", TALK_BANNER, false },
	{ "sip", 5060, ASK_TCP, "GenericTCP", "sip", TALK_NONE, false },
	{ "postgresql", 5432, ASK_TCP, "GenericTCP", "postgresql", TALK_NONE, false },
	{ "amqp", 5672, ASK_TCP, "GenericTCP", "amqp", TALK_NONE, false },
	{ "vnc", 5900, ASK_TCP, "BannerTCP", "rfb", TALK_BANNER, false },
	{ "wbem", 5989, ASK_TCP, "TLS", "wbem_https", TALK_TLS, false },
	{ "winrm_tls", 5986, ASK_TCP, "HTTPS", "wsmans", TALK_HTTPS, false },
	{ "redis", 6379, ASK_TCP, "GenericTCP", "redis", TALK_NONE, false },
	{ "kubernetes", 6443, ASK_TCP, "HTTPS", "kubernetes", TALK_HTTPS, false },
	{ "proxmox", 8006, ASK_TCP, "HTTPS", "proxmox", TALK_HTTPS, false },
	{ "elasticsearch", 9200, ASK_TCP, "HTTP", "elasticsearch", TALK_HTTP, false },
	{ "mongodb", 27017, ASK_TCP, "GenericTCP", "mongodb", TALK_NONE, false },
	{ "snmp", 161, ASK_UDP, "SNMP", "snmp", TALK_NONE, true },
	{ "dns", 53, ASK_UDP, "DNS", "domain", TALK_NONE, true },
	{ "nbt", 137, ASK_UDP, "NBT", "netbios", TALK_NONE, true },
	{ "ntp", 123, ASK_UDP, "NTP", "ntp", TALK_NONE, false },
	{ "slp", 427, ASK_UDP, "SLP", "svrloc", TALK_NONE, true },
	{ "ipmi", 623, ASK_UDP, "IPMI", "asf_rmcp", TALK_NONE, true },
	{ "wsd", 3702, ASK_UDP, "WSD", "ws_discovery", TALK_NONE, false },
	{ "mdns", 5353, ASK_UDP, "MDNS", "mdns", TALK_NONE, false },
};

/* For a TCP port that has no row. */
static const struct service generic = { "tcp", 0, ASK_TCP, "GenericTCP", "unknown", TALK_NONE, false };

const struct service *
service_at(unsigned i)
{
	return i < sizeof(services) / sizeof(services[0]) ? &services[i] : NULL;
}

const char *
proto_name(enum ask_proto p)
{
	static const char *const names[] = { "tcp", "udp", "icmp" };

	return names[p];
}

const struct ask *
asks_find(const struct asks *a, enum ask_proto proto, uint16_t port)
{
	unsigned i;

	for (i = 0; i < a->n; i++)
		if (a->v[i].service->proto == proto && a->v[i].port == port)
			return &a->v[i];
	return NULL;
}

void
asks_all_tls(struct asks *a)
{
	static const struct service tls = { "tls_ssl_certs", 0, ASK_TCP, "TLS", "tls", TALK_TLS, false };
	unsigned i;

	for (i = 0; i < a->n; i++)
		if (a->v[i].service->proto == ASK_TCP)
			a->v[i].service = &tls;
}

static int
add(struct asks *a, const struct service *s, uint16_t port)
{
	if (asks_find(a, s->proto, port) != NULL)
		return 0;
	if (a->n >= ASKS_MAX)
		return -1;
	a->v[a->n++] = (struct ask){ s, port };
	return 0;
}

static const struct service *
by_port(enum ask_proto proto, uint64_t port)
{
	const struct service *s;
	unsigned i;

	for (i = 0; (s = service_at(i)) != NULL; i++)
		if (s->proto == proto && s->port == port)
			return s;
	return proto == ASK_TCP ? &generic : NULL;
}

/* "22", "8000-8010" of PROTO. */
static int
add_numbers(struct asks *a, enum ask_proto proto, struct str word)
{
	struct str first;
	const struct service *s;
	uint64_t from, to;

	if (!str_part(&word, '-', &first) || !str_u64(first, 10, &from) || from < 1 || from > 65535)
		return -1;
	to = from;
	if (word.n > 0 && (!str_u64(word, 10, &to) || to < from || to > 65535))
		return -1;
	for (; from <= to; from++) {
		s = by_port(proto, from);
		if (s == NULL || add(a, s, (uint16_t)from) < 0)
			return -1;
	}
	return 0;
}

static int
add_word(struct asks *a, struct str word)
{
	const struct service *s;
	unsigned i;

	for (i = 0; (s = service_at(i)) != NULL; i++)
		if (str_eq(word, s->name))
			return add(a, s, s->port);
	if (str_starts(word, "udp:"))
		return add_numbers(a, ASK_UDP, str_skip(word, 4));
	return add_numbers(a, ASK_TCP, str_starts(word, "tcp:") ? str_skip(word, 4) : word);
}

static void
add_usual(struct asks *a)
{
	const struct service *s;
	unsigned i;

	for (i = 0; (s = service_at(i)) != NULL; i++)
		if (s->usual)
			add(a, s, s->port);
}

int
asks_read(struct asks *out, const char *list, char *why, size_t size)
{
	struct str rest = str_of(list), word;

	out->n = 0;
	while (str_part(&rest, ',', &word)) {
		word = str_trim(word);
		if (word.n == 0 || add_word(out, word) == 0)
			continue;
		snprintf(why, size, "\"%.*s\" is no port that is asked here: write numbers and ranges of TCP ports (22,8000-8010), udp:161, "
		    "or names (ssh,https,snmp,icmp); %u at most", (int)str_left(word, 40).n, word.p, ASKS_MAX);
		return -1;
	}
	if (out->n == 0)
		add_usual(out);
	return 0;
}
