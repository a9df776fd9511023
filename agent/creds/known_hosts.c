/* SPDX-License-Identifier: Apache-2.0 */
/* known_hosts - see known_hosts.h. */
#include "creds/known_hosts.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NAME_MAX_BYTES 255
#define SHA1_BYTES 20
#define SHA1_BASE64 28
#define PATTERNS_MAX 2000

bool
known_key_fits(const char *type, const char *key)
{
	size_t types = strlen(type), keys = strlen(key);

	return types > 0 && types <= KNOWN_TYPE_MAX && strspn(type, LETTERS "-@.") == types
	    && keys > 0 && keys <= KNOWN_KEY_MAX && strspn(key, LETTERS "+/=") == keys;
}

/* The next word of *AT, ended there; "" no more. */
static char *
word(char **at)
{
	char *begin = *at + strspn(*at, " \t\r\n"), *end = begin + strcspn(begin, " \t\r\n");

	*at = *end == '\0' ? end : end + 1;
	*end = '\0';
	return begin;
}

/* [NAME]:PORT, or a name alone. */
static int
split_port(struct known_host *to, char *text, struct err *err)
{
	char *close = strchr(text, ']'), *rest;
	long port = 22;

	if (text[0] == '[') {
		if (close == NULL || close[1] != ':' || !isdigit((unsigned char)close[2]))
			return err_set(err, E_BAD, "\"%.60s\" is no [HOST]:PORT", text);
		port = strtol(close + 2, &rest, 10);
		if (*rest != '\0' || port < 1 || port > 65535)
			return err_set(err, E_BAD, "\"%.60s\": a port is a number from 1 to 65535", text);
		*close = '\0';
		text++;
	}
	to->name = text;
	to->port = (int)port;
	return 0;
}

