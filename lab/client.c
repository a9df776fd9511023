/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client - see the header.
 */
#include "client.h"

#include <curl/curl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "util.h"

#define SERVE_JSON_MAX 4096
#define ANSWER_MAX (256UL * 1024 * 1024)
#define TIMEOUT_S 600L

struct client {
	CURL *curl;
	char *url, *ca, *cert, *key;
	struct curl_slist *headers;
};

static char *
read_url(const char *dir)
{
	char *path = path_join(dir, "serve.json");
	char *text = file_read(path, SERVE_JSON_MAX, NULL), *url = NULL;
	struct json_object *o = NULL;

	if (text != NULL)
		o = json_tokener_parse(text);
	if (json_object_is_type(o, json_type_object))
		url = xstrdup(json_str(o, "url", ""));
	else
		complain("%s cannot be read: is `midlab serve %s` running?",
		    path, dir);
	json_object_put(o);
	free(text);
	free(path);
	return url;
}

struct client *
client_open(const char *dir)
{
	struct client *c;
	char *url = read_url(dir);

	if (url == NULL)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->url = url;
	c->ca = path_join(dir, "ca.pem");
	c->cert = path_join(dir, "agents/admin.pem");
	c->key = path_join(dir, "agents/admin.key");
	c->headers = curl_slist_append(NULL, "Content-Type: application/json");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	c->curl = curl_easy_init();
	if (c->curl == NULL || c->headers == NULL) {
		complain("libcurl could not be started");
		client_close(c);
		return NULL;
	}
	return c;
}

void
client_close(struct client *c)
{
	if (c == NULL)
		return;
	curl_easy_cleanup(c->curl);
	curl_slist_free_all(c->headers);
	curl_global_cleanup();
	free(c->url);
	free(c->ca);
	free(c->cert);
	free(c->key);
	free(c);
}

static size_t
gather(char *p, size_t size, size_t n, void *arg)
{
	struct text *t = arg;

	if (t->len + size * n > ANSWER_MAX)
		return 0;
	text_add_mem(t, p, size * n);
	return size * n;
}

static void
prepare(struct client *c, const char *method, const char *url,
    struct json_object *body, struct text *out)
{
	curl_easy_reset(c->curl);
	curl_easy_setopt(c->curl, CURLOPT_URL, url);
	curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(c->curl, CURLOPT_CAINFO, c->ca);
	curl_easy_setopt(c->curl, CURLOPT_SSLCERT, c->cert);
	curl_easy_setopt(c->curl, CURLOPT_SSLKEY, c->key);
	curl_easy_setopt(c->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, TIMEOUT_S);
	curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, gather);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, out);
	if (body == NULL)
		return;
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
	curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS,
	    json_object_to_json_string_ext(body, JSON_C_TO_STRING_PLAIN));
}

int
client_call(struct client *c, const char *method, const char *path,
    struct json_object *body, int *status, struct json_object **answer)
{
	struct text url = { 0 }, out = { 0 };
	long code = 0;
	CURLcode r;

	text_addf(&url, "%s%s", c->url, path);
	prepare(c, method, text_str(&url), body, &out);
	r = curl_easy_perform(c->curl);
	if (r != CURLE_OK) {
		complain("%s %s: %s", method, text_str(&url),
		    curl_easy_strerror(r));
	} else {
		curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &code);
		*status = (int)code;
		*answer = out.len > 0 ? json_tokener_parse(out.at) : NULL;
	}
	text_fini(&url);
	text_fini(&out);
	return r == CURLE_OK ? 0 : -1;
}

char *
client_escape(struct client *c, const char *s)
{
	char *e = curl_easy_escape(c->curl, s, 0), *out = xstrdup(e);

	curl_free(e);
	return out;
}
