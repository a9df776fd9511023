/* SPDX-License-Identifier: Apache-2.0 */
/* enroll_write - the certificate kept, proved by a login, and made the configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "enroll.h"
#include "err.h"
#include "json.h"
#include "key.h"
#include "midctl.h"
#include "os.h"
#include "paths.h"
#include "xalloc.h"

#define DROPIN_MAX 8192
#define LOGIN_PATH "/api/now/table/ecc_agent?sysparm_limit=1&sysparm_fields=sys_id"

int
enrol_take_cert(struct enrol *e, const char *cert, const char *seal, struct err *err)
{
	int r = enrol_cert_fits(e, cert, err);

	if (r == 0)
		r = os_write_file(e->cert_file, cert, strlen(cert), 0644, err);
	if (r == 0 && seal != NULL && seal[0] != '\0') {
		r = os_write_file(e->seal_file, seal, strlen(seal), 0644, err);
		e->has_seal = r == 0;
	}
	return r;
}

int
enrol_prove(const struct enrol *e, struct err *err)
{
	int status = enrol_call(e, "GET", LOGIN_PATH, NULL, true, NULL, err);

	if (status >= 200 && status < 300)
		return 0;
	if (status == 401)
		return err_set(err, E_AUTH, "the instance does not know the new certificate: have it mapped to a user with the role mid_server there");
	if (status == 403)
		return err_set(err, E_AUTH, "the instance knows the new certificate, but its user may not read ecc_agent: give it the role mid_server");
	return status == 0 ? -err->code : err_set(err, E_PEER, "the login with the new certificate gave %d", status);
}

/* For the service of this host, whose configuration is where the package puts it? */
static bool
is_service(const struct enrol *e)
{
	const char *config = os_layout[PATH_CONFIG].installed;
	size_t n = strlen(e->dir);

	return strncmp(e->dir, config, n) == 0 && strchr(config + n, '/') == config + n && strchr(config + n + 1, '/') == NULL &&
	    os_service_hint() != NULL;
}

/* As in JSON, which YAML knows too: nothing in a value ends it. PREFIX is a word of ours before it. */
static int
put(struct buf *b, const char *option, const char *prefix, const char *value)
{
	int r = buf_printf(b, "%s: \"%s", option, prefix);

	if (r == 0)
		r = json_escape(b, value, strlen(value));
	return r == 0 ? buf_puts(b, "\"\n") : r;
}

/* The service may not read the file with the PIN where it is either. */
static int
put_token(const struct enrol *e, struct buf *b)
{
	char *bare, *pin_file, *whole = NULL, *ours = xasprintf("%s/credentials/", e->dir);
	size_t n = strlen(ours);
	int r = key_uri(e->token, &bare, &pin_file, NULL);

	if (r == 0) {
		if (pin_file == NULL)
			whole = xstrdup(bare);
		else if (is_service(e) && os_service_brings_keys && strncmp(pin_file, ours, n) == 0)
			whole = xasprintf("%s?pin-source=credential:%s", bare, pin_file + n);
		else
			whole = xasprintf("%s?pin-source=%s", bare, pin_file);
		r = put(b, "  key", "", whole);
		free(whole);
		free(bare);
		free(pin_file);
	}
	free(ours);
	return r;
}

/* A file of /etc/midd/credentials is brought to the service, others it reads itself. */
static int
put_file(const struct enrol *e, struct buf *b, const char *option, const char *file)
{
	char *full = os_real_path(file), *ours = xasprintf("%s/credentials/", e->dir);
	size_t n = strlen(ours);
	int r;

	if (is_service(e) && full != NULL && strncmp(full, ours, n) == 0)
		r = put(b, option, "credential:", full + n);
	else
		r = put(b, option, "", full != NULL ? full : file);
	free(ours);
	free(full);
	return r;
}

static int
put_proxy(const struct enrol *e, struct buf *b)
{
	const struct asked *a = e->a;
	int r = put(b, "  proxy", "", a->proxy);

	if (r == 0 && a->proxy_login != NULL)
		r = put(b, "  proxy_login", "", a->proxy_login);
	if (r == 0 && a->proxy_user != NULL)
		r = put(b, "  proxy_user", "", a->proxy_user);
	if (r == 0 && a->proxy_password_file != NULL)
		r = put_file(e, b, "  proxy_password_file", a->proxy_password_file);
	if (r == 0 && a->proxy_keytab != NULL)
		r = put_file(e, b, "  proxy_keytab", a->proxy_keytab);
	return r;
}

static int
put_key(const struct enrol *e, struct buf *b)
{
	char *name;
	int r;

	if (e->token != NULL)
		return put_token(e, b);
	if (!(is_service(e) && os_service_brings_keys) && !e->a->sealed)
		return put(b, "  key", "", e->key_file);
	name = xasprintf("%s.key", e->stem);
	r = put(b, "  key", "credential:", name);
	free(name);
	return r;
}

static int
put_dropin(const struct enrol *e, struct buf *b)
{
	int r = buf_puts(b, "# Written by midctl enroll; a later file of this folder wins.\n");

	if (r == 0)
		r = put(b, "name", "", e->name);
	if (r == 0)
		r = put(b, "instance:\n  url", "", e->url);
	/* What has logged in is the certificate, so no password of a file before this one goes along. */
	if (r == 0)
		r = put(b, "  user", "", "");
	if (r == 0 && e->has_ca)
		r = put(b, "  ca", "", e->ca_file);
	if (r == 0)
		r = put(b, "  cert", "", e->cert_file);
	if (r == 0)
		r = put_key(e, b);
	if (r == 0 && e->a->proxy != NULL)
		r = put_proxy(e, b);
	if (r == 0 && e->has_seal)
		r = put(b, "seal:\n  mode: required\n  instance_cert", "", e->seal_file);
	return r;
}

/* The service starts only where there is one. */
static int
need_main_file(const struct enrol *e, struct err *err)
{
	static const char text[] = "# Options: midd.yaml(5). What midctl enroll found out is in " ENROL_DROPIN ".\n{}\n";
	int r = os_write_new_file(e->a->config, text, sizeof(text) - 1, 0644, err);

	return r == -E_EXISTS ? 0 : r;
}

int
enrol_commit(struct enrol *e, struct err *err)
{
	char *path = xasprintf("%s/" ENROL_DROPIN, e->dir);
	struct buf b;
	int r = 0;

	buf_init(&b, DROPIN_MAX);
	if (put_dropin(e, &b) < 0)
		r = err_set(err, E_FULL, "the configuration is longer than %d bytes", DROPIN_MAX);
	if (r == 0)
		r = need_main_file(e, err);
	if (r == 0)
		r = os_write_file(path, b.data, b.len, 0644, err);
	if (r == 0 && e->a->sealed)
		r = enrol_key_seal(e, err);	/* midd takes the plain one until then */
	if (r == 0) {
		fprintf(e->out, "written  %s\n", path);
		(void)unlink(e->pending);
		(void)unlink(e->csr_file);
	}
	buf_fini(&b);
	free(path);
	return r;
}

void
enrol_say_next(const struct enrol *e)
{
	if (is_service(e))
		fprintf(e->out, "next     %s\n", os_service_hint());
	else
		fprintf(e->out, "next     midd --config %s\n", e->a->config);
}
