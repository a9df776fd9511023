/* SPDX-License-Identifier: Apache-2.0 */
/* enroll - midctl enroll: see enroll.h. Here: the steps, in their order, and what a person sees of them. */
#include "enroll.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "cmd.h"
#include "err.h"
#include "json.h"
#include "key.h"
#include "midctl.h"
#include "os.h"
#include "paths.h"
#include "secret.h"
#include "xalloc.h"

#define PATH "/api/midlab/enroll"
#define LOOK_EACH_S 2
#define CERT_MAX (64u * 1024)

/* --- what was asked for ------------------------------------------------------------ */

static int
take_url(struct enrol *e, const char *url, struct err *err)
{
	size_t n = strlen(url);

	if (n > 9 && url[n - 1] == '/')
		n--;		/* as a browser shows it */
	if (strncmp(url, "https://", 8) != 0 || url[8] == '\0' || strpbrk(url, " \"\\@?#") != NULL || memchr(url + 8, '/', n - 8) != NULL)
		return err_set(err, E_BAD, "\"%.100s\" is no address of an instance: write https://host or https://host:port", url);
	e->url = xstrndup(url, n);
	return 0;
}

static int
take_name(struct enrol *e, const char *name, struct err *err)
{
	if (name[0] == '\0' || strlen(name) > 63 || name[0] == '.' ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != strlen(name))
		return err_set(err, E_BAD, "\"%.80s\" cannot be an agent's name: letters, digits, . _ - and at most 63", name);
	e->name = xstrdup(name);
	return 0;
}

static int
take_place(const char *where, const char *dir, struct err *err)
{
	char *bare = NULL, *pin_file = NULL, *uri;
	int r = 0;

	if (where == NULL || strcmp(where, "tpm2") == 0)
		return 0;
	if (!key_in_token(where))
		return err_set(err, E_BAD, "--key %.80s: write tpm2, or pkcs11:token=NAME;object=NAME?pin-source=FILE", where);
	if (strstr(where, "object=") == NULL && strstr(where, "id=") == NULL)
		return err_set(err, E_BAD, "--key %.160s does not say how the key is called: pkcs11:token=NAME;object=NAME?pin-source=FILE", where);
	uri = enrol_key_uri(where, dir);
	r = key_uri(uri, &bare, &pin_file, err);
	if (r == 0) {
		free(bare);
		free(pin_file);
	}
	free(uri);
	return r;
}

/* Two at a time would take each other's keys away. */
static int
lock(struct enrol *e, struct err *err)
{
	int pid, r;

	e->lock_file = xasprintf("%s/enroll.lock", e->dir);
	r = os_lock_file(e->lock_file, &e->lock, &pid, err);

	if (r == -E_EXISTS)
		r = err_set(err, E_EXISTS, "another midctl enroll is under way here (process %d), and may wait for the approval there: "
		    "let it end, or end it with Ctrl-C", pid);
	return r;
}

static int
begin(struct enrol *e, const struct asked *a, struct err *err)
{
	const char *slash;
	char hex[65];
	int r = 0;

	os_path_tidy((char *)(uintptr_t)a->config);
	slash = strrchr(a->config, '/');
	(void)umask(022);	/* what others may not read gets its own mode */
	e->a = a;
	e->out = a->json ? stderr : stdout;
	e->dir = slash != NULL ? xstrndup(a->config, (size_t)(slash - a->config)) : xstrdup(".");
	if (!os_path_is_absolute(e->dir)) {
		char *full = os_real_path(e->dir);

		free(e->dir);
		e->dir = full != NULL ? full : xstrdup("/");
	}
	e->pending = xasprintf("%s/enroll.pending", e->dir);
	if (a->import == NULL)
		r = take_url(e, a->words[0], err);
	if (r == 0 && a->import == NULL)
		r = take_name(e, a->nwords > 1 ? a->words[1] : os_host_name(), err);
	if (r == 0)
		r = take_place(a->key, e->dir, err);
	if (r == 0 && a->fingerprint != NULL && !enrol_fingerprint(a->fingerprint, hex))
		r = err_set(err, E_BAD, "--fingerprint wants the SHA-256 of a certificate: 64 hex digits, with or without colons");
	if (r == 0 && a->sealed)
		r = enrol_can_seal(err);
	if (r == 0 && access(e->dir, F_OK) < 0)
		r = err_set(err, E_BAD, "there is no folder %s: make it, or name another configuration with --config", e->dir);
	else if (r == 0 && access(e->dir, W_OK) < 0)
		r = err_set(err, E_AUTH, "%s cannot be written: %s: run it as root (sudo midctl enroll ...) or as an administrator", e->dir, strerror(errno));
	return r == 0 ? lock(e, err) : r;
}

