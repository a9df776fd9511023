/* SPDX-License-Identifier: Apache-2.0 */
/*
 * issue - see the header.
 */
#include "issue.h"

#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "certs.h"
#include "db.h"
#include "files.h"
#include "schema.h"

const char *const lab_agent_roles[] = {
	"mid_server", "itil", "import_admin", NULL
};

int
lab_issue(const struct lab *lab, const char *file, const struct cert_wish *wish,
    X509 *ca, EVP_PKEY *ca_key, X509 **out)
{
	EVP_PKEY *key = key_make();
	X509 *cert = key != NULL ? cert_make(wish, key, ca, ca_key) : NULL;
	struct text pem = { 0 }, keyfile = { 0 };
	int r = -1;

	text_addf(&pem, "%s/%s.pem", lab->dir, file);
	text_addf(&keyfile, "%s/%s.key", lab->dir, file);
	if (cert == NULL)
		complain("could not make the certificate of %s: is the name"
		    " shorter than 64 characters?", wish->name);
	else
		r = key_write(key, text_str(&keyfile));
	if (r == 0)
		r = cert_write(cert, wish->server ? ca : NULL, text_str(&pem));
	if (r == 0 && out != NULL) {
		X509_up_ref(cert);
		*out = cert;
	}
	text_fini(&pem);
	text_fini(&keyfile);
	X509_free(cert);
	EVP_PKEY_free(key);
	return r;
}

int
lab_map_user(const struct lab *lab, const char *name, const char *const *roles,
    X509 *cert, bool fresh)
{
	char id[SYS_ID_LEN + 1], sha[65] = "", *pem = cert_pem(cert);
	int r;

	cert_sha256(cert, sha);
	r = schema_user(lab->db, name, roles, id);
	if (r == 0)
		r = schema_certificate(lab->db, id, name, pem, sha, fresh);
	if (r < 0)
		complain("user %s: %s", name, db_error(lab->db));
	free(pem);
	return r;
}

int
lab_open_db(struct lab *lab)
{
	char *path = path_join(lab->dir, "lab.db"), *why = NULL;
	int r = db_open(&lab->db, path, &why);

	if (r < 0)
		complain("%s", why);
	else
		(void)chmod(path, 0600);
	free(why);
	free(path);
	return r;
}

int
lab_read_ca(struct lab *lab)
{
	char *pem = path_join(lab->dir, "ca.pem");
	char *key = path_join(lab->dir, "ca.key");

	lab->ca = cert_read(pem);
	lab->ca_key = key_read(key);
	if (lab->ca == NULL || lab->ca_key == NULL)
		complain("%s and %s cannot be read: was `midlab init %s`"
		    " run?", pem, key, lab->dir);
	free(pem);
	free(key);
	return lab->ca != NULL && lab->ca_key != NULL ? 0 : -1;
}

void
lab_close(struct lab *lab)
{
	X509_free(lab->ca);
	EVP_PKEY_free(lab->ca_key);
	db_close(lab->db);
}

/* A name becomes part of a path: letters, digits, dot, dash, underscore. */
bool
lab_name_ok(const char *s)
{
	return s[0] != '.' && s[0] != '\0' && strlen(s) < 64 &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789._-")] == '\0';
}

bool
lab_name_add(const char **list, size_t *n, const char *s)
{
	if (*n == NAMES_MAX) {
		complain("more than %d names", NAMES_MAX);
		return false;
	}
	list[(*n)++] = s;
	return true;
}
