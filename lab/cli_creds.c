/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab creds - rows of discovery_credentials whose values are sealed to an
 * agent's certificate (CMS AuthEnvelopedData), as an instance would that has
 * the agent's public key. The values come on standard input: a JSON object,
 * or the text of the first one.
 */
#include <json-c/json.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "client.h"
#include "files.h"
#include "util.h"

#define TABLE "/api/now/table/discovery_credentials"
#define VALUES_MAX (48u * 1024)

struct wish {
	const char *type, *user, *agent, *tags, *ranges, *scope, *ref;
	long order;
};

static const struct { const char *type, *first; } firsts[] = {
	{ "ssh_private_key", "private_key" }, { "snmp", "community" }, { "snmpv3", "auth_key" },
};

/* --- sealing --------------------------------------------------------------------- */

static X509 *
agent_cert(const char *agent)
{
	char path[4200];
	FILE *f;
	X509 *cert;

	snprintf(path, sizeof(path), "%s/agents/%s.pem", cli_dir(), agent);
	f = fopen(path, "r");
	if (f == NULL) {
		complain("creds: there is no agent %s: %s", agent, path);
		return NULL;
	}
	cert = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	return cert;
}

/* Base64 of TEXT sealed to CERT; caller frees. NULL when it can't be done. */
static char *
seal_to(X509 *cert, const char *text)
{
	CMS_ContentInfo *cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
	BIO *in = BIO_new_mem_buf(text, -1);
	unsigned char *der = NULL;
	char *b64 = NULL;
	int n;

	if (cms != NULL && in != NULL && CMS_set_detached(cms, 0) == 1 && CMS_add1_recipient_cert(cms, cert, 0) != NULL &&
	    CMS_final(cms, in, NULL, CMS_BINARY) == 1 && (n = i2d_CMS_ContentInfo(cms, &der)) > 0)
		b64 = base64_encode(der, (size_t)n);
	OPENSSL_free(der);
	BIO_free(in);
	CMS_ContentInfo_free(cms);
	return b64;
}

/* --- standard input ---------------------------------------------------------------- */

static const char *
first_of(const char *type)
{
	size_t i;

	for (i = 0; i < COUNT(firsts); i++)
		if (strcmp(firsts[i].type, type) == 0)
			return firsts[i].first;
	return "password";
}

static struct json_object *
read_values(const struct wish *w)
{
	char *text = xcalloc(1, VALUES_MAX + 1);
	size_t n = fread(text, 1, VALUES_MAX, stdin);
	struct json_object *o = NULL;

	text[n] = '\0';
	if (text[0] == '{') {
		o = json_tokener_parse(text);
	} else {
		while (n > 0 && strcmp(w->type, "ssh_private_key") != 0 && text[n - 1] == '\n')
			text[--n] = '\0';
		o = json_object_new_object();
		json_put(o, first_of(w->type), text);
	}
	if (o != NULL && w->user != NULL)
		json_put(o, "user", w->user);
	OPENSSL_cleanse(text, VALUES_MAX);
	free(text);
	if (o == NULL)
		complain("creds: standard input begins like a JSON object and is none");
	return o;
}

static int
put_sealed(struct json_object *row, const struct wish *w)
{
	struct json_object *values = read_values(w);
	X509 *cert = values == NULL ? NULL : agent_cert(w->agent);
	char *sealed = cert == NULL ? NULL : seal_to(cert, json_object_to_json_string(values));

	if (cert != NULL && sealed == NULL)
		complain("creds: they can't be sealed");
	if (sealed != NULL)
		json_put(row, "u_sealed", sealed);
	json_object_put(values);
	X509_free(cert);
	free(sealed);
	return sealed != NULL ? 0 : -1;
}

/* --- the commands ------------------------------------------------------------------- */