static void
end(struct enrol *e)
{
	if (e->lock >= 0)
		(void)unlink(e->lock_file);
	os_unlock_file(e->lock);
	free(e->lock_file);
	enrol_proxy_end(e);
	EVP_PKEY_free(e->key);
	free(e->url);
	free(e->name);
	free(e->dir);
	free(e->pending);
	free(e->stem);
	free(e->token);
	free(e->key_file);
	free(e->cert_file);
	free(e->ca_file);
	free(e->seal_file);
	free(e->csr_file);
}

/* --- the token ------------------------------------------------------------------------ */

static int
token_by_hand(struct secret *out, struct err *err)
{
	bool tty = os_term_echo(false);
	char line[256] = "";

	if (tty)
		fprintf(stderr, "token (from the instance: midlab enroll token): ");
	if (fgets(line, sizeof(line), stdin) == NULL)
		line[0] = '\0';
	if (tty) {
		(void)os_term_echo(true);
		fputc('\n', stderr);
	}
	line[strcspn(line, "\r\n")] = '\0';
	secret_set(out, line, strlen(line));
	secret_wipe(line, sizeof(line));
	return out->len > 0 ? 0 : err_set(err, E_BAD, "no token: type it, give it on standard input, or in a file by --token-file");
}

static int
read_token(const struct enrol *e, struct secret *out, struct err *err)
{
	int r;

	secret_init(out);
	if (e->a->token_file == NULL)
		return token_by_hand(out, err);
	r = secret_read_file(out, e->a->token_file, err);
	if (r < 0)
		return err_in(err, "--token-file");
	if (out->len > 0)
		out->data[strcspn((char *)out->data, "\r\n")] = '\0';
	return out->len > 0 && out->data[0] != '\0' ? 0 : err_set(err, E_BAD, "--token-file: %s is empty", e->a->token_file);
}

/* --- by hand ---------------------------------------------------------------------------- */

/* An instance without such an endpoint: people carry the files. */
static int
by_hand(struct enrol *e, const char *csr, struct err *err)
{
	const char *config = e->a->config;
	int r = os_write_file(e->csr_file, csr, strlen(csr), 0644, err);
	bool usual = strcmp(config, path_default(PATH_CONFIG)) == 0;

	if (r < 0)
		return r;
	fprintf(e->out, "%s has no endpoint for this: have the certificate made by hand.\n"
	    "  1. give %s to the CA that the instance trusts (the key's words: %s)\n"
	    "  2. have its certificate mapped to a user with the role mid_server there\n"
	    "  3. midctl enroll --import CERTIFICATE.pem%s%s\n", e->url, e->csr_file, e->words, usual ? "" : " --config ", usual ? "" : config);
	return 1;
}

static int
read_import(struct enrol *e, struct err *err)
{
	struct buf b, seal;
	int r;

	buf_init(&b, CERT_MAX);
	buf_init(&seal, CERT_MAX);
	r = os_read_file(&b, e->a->import, err);
	if (r < 0)
		r = err_in(err, "--import");
	else if (e->a->seal != NULL && (r = os_read_file(&seal, e->a->seal, err)) < 0)
		r = err_in(err, "--seal");
	if (r == 0) {
		r = enrol_take_cert(e, buf_str(&b), buf_str(&seal), err);
		if (r < 0)
			r = err_in(err, "%s", e->a->import);
	}
	buf_fini(&b);
	buf_fini(&seal);
	return r;
}

/* --- with an endpoint -------------------------------------------------------------------- */

/* What is no instance without the endpoint, so that nobody carries files for nothing. */
static const struct { int from, to; const char *say; } strangers[] = {
	{ 100, 399, "no instance answers so: a captive portal or the login page of a proxy stands between; log in there, or name the proxy: --proxy" },
	{ 429, 429, "it limits our requests: wait a while, and give the same command again" },
	{ 511, 511, "a captive portal stands between: log in there" },
	{ 500, 599, "it is failing: wait, or ask its operator, and give the same command again" },
};

/* 0; 1: it goes by hand. */
static int
no_endpoint(struct enrol *e, int status, const char *csr, struct err *err)
{
	size_t i;

	if (csr == NULL)
		return err_set(err, E_INTERNAL, "no request could be made");
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		if (status >= strangers[i].from && status <= strangers[i].to)
			return err_set(err, E_PEER, "%s: status %d: %s", e->url, status, strangers[i].say);
	return by_hand(e, csr, err);
}

