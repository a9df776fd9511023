/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enroll_proxy - what was said of a proxy: checked before anything is asked, kept with a request that people
 * carry by hand, so that its second half (--import) goes the same way and writes the same.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "enroll.h"
#include "err.h"
#include "http.h"
#include "json.h"
#include "midctl.h"
#include "os.h"
#include "secret.h"
#include "xalloc.h"

#define AT(member) offsetof(struct asked, member)
#define URL_MAX 500		/* as the options have it */
#define USER_MAX 200

static const struct { const char *name; size_t at; bool file; } words[] = {
	{ "proxy", AT(proxy), false }, { "proxy_user", AT(proxy_user), false }, { "proxy_login", AT(proxy_login), false },
	{ "proxy_password_file", AT(proxy_password_file), true }, { "proxy_keytab", AT(proxy_keytab), true },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

static const char **
word(const struct asked *a, size_t i)
{
	return (const char **)((uintptr_t)a + words[i].at);
}

/* --- kept ----------------------------------------------------------------------------- */

void
enrol_proxy_keep(const struct enrol *e, struct json_object *pending)
{
	const char *said;
	char *full;
	size_t i;

	for (i = 0; i < WORDS; i++) {
		said = *word(e->a, i);
		full = said != NULL && words[i].file ? os_real_path(said) : NULL;
		if (said != NULL)
			json_put_str(pending, words[i].name, full != NULL ? full : said);
		free(full);
	}
	json_put_bool(pending, "sealed", e->a->sealed);
}

/* Whoever says something of a proxy now means that alone. */
static void
recall(struct enrol *e)
{
	struct buf b;
	size_t i;

	buf_init(&b, 8192);
	if (os_read_file(&b, e->pending, NULL) == 0)
		(void)json_parse(&e->kept, buf_str(&b), b.len, "pending", NULL);
	buf_fini(&b);
	if (e->kept == NULL)
		return;
	e->own = xcalloc(1, sizeof(*e->own));
	*e->own = *e->a;
	e->own->sealed = e->a->sealed || json_flag(e->kept, "sealed", false);
	for (i = 0; i < WORDS && e->a->proxy == NULL; i++)
		*word(e->own, i) = json_str(e->kept, words[i].name, NULL);
	e->a = e->own;
}

/* --- checked -------------------------------------------------------------------------- */

static bool
is_plain(const char *s, const char *none, size_t max)
{
	size_t i, n = strlen(s);

	for (i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 127)
			return false;
	return n <= max && strpbrk(s, none) == NULL;
}

static int
check_url(const char *url, struct err *err)
{
	static const char *const schemes[] = { "http://", "https://", "socks5://" };
	size_t i = 0, n;

	while (i < 3 && strncmp(url, schemes[i], strlen(schemes[i])) != 0)
		i++;
	n = i < 3 ? strlen(schemes[i]) : 0;
	if (i < 3 && strchr(url, '@') != NULL)
		return err_set(err, E_BAD, "--proxy: a login does not go into the URL: --proxy-user NAME --proxy-password-file FILE");
	if (i == 3 || url[n] == '\0' || url[n] == '/' || !is_plain(url, " \"<>", URL_MAX))
		return err_set(err, E_BAD, "--proxy %.80s: write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT", url);
	return 0;
}

static int
check_login(const struct asked *a, struct err *err)
{
	static const char *const logins[] = { "basic", "ntlm", "negotiate", "any" };
	const char *login = a->proxy_login != NULL ? a->proxy_login : "basic";
	int i = 0;

	while (i < 4 && strcmp(logins[i], login) != 0)
		i++;
	if (i == 4)
		return err_set(err, E_BAD, "--proxy-login %.40s: write basic, ntlm, negotiate or any", login);
	if (strcmp(login, "ntlm") == 0 && a->proxy_user == NULL)
		return err_set(err, E_BAD, "--proxy-login ntlm needs --proxy-user DOMAIN\\USER and --proxy-password-file FILE");
	if (strcmp(login, "negotiate") == 0 && !http_can_negotiate())
		return err_set(err, E_BAD, "--proxy-login negotiate needs Kerberos, which this midctl is built without: take ntlm or basic");
	if (strcmp(login, "negotiate") != 0 && a->proxy_keytab != NULL)
		return err_set(err, E_BAD, "--proxy-keytab is for --proxy-login negotiate");
	return 0;
}

static int
check(const struct asked *a, struct err *err)
{
	int r;

	if (a->proxy == NULL)
		return a->proxy_user == NULL && a->proxy_password_file == NULL && a->proxy_login == NULL && a->proxy_keytab == NULL ? 0 :
		    err_set(err, E_BAD, "which proxy? --proxy http://HOST:PORT");
	r = check_url(a->proxy, err);
	if (r == 0 && (a->proxy_user == NULL) != (a->proxy_password_file == NULL))
		r = err_set(err, E_BAD, "--proxy-user and --proxy-password-file go together");
	if (r == 0 && a->proxy_user != NULL && !is_plain(a->proxy_user, "", USER_MAX))
		r = err_set(err, E_BAD, "--proxy-user: it has more than %d bytes, or a control character in it", USER_MAX);
	return r == 0 ? check_login(a, err) : r;
}

int
enrol_proxy_begin(struct enrol *e, struct err *err)
{
	int r;

	if (e->a->import != NULL)
		recall(e);
	r = check(e->a, err);
	if (r == 0 && e->a->proxy_password_file != NULL)
		r = secret_read_file(&e->proxy_password, e->a->proxy_password_file, err);
	if (e->proxy_password.data != NULL)
		e->proxy_password.data[strcspn((char *)e->proxy_password.data, "\r\n")] = '\0';
	return r;
}

void
enrol_proxy_end(struct enrol *e)
{
	secret_fini(&e->proxy_password);
	json_object_put(e->kept);
	free(e->own);
}

void
enrol_proxy(const struct enrol *e, struct http_config *cfg)
{
	cfg->proxy = e->a->proxy;
	cfg->proxy_user = e->a->proxy_user;
	cfg->proxy_password = (const char *)e->proxy_password.data;
	cfg->proxy_auth = e->a->proxy_login;
	cfg->proxy_keytab = e->a->proxy_keytab;
}
