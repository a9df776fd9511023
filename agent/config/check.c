/* SPDX-License-Identifier: Apache-2.0 */
/* check - see check.h; and midd --check-config, --show-config. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "config.h"
#include "err.h"
#include "http.h"
#include "json.h"
#include "options.h"
#include "os.h"

static bool
no_url(const struct config *c)
{
	return c->instance.url[0] == '\0';
}

/* Doubtless copied from a browser; what we ask for is put behind it. */
static bool
url_with_path(const struct config *c)
{
	const char *host = strstr(c->instance.url, "://");
	size_t n = host == NULL ? 0 : strcspn(host + 3, "/?#");

	return host != NULL && host[3 + n] != '\0' && strcmp(host + 3 + n, "/") != 0;
}

static bool
no_login(const struct config *c)
{
	return c->instance.cert[0] == '\0' && c->instance.user[0] == '\0';
}

static bool
cert_without_key(const struct config *c)
{
	return c->instance.cert[0] != '\0' && c->instance.key[0] == '\0';
}

static bool
key_without_cert(const struct config *c)
{
	return c->instance.key[0] != '\0' && c->instance.cert[0] == '\0';
}

static bool
user_without_password(const struct config *c)
{
	return c->instance.user[0] != '\0' && c->instance.password_file[0] == '\0';
}

static bool
proxy_user_without_password(const struct config *c)
{
	return c->instance.proxy_user[0] != '\0' && c->instance.proxy_password_file[0] == '\0';
}

/* With negotiate, whose Kerberos tickets those are says who we are. */
static bool
proxy_login_without_user(const struct config *c)
{
	return strcmp(c->instance.proxy_login, "ntlm") == 0 && c->instance.proxy_user[0] == '\0';
}

static bool
negotiate_unknown(const struct config *c)
{
	return strcmp(c->instance.proxy_login, "negotiate") == 0 && !http_can_negotiate();
}

static bool
keytab_unused(const struct config *c)
{
	return c->instance.proxy_keytab[0] != '\0' && strcmp(c->instance.proxy_login, "negotiate") != 0;
}

static bool
seal_without_cert(const struct config *c)
{
	return strcmp(c->seal.mode, "required") == 0 && c->seal.instance_cert[0] == '\0';
}

static bool
seal_without_our_cert(const struct config *c)
{
	return strcmp(c->seal.mode, "required") == 0 && c->instance.cert[0] == '\0';
}

static bool
poll_upside_down(const struct config *c)
{
	return c->poll.min_ms > c->poll.max_ms;
}

static bool
retry_upside_down(const struct config *c)
{
	return c->results.retry_min_ms > c->results.retry_max_ms;
}

static bool
page_over_result(const struct config *c)
{
	return c->results.page_bytes > c->results.result_max_bytes;
}

static bool
result_over_spool(const struct config *c)
{
	return c->results.result_max_bytes > c->results.spool_max_bytes;
}

/* Comma, colon and line breaks would break the queue's queries and logs. */
static bool
name_not_plain(const struct config *c)
{
	return c->name[0] == '\0' || strpbrk(c->name, "^,=@\"<>&") != NULL;
}

static bool
figures_for_others(const struct config *c)
{
	return c->metrics.listen[0] != '\0' && c->metrics.listen[0] != '/' && !os_loopback_is(c->metrics.listen);
}

static bool
traces_for_others(const struct config *c)
{
	const char *url = c->trace.otlp;
	char place[128];

	if (strncmp(url, "http://", 7) != 0)
		return false;
	snprintf(place, sizeof(place), "%.*s", (int)strcspn(url + 7, "/?"), url + 7);
	return !os_loopback_is(place);
}