/* 0; 1: it goes by hand. */
static int
ask_for_it(struct enrol *e, struct err *err)
{
	struct json_object *body, *got = NULL;
	struct secret token;
	char *csr = enrol_csr(e);
	int status = enrol_call(e, "GET", PATH "/probe", NULL, false, NULL, err), r = 0;
	const char *message = strstr(err->text, "There is no such request");

	if (status == 0 || csr == NULL || status != 404 || message == NULL) {
		r = status == 0 ? -err->code : no_endpoint(e, status, csr, err);
		free(csr);
		return r;
	}
	r = read_token(e, &token, err);
	if (r == 0) {
		body = json_object_new_object();
		json_put_str(body, "name", e->name);
		json_put_str(body, "csr", csr);
		json_put_str(body, "token", (const char *)token.data);
		status = enrol_call(e, "POST", PATH, body, false, &got, err);
		json_wipe(body);
		json_object_put(body);
		if (status == 201)
			snprintf(e->id, sizeof(e->id), "%s", json_str(got, "id", ""));
		r = status == 201 ? enrol_pending_write(e, err) : -err->code;
		json_object_put(got);
	}
	secret_fini(&token);
	free(csr);
	return r;
}

/* 0 the certificate is here; 1 not yet. */
static int
look(struct enrol *e, struct err *err)
{
	char *path = xasprintf(PATH "/%s", e->id);
	struct json_object *got = NULL;
	int status = enrol_call(e, "GET", path, NULL, false, &got, err), r = 1;
	const char *state = json_str(got, "state", "");

	free(path);
	if (status == 404) {
		(void)unlink(e->pending);
		r = err_set(err, E_NONE, "the instance does not know our request any more: begin anew with a new token");
	} else if (strcmp(state, "rejected") == 0) {
		(void)unlink(e->pending);
		if (e->token == NULL)
			(void)unlink(e->key_file);
		r = err_set(err, E_AUTH, "the instance's people have rejected the request");
	} else if (strcmp(state, "approved") == 0) {
		r = enrol_take_cert(e, json_str(got, "certificate", ""), json_str(got, "seal", NULL), err);
	}
	json_object_put(got);
	return r;		/* no answer, or 5xx: later */
}

static int
wait_for_it(struct enrol *e, struct err *err)
{
	const struct timespec each = { .tv_sec = LOOK_EACH_S };
	int r;

	fprintf(e->out, "waiting  for the approval of %s there: the words must be the same. Ctrl-C is fine: the same command goes on\n", e->id);
	fflush(e->out);
	while ((r = look(e, err)) == 1)
		(void)nanosleep(&each, NULL);
	return r;
}

static int
certificate(struct enrol *e, struct err *err)
{
	char *dropin;
	int r = enrol_trust(e, err);

	if (r < 0)
		return r;
	if (e->a->import != NULL)
		return read_import(e, err);
	dropin = xasprintf("%s/" ENROL_DROPIN, e->dir);
	if (access(dropin, F_OK) == 0)
		fprintf(e->out, "before   %s stays in force until the new certificate has logged in\n", dropin);
	free(dropin);
	fprintf(e->out, "agent    %s\nkey      %s\nwords    %s\n", e->name, e->key_file, e->words);
	fflush(e->out);
	if (e->id[0] == '\0')
		r = ask_for_it(e, err);
	if (r < 0 && err->code == E_TLS && !e->has_ca) {
		complain("%s", err->text);
		enrol_trust_help(e);
		err->text[0] = '\0';
	}
	return r == 0 ? wait_for_it(e, err) : r;
}

static void
print_enrolment(const struct enrol *e, bool hand)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "state", hand ? "by hand" : "enrolled");
	json_put_str(o, "agent", e->name);
	json_put_str(o, "instance", e->url);
	json_put_str(o, "words", e->words);
	json_put_str(o, hand ? "csr" : "cert", hand ? e->csr_file : e->cert_file);
	print_json(o);
	json_object_put(o);
}

int
cmd_enroll(const struct asked *a)
{
	struct enrol e = { .lock = -1 };
	struct err err = { 0, "" };
	int r, status;

	if ((a->nwords == 0) == (a->import == NULL)) {
		complain("name the instance: midctl enroll https://HOST [NAME]; or --import FILE");
		return EXIT_USAGE;
	}
	if (a->key != NULL && a->sealed) {
		complain("--sealed is for a key in a file: one in a TPM2 or a token is no file to be encrypted");
		return EXIT_USAGE;
	}
	r = begin(&e, a, &err);
	status = r == -E_AUTH ? EXIT_NOT_PERMITTED : EXIT_PROBLEM;
	if (r == 0)
		r = enrol_proxy_begin(&e, &err);
	if (r == -E_BAD)
		status = EXIT_USAGE;
	if (r == 0)
		r = enrol_key(&e, &err);
	if (r == 0)
		r = certificate(&e, &err);
	if (r == 0)
		r = enrol_prove(&e, &err);
	if (r == 0) {
		fprintf(e.out, "login    good\n");
		r = enrol_commit(&e, &err);
	}
	if (r == 0)
		enrol_say_next(&e);
	if (a->json && r >= 0)
		print_enrolment(&e, r == 1);
	if (r < 0 && err.text[0] != '\0')
		complain("%s", err.text);
	end(&e);
	return r < 0 ? status : r == 1 ? EXIT_PARTIAL : EXIT_OK;
}