static int
read_host(struct known_host *to, char *text, struct err *err)
{
	char *p;

	if (strlen(text) > NAME_MAX_BYTES)
		return err_set(err, E_BAD, "a host of more than %d characters", NAME_MAX_BYTES);
	if (strncmp(text, "|1|", 3) == 0) {
		*to = (struct known_host){ .name = text };
		if (strlen(text) != 3 + 2 * SHA1_BASE64 + 1 || text[3 + SHA1_BASE64] != '|')
			return err_set(err, E_BAD, "\"%.60s\" is no |1|SALT|HASH", text);
		return 0;
	}
	if (strpbrk(text, "*?!") != NULL)
		return err_set(err, E_NONE, "\"%.60s\" is a pattern: midd keeps keys of hosts, write its name or address", text);
	for (p = text; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (split_port(to, text, err) < 0)
		return -E_BAD;
	return to->name[0] == '\0' ? err_set(err, E_BAD, "a host is empty") : 0;
}

static int
read_hosts(struct known_line *out, char *hosts, struct err *err)
{
	char *at, *end;
	int r = 0;

	for (at = hosts; r == 0 && at != NULL; at = end) {
		end = strchr(at, ',');
		if (end != NULL)
			*end++ = '\0';
		if (out->hosts == KNOWN_HOSTS_MAX)
			return err_set(err, E_BAD, "more than %d hosts in one line", KNOWN_HOSTS_MAX);
		r = read_host(&out->host[out->hosts++], at, err);
	}
	return r;
}

/* Does PATTERN, in which only * and ? mean more than themselves, fit TEXT, in any case? */
static bool
pattern_fits(const char *pattern, const char *text)
{
	for (; *pattern != '\0'; pattern++, text++) {
		if (*pattern == '*') {
			for (; *text != '\0'; text++)
				if (pattern_fits(pattern + 1, text))
					return true;
			return pattern_fits(pattern + 1, text);
		}
		if (*text == '\0' || (*pattern != '?' && tolower((unsigned char)*pattern) != tolower((unsigned char)*text)))
			return false;
	}
	return *text == '\0';
}

/* PATTERNS TYPE BASE64, behind the marker. */
static int
read_authority(struct known_line *out, char *at, struct err *err)
{
	out->patterns = word(&at);
	out->type = word(&at);
	out->key = word(&at);
	if (out->patterns[0] == '\0' || !known_key_fits(out->type, out->key))
		return err_set(err, E_BAD, "an authority is @cert-authority PATTERNS TYPE BASE64, such as: @cert-authority *.example.com ssh-ed25519 AAAA...");
	if (strlen(out->patterns) > PATTERNS_MAX)
		return err_set(err, E_BAD, "more than %d characters of patterns", PATTERNS_MAX);
	return 0;
}

bool
known_patterns_fit(const char *patterns, const char *host, int port)
{
	char pattern[NAME_MAX_BYTES + 20], full[NAME_MAX_BYTES + 20];
	size_t n;
	bool fits = false, not;

	snprintf(full, sizeof(full), port == 22 ? "%.255s" : "[%.255s]:%d", host, port);
	for (; *patterns != '\0'; patterns += n + (patterns[n] == ',')) {
		n = strcspn(patterns, ",");
		not = patterns[0] == '!';
		if (n - not >= sizeof(pattern))
			continue;
		memcpy(pattern, patterns + not, n - not);
		pattern[n - not] = '\0';
		/* A bracket is no class of characters here. */
		if (pattern_fits(pattern, full) || pattern_fits(pattern, host)) {
			if (not)
				return false;
			fits = true;
		}
	}
	return fits;
}

int
known_line_parse(struct known_line *out, char *line, struct err *err)
{
	char *at = line, *hosts = word(&at);

	memset(out, 0, sizeof(*out));
	if (hosts[0] == '\0' || hosts[0] == '#')
		return 0;
	if (strcmp(hosts, "@cert-authority") == 0)
		return read_authority(out, at, err);
	if (strcmp(hosts, "@revoked") == 0)
		return err_set(err, E_NONE, "@revoked: midd trusts no key but those kept: midctl hostkeys remove HOST");
	if (hosts[0] == '@')
		return err_set(err, E_BAD, "\"%.40s\" is no marker", hosts);
	out->type = word(&at);
	out->key = word(&at);
	if (!known_key_fits(out->type, out->key))
		return err_set(err, E_BAD, "a line is HOST TYPE BASE64, such as: web1 ssh-ed25519 AAAA...");
	return read_hosts(out, hosts, err);
}

static bool
unbase64(unsigned char out[SHA1_BYTES], const char *text)
{
	unsigned char bytes[SHA1_BYTES + 1];	/* one of padding */

	if (EVP_DecodeBlock(bytes, (const unsigned char *)text, SHA1_BASE64) != (int)sizeof(bytes))
		return false;
	memcpy(out, bytes, SHA1_BYTES);
	return true;
}

bool
known_hash_fits(const char *hashed, const char *name, int port)
{
	unsigned char salt[SHA1_BYTES], hash[SHA1_BYTES], made[EVP_MAX_MD_SIZE];
	char full[NAME_MAX_BYTES + 20];
	unsigned n = 0;
	size_t i;

	if (strlen(hashed) != 3 + 2 * SHA1_BASE64 + 1 || strlen(name) > NAME_MAX_BYTES || !unbase64(salt, hashed + 3)
	    || !unbase64(hash, hashed + 3 + SHA1_BASE64 + 1))
		return false;
	snprintf(full, sizeof(full), port == 22 ? "%s" : "[%s]:%d", name, port);
	for (i = 0; full[i] != '\0'; i++)
		full[i] = (char)tolower((unsigned char)full[i]);
	return HMAC(EVP_sha1(), salt, SHA1_BYTES, (const unsigned char *)full, strlen(full), made, &n) != NULL
	    && n == SHA1_BYTES && CRYPTO_memcmp(made, hash, SHA1_BYTES) == 0;
}
