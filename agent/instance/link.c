/* SPDX-License-Identifier: Apache-2.0 */
/* link - see link.h. */
#include "instance/link.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "http.h"
#include "instance/instance.h"
#include "log.h"
#include "os.h"
#include "xalloc.h"

#define LOW_SPEED_MS 45000
/* Where the configuration leaves them open. */
#define ANSWER_MAX ((size_t)64 << 20)
#define TOTAL_MS 60000
#define CONNECT_MS 10000
#define CONNECTIONS 4

/* https://host[:port] and nothing else; *HOST is the caller's. */
static int
check_url(char **host, const char *url, struct err *err)
{
	static const char scheme[] = "https://";
	size_t n = sizeof(scheme) - 1, len;

	if (url == NULL || strncmp(url, scheme, n) != 0)
		return err_set(err, E_BAD, "instance.url is \"%s\": it must begin with https://", url ? url : "");
	len = strcspn(url + n, "/?#@ \\");
	if (len == 0 || (url[n + len] != '\0' && strcmp(url + n + len, "/") != 0))
		return err_set(err, E_BAD, "instance.url is \"%s\": expected https://host or https://host:port", url);
	*host = xstrndup(url + n, len);
	return 0;
}

static char *
basic_login(const char *user, const char *password)
{
	char *plain = xasprintf("%s:%s", user, password != NULL ? password : ""), *header;
	size_t n = strlen(plain);
	char *b64 = xcalloc(n / 3 * 4 + 5, 1);

	EVP_EncodeBlock((unsigned char *)b64, (const unsigned char *)plain, (int)n);
	header = xasprintf("Authorization: Basic %s", b64);
	explicit_bzero(plain, n);
	explicit_bzero(b64, strlen(b64));
	free(plain);
	free(b64);
	return header;
}

static int
open_http(struct link *l, struct loop *loop, const struct instance_config *cfg, struct err *err)
{
	struct http_config h = {
		.ca_file = cfg->ca_file,
		.crl_file = cfg->crl_file,
		.need_staple = cfg->need_staple,
		.cert_file = cfg->cert_file,
		.key_file = cfg->key_file,
		.proxy = cfg->proxy, .proxy_auth = cfg->proxy_login, .no_proxy = cfg->no_proxy,
		.proxy_env = cfg->proxy_env, .proxy_keytab = cfg->proxy_keytab,
		.proxy_user = cfg->proxy_user,
		.proxy_password = cfg->proxy_password,
		.user_agent = "midd/" MIDD_VERSION,
		.connect_ms = cfg->connect_ms > 0 ? cfg->connect_ms : CONNECT_MS,
		.low_speed_ms = LOW_SPEED_MS,
		.connections_max = l->connections,
	};

	return http_open(&l->http, loop, &h, err);
}

static void
note_cert(struct link *l, const char *path)
{
	struct http_cert c;

	if (path == NULL || http_cert_read(&c, path, NULL) < 0)
		return;
	memcpy(l->cert_subject, c.subject, sizeof(l->cert_subject));
	l->cert_end_s = c.not_after_s;
	if (c.not_after_s < os_time_ms() / 1000)
		log_event(EV_CERT_EXPIRED, LOG_LV_ERR, "instance", "our certificate %s has expired: put a new one there and restart midd", path);
}

int
link_open(struct link **out, struct loop *loop, const struct instance_config *cfg, struct err *err)
{
	struct link *l = xcalloc(1, sizeof(*l));
	int r = check_url(&l->host, cfg->url, err);

	l->refs = 1;
	l->connections = cfg->connections_max > 0 ? cfg->connections_max : CONNECTIONS;
	if (r == 0)
		r = open_http(l, loop, cfg, err);
	if (r < 0) {
		link_unref(l);
		return r;
	}
	l->url = xasprintf("https://%s", l->host);
	l->answer_max = cfg->answer_max > 0 ? cfg->answer_max : ANSWER_MAX;
	l->total_ms = cfg->total_ms > 0 ? cfg->total_ms : TOTAL_MS;
	note_cert(l, cfg->cert_file);
	if (cfg->user != NULL && cfg->user[0] != '\0') {
		l->login = basic_login(cfg->user, cfg->password);
		log_event(EV_PASSWORD, LOG_LV_WARN, "instance", "user %s logs in with a password (basic): mutual TLS is safer", cfg->user);
	}
	*out = l;
	return 0;
}

struct link *
link_ref(struct link *l)
{
	l->refs++;
	return l;
}

void
link_unref(struct link *l)
{
	if (l == NULL || --l->refs > 0)
		return;
	http_close(l->http);
	if (l->login != NULL)
		explicit_bzero(l->login, strlen(l->login));
	cookies_drop(&l->cookies);
	free(l->login);
	free(l->url);
	free(l->host);
	free(l);
}