static const struct rule {
	const char *option;	/* whose line is named */
	bool (*broken)(const struct config *c);
	const char *sentence;
} rules[] = {
	{ "instance.url", no_url, "is not set: write the instance's address, such as https://acme.example.com" },
	{ "instance.url", url_with_path, "has a path: write the instance's address alone, such as https://acme.example.com" },
	{ "instance.cert", no_login,
	  "no way to log in: set instance.cert and instance.key (mutual TLS), or instance.user and instance.password_file" },
	{ "instance.cert", cert_without_key, "needs instance.key, the private key of this certificate" },
	{ "instance.key", key_without_cert, "needs instance.cert, the certificate of this key" },
	{ "instance.user", user_without_password, "needs instance.password_file" },
	{ "instance.proxy_user", proxy_user_without_password, "needs instance.proxy_password_file" },
	{ "instance.proxy_login", proxy_login_without_user, "\"ntlm\" needs instance.proxy_user (DOMAIN\\user) and its password" },
	{ "instance.proxy_login", negotiate_unknown,
	  "\"negotiate\" needs Kerberos, which this midd is built without (that of the container image is): take \"ntlm\" or \"basic\", or the package's midd" },
	{ "instance.proxy_keytab", keytab_unused, "is for instance.proxy_login: negotiate" },
	{ "seal.mode", seal_without_cert, "\"required\" needs seal.instance_cert, the certificate results are sealed to" },
	{ "seal.mode", seal_without_our_cert, "\"required\" needs instance.cert and instance.key: results are signed with them" },
	{ "poll.min", poll_upside_down, "is longer than poll.max" },
	{ "results.retry_min", retry_upside_down, "is longer than results.retry_max" },
	{ "results.page", page_over_result, "is larger than results.max" },
	{ "results.max", result_over_spool, "is larger than results.spool_max: such a result could never wait here" },
	{ "metrics.listen", figures_for_others,
	  "is neither the path of a socket nor a port of this host: write 127.0.0.1:PORT, [::1]:PORT or /path" },
	{ "trace.otlp", traces_for_others,
	  "is not encrypted and leads to another host: write https://..., or a port of this host, such as http://127.0.0.1:4318" },
	{ "name", name_not_plain, "is empty or holds one of ^ , = @ \" < > &" },
};

int
check_config(const struct config *c, const char *file, struct err *err)
{
	const struct config_origin *org;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!rules[i].broken(c))
			continue;
		org = &c->origins[option_find(rules[i].option) - config_options];
		if (org->file == NULL)
			return err_set(err, E_BAD, "%s: %s: %s", file, rules[i].option, rules[i].sentence);
		return err_set(err, E_BAD, "%s:%d: %s: %s", org->file, org->line, rules[i].option, rules[i].sentence);
	}
	return 0;
}

/* --- midd --check-config, --show-config ------------------------------------------------ */

static void
print_json(struct json_object *o)
{
	puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE |
	    JSON_C_TO_STRING_SPACED));
}

static void
print_table(struct json_object *list)
{
	struct json_object *row;
	size_t i, n = json_object_array_length(list);

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(list, i);
		printf("%-29s %-34s %s\n", json_str(row, "option", ""),
		    json_str(row, "value", "")[0] ? json_str(row, "value", "") : "\"\"", json_str(row, "origin", ""));
	}
}

int
config_main_check(const char *file, bool show, bool json, int (*more)(const struct config *c, struct err *err))
{
	struct config *c = NULL;
	struct json_object *o;
	struct err err = { 0, "" };
	int r = config_load(&c, file, &err);

	if (r == 0 && !show)
		r = more(c, &err);
	if (r < 0 && !json)
		fprintf(stderr, "midd: %s\n", err.text);
	if (json && (r < 0 || !show)) {
		o = json_object_new_object();
		json_put_bool(o, "ok", r == 0);
		if (r < 0)
			json_put_str(o, "message", err.text);
		print_json(o);
		json_object_put(o);
	} else if (r == 0 && show) {
		o = config_show(c);
		json ? print_json(o) : print_table(o);
		json_object_put(o);
	} else if (r == 0) {
		printf("the configuration is good: agent %s, instance %s\n", c->name, c->instance.url);
	}
	config_free(c);
	return r < 0 ? 1 : 0;
}
