/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab enroll - tokens for agents that want a certificate, and the person's
 * yes or no after the words of the key have been compared.
 */
#include <json-c/json.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"
#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "client.h"
#include "files.h"
#include "util.h"
#include "words.h"

#define PATH "/api/midlab/enroll"

/* What the agent's people give to midctl enroll --fingerprint. */
static void
tell_ca(void)
{
	char *path = path_join(cli_dir(), "ca.pem"), hex[65];
	X509 *ca = cert_read(path);

	if (ca != NULL) {
		cert_sha256(ca, hex);
		printf("our CA   %s\n", hex);
	}
	X509_free(ca);
	free(path);
}

static int
token(struct client *c, const char *agent)
{
	struct json_object *body = json_object_new_object(), *got = NULL;
	unsigned char md[EVP_MAX_MD_SIZE];
	char word[SYS_ID_LEN + 1], hex[65];
	size_t i;
	int r;

	sys_id_make(word);
	if (EVP_Digest(word, strlen(word), md, NULL, EVP_sha256(), NULL) != 1)
		return -complain("enroll: no digest");
	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	json_put(body, "sha256", hex);
	json_put(body, "agent", agent != NULL ? agent : "");
	r = cli_call(c, "POST", PATH "/token", body, &got);
	if (r == 0) {
		printf("token    %s\n", word);
		printf("good     once, until %s UTC%s%s\n", json_str(got, "expires", ""), agent != NULL ? ", for agent " : "",
		    agent != NULL ? agent : "");
		tell_ca();
	}
	json_object_put(got);
	json_object_put(body);
	return r;
}

static int
list(struct client *c, bool json)
{
	static const char *const columns[] = { "sys_id", "name", "state", "words" };
	struct json_object *rows = NULL;
	int r = cli_call(c, "GET", PATH, NULL, &rows);

	if (r == 0 && json)
		cli_print_json(rows);
	else if (r == 0)
		cli_print_rows(rows, columns, COUNT(columns));
	json_object_put(rows);
	return r;
}

static int
decide(struct client *c, const char *id, const char *what)
{
	char *path = cli_path(c, PATH "/%s/%s", id, what);
	struct json_object *body = json_object_new_object(), *got = NULL;
	int r = cli_call(c, "POST", path, body, &got);

	if (r == 0)
		printf("%s %s\n", id, json_str(got, "state", ""));
	json_object_put(got);
	json_object_put(body);
	free(path);
	return r;
}

int
cmd_enroll(int argc, char **argv)
{
	const char *agent = NULL;
	bool json = false;
	const struct cli_option options[] = {
		{ "--agent", CLI_TEXT, &agent, 0, 0, NULL, "NAME", "the token is for an agent of this name only" },
		{ "--json", CLI_FLAG, &json, 0, 0, NULL, NULL, "the list as JSON" },
		{ 0 },
	};
	const struct cli_usage usage = { "token | list | approve ID | reject ID [options]",
	    "  midlab enroll token --agent berlin   then, there: midctl enroll https://localhost:8443\n"
	    "  midlab enroll list                   compare the words, then: midlab enroll approve ID\n", options };
	struct client *c;
	int words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	if (words < 2)
		return cli_usage("enroll", &usage, 2);
	c = cli_connect();
	if (c == NULL)
		return 1;
	if (words == 2 && strcmp(argv[1], "token") == 0)
		r = token(c, agent);
	else if (words == 2 && strcmp(argv[1], "list") == 0)
		r = list(c, json);
	else if (words == 3 && (strcmp(argv[1], "approve") == 0 || strcmp(argv[1], "reject") == 0))
		r = decide(c, argv[2], argv[1]);
	else
		r = -cli_usage("enroll", &usage, 2);
	client_close(c);
	return r == 0 ? 0 : r == -2 ? 2 : 1;
}
