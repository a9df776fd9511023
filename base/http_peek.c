/* SPDX-License-Identifier: Apache-2.0 */
/* http_peek - see http_peek.h. */
#include "http_peek.h"

#include <curl/curl.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "http_int.h"
#include "os.h"

#define PEEK_MS 20000L

static int
put_chain(struct buf *out, CURL *e)
{
	struct curl_certinfo *ci = NULL;
	struct curl_slist *l;
	int i, r = 0;

	if (curl_easy_getinfo(e, CURLINFO_CERTINFO, &ci) != CURLE_OK || ci == NULL)
		return 0;
	for (i = 0; i < ci->num_of_certs && i < 10; i++)
		for (l = ci->certinfo[i]; r == 0 && l != NULL; l = l->next)
			if (strncmp(l->data, "Cert:", 5) == 0)
				r = buf_printf(out, "%s\n", l->data + 5);
	return r;
}

static void
go_by_proxy(CURL *e, const struct http_config *cfg)
{
	unsigned long how = http_auth_of(cfg->proxy_auth);

	curl_easy_setopt(e, CURLOPT_PROXY, cfg->proxy != NULL ? cfg->proxy : "");
	curl_easy_setopt(e, CURLOPT_PROXYAUTH, how);
	if (cfg->proxy_user != NULL) {
		curl_easy_setopt(e, CURLOPT_PROXYUSERNAME, cfg->proxy_user);
		curl_easy_setopt(e, CURLOPT_PROXYPASSWORD, cfg->proxy_password != NULL ? cfg->proxy_password : "");
	} else if (how == CURLAUTH_NEGOTIATE) {
		curl_easy_setopt(e, CURLOPT_PROXYUSERPWD, ":");
	}
	os_use_keytab(cfg->proxy_keytab);
}

int
http_peek(struct buf *out, const char *url, const struct http_config *cfg, struct err *err)
{
	char words[CURL_ERROR_SIZE] = "";
	CURLcode rc;
	CURL *e;
	int r = http_library(err);

	if (r < 0)
		return r;
	e = curl_easy_init();
	if (e == NULL)
		return err_set(err, E_FULL, "%s: out of memory", url);
	curl_easy_setopt(e, CURLOPT_URL, url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(e, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 0L);	/* that is what it is for */
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, PEEK_MS);
	go_by_proxy(e, cfg);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, words);
	rc = curl_easy_perform(e);
	if (rc == CURLE_OK)
		r = put_chain(out, e);
	if (rc != CURLE_OK || r < 0 || out->len == 0)
		r = err_set(err, E_NET, "%s: its certificates cannot be seen: %s", url,
		    words[0] != '\0' ? words : rc != CURLE_OK ? curl_easy_strerror(rc) : "it shows none");
	curl_easy_cleanup(e);
	return r;
}