static int
add(struct client *c, const char *name, const struct wish *w)
{
	const char *const columns[] = { "name", name, "type", w->type, "user_name", w->user, "tag", w->tags,
	    "u_ranges", w->ranges, "u_scope", w->scope, "credential_id", w->ref, "active", "true" };
	struct json_object *row = json_object_new_object(), *made = NULL;
	char order[24];
	size_t i;
	int r = 0;

	snprintf(order, sizeof(order), "%ld", w->order);
	json_put(row, "order", order);
	for (i = 0; i < COUNT(columns); i += 2)
		if (columns[i + 1] != NULL)
			json_put(row, columns[i], columns[i + 1]);
	if (w->ref == NULL)
		r = put_sealed(row, w);
	if (r == 0)
		r = cli_call(c, "POST", TABLE, row, &made);
	if (r == 0)
		puts(json_str(made, "sys_id", ""));
	json_object_put(row);
	json_object_put(made);
	return r;
}

static int
list(struct client *c, struct json_object **rows, const char *query)
{
	char *path = cli_path(c, TABLE "?sysparm_exclude_reference_link=true&sysparm_query=%s", query);
	int r = cli_call(c, "GET", path, NULL, rows);

	free(path);
	return r;
}

static int
remove_named(struct client *c, const char *name)
{
	struct json_object *rows = NULL;
	char query[300], *path;
	size_t i, n;
	int r;

	snprintf(query, sizeof(query), "name=%.250s", name);
	r = list(c, &rows, query);
	n = r == 0 ? json_object_array_length(rows) : 0;
	if (r == 0 && n == 0)
		r = -complain("creds: there is none of the name %s", name);
	for (i = 0; r == 0 && i < n; i++) {
		path = cli_path(c, TABLE "/%s", json_str(json_object_array_get_idx(rows, i), "sys_id", ""));
		r = cli_call(c, "DELETE", path, NULL, NULL);
		free(path);
	}
	json_object_put(rows);
	return r;
}

static int
show(struct client *c)
{
	static const char *const columns[] = { "name", "type", "user_name", "order", "tag", "u_ranges" };
	struct json_object *rows = NULL;
	int r = list(c, &rows, "ORDERBYorder");

	if (r == 0)
		cli_print_rows(rows, columns, COUNT(columns));
	json_object_put(rows);
	return r;
}

int
cmd_creds(int argc, char **argv)
{
	struct wish w = { .type = "ssh_password", .agent = "demo", .order = 100 };
	const struct cli_option options[] = {
		{ "--type", CLI_TEXT, &w.type, 0, 0, NULL, "TYPE", "ssh_password, ssh_private_key, snmp, ..." },
		{ "--user", CLI_TEXT, &w.user, 0, 0, NULL, "NAME", "the account" },
		{ "--agent", CLI_TEXT, &w.agent, 0, 0, NULL, "NAME", "sealed to its certificate (demo)" },
		{ "--order", CLI_NUMBER, &w.order, 1, 1000000, NULL, "N", "lower ones first (100)" },
		{ "--tags", CLI_TEXT, &w.tags, 0, 0, NULL, "A,B", "for jobs that ask for one of these" },
		{ "--ranges", CLI_TEXT, &w.ranges, 0, 0, NULL, "LIST", "for targets in these ranges" },
		{ "--scope", CLI_TEXT, &w.scope, 0, 0, NULL, "WHAT", "account or target" },
		{ "--ref", CLI_TEXT, &w.ref, 0, 0, NULL, "NAME", "no values: a vault of the agent knows it by this name" },
		{ 0 },
	};
	const struct cli_usage usage = { "[add NAME | remove NAME] [options]",
	    "  midlab creds add web --user disco < password.txt\n"
	    "  midlab creds add key --type ssh_private_key --user disco < id_ed25519\n"
	    "  midlab creds\n", options };
	struct client *c;
	int words, r = cli_parse(argc, argv, &usage, &words);
	bool adds = words == 3 && strcmp(argv[1], "add") == 0, removes = words == 3 && strcmp(argv[1], "remove") == 0;

	if (r != 0)
		return r == 1 ? 0 : r;
	if (words != 1 && !adds && !removes)
		return cli_usage("creds", &usage, 2);
	c = cli_connect();
	if (c == NULL)
		return 1;
	r = adds ? add(c, argv[2], &w) : removes ? remove_named(c, argv[2]) : show(c);
	client_close(c);
	return r == 0 ? 0 : 1;
}
