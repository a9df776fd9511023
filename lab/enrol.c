/* SPDX-License-Identifier: Apache-2.0 */
/* enrol - see the header. */
#include "enrol.h"

#include <json-c/json.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"
#include "db.h"
#include "files.h"
#include "instance.h"
#include "issue.h"

#define TOKENS "midlab_enroll_token"
#define PEM_MAX 65536

static bool
strong(EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? bits >= 256 :
	    EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && bits >= 2048;
}

EVP_PKEY *
enrol_key(const char *csr, const char **why)
{
	size_t n = strlen(csr);
	BIO *b = n <= CSR_MAX ? BIO_new_mem_buf(csr, (int)n) : NULL;
	X509_REQ *req = b != NULL ? PEM_read_bio_X509_REQ(b, NULL, NULL, NULL) : NULL;
	EVP_PKEY *key = req != NULL ? X509_REQ_get_pubkey(req) : NULL;

	*why = NULL;
	if (key == NULL)
		*why = "csr is not a certificate request in PEM form.";
	else if (X509_REQ_verify(req, key) != 1)
		*why = "The request is not signed with its own key.";
	else if (!strong(key))
		*why = "The key must be of a curve of 256 bits or RSA of 2048, or more.";
	if (*why != NULL) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	ERR_clear_error();
	X509_REQ_free(req);
	BIO_free(b);
	return key;
}

/* Nobody becomes the administrator this way. */
bool
enrol_name_ok(const char *name)
{
	return lab_name_ok(name) && strcmp(name, "admin") != 0;
}

static void
hash_of(const char *token, char hex[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	size_t i;

	memset(md, 0, sizeof(md));
	(void)EVP_Digest(token, strlen(token), md, NULL, EVP_sha256(), NULL);
	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
}

bool
enrol_token_use(struct instance *in, const char *token, const char *name, const char **why)
{
	struct json_object *row = NULL;
	char query[160], hex[65];
	const char *agent;
	bool ok = false;

	hash_of(token, hex);
	snprintf(query, sizeof(query), "token_sha256=%s", hex);
	*why = "The token is not known, was used already or is too old: make one with midlab enroll token.";
	if (token[0] == '\0' || db_first(in->db, TOKENS, query, &row) < 0)
		return false;
	agent = json_str(row, "agent", "");
	if (agent[0] != '\0' && strcmp(agent, name) != 0)
		*why = "The token is for an agent of another name.";
	else if (date_parse(json_str(row, "expires", "")) >= (time_t)(db_now_ms(in->db) / 1000))
		ok = true;
	if (db_delete(in->db, TOKENS, json_str(row, "sys_id", "")) < 0)
		ok = false;	/* once, or not at all */
	json_object_put(row);
	return ok;
}

static int
keep_for_sealing(struct instance *in, const char *name, const char *pem)
{
	char *path, file[160];
	int r;

	snprintf(file, sizeof(file), "agents/%s.pem", name);
	path = path_join(in->dir, file);
	r = file_write(path, pem, strlen(pem), 0644);
	free(path);
	return r;
}

void
enrol_first_login(struct instance *in, const char *name, const char *sha256)
{
	struct json_object *row = NULL, *change;
	char query[128];

	snprintf(query, sizeof(query), "u_sha256=%s", sha256);
	if (db_first(in->db, "sys_user_certificate", query, &row) < 0)
		return;
	change = json_object_new_object();
	json_put(change, "u_fresh", "false");
	if (keep_for_sealing(in, name, json_str(row, "pem_certificate", "")) == 0)
		(void)db_update(in->db, "sys_user_certificate", json_str(row, "sys_id", ""), change);
	json_object_put(change);
	json_object_put(row);
}

char *
enrol_issue(struct instance *in, const char *name, EVP_PKEY *key, enum enrol_when when)
{
	struct cert_wish wish = { .name = name, .client = true, .days = in->enroll_days, .seconds = in->enroll_seconds };
	struct lab lab = { .dir = in->dir, .db = in->db };
	X509 *cert = NULL;
	char *pem = NULL;

	if (lab_read_ca(&lab) == 0)
		cert = cert_make(&wish, key, lab.ca, lab.ca_key);
	if (cert != NULL && (when == ENROL_NEVER ||
	    lab_map_user(&lab, name, lab_agent_roles, cert, when == ENROL_AT_LOGIN) == 0))
		pem = cert_pem(cert);
	if (pem != NULL && when == ENROL_AT_ONCE && keep_for_sealing(in, name, pem) < 0) {
		free(pem);
		pem = NULL;
	}
	lab.db = NULL;		/* the instance's */
	X509_free(cert);
	X509_free(lab.ca);
	EVP_PKEY_free(lab.ca_key);
	return pem;
}

static void
put_file(struct json_object *o, const char *key, struct instance *in, const char *name)
{
	char *path = path_join(in->dir, name), *pem = file_read(path, PEM_MAX, NULL);

	if (pem != NULL)
		json_put(o, key, pem);
	free(pem);
	free(path);
}

struct json_object *
enrol_given(struct instance *in, const char *cert)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "certificate", cert);
	put_file(o, "ca", in, "ca.pem");
	put_file(o, "seal", in, "seal.pem");
	return o;
}
