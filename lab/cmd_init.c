/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab init - a new lab in a folder: authority, certificates, keys, users
 * and tables. Also `midlab cert`, which adds certificates later, wrong ones
 * for tests included.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "certs.h"
#include "db.h"
#include "files.h"
#include "password.h"
#include "schema.h"

#define NAMES_MAX 32

static const char *const agent_roles[] = {
	"mid_server", "itil", "import_admin", NULL
};
static const char *const admin_roles[] = { "admin", NULL };

struct lab {
	const char *dir;
	X509 *ca;
	EVP_PKEY *ca_key;
	struct db *db;
};

static int
make_dir(const char *dir)
{
	if (mkdir(dir, 0755) == 0 || errno == EEXIST)
		return 0;
	return -complain("cannot make the folder %s: %s", dir, strerror(errno));
}

/* DIR/NAME.pem and DIR/NAME.key; *OUT (may be NULL) is the certificate. */
static int
issue(const struct lab *lab, const char *file, const struct cert_wish *wish,
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
		r = cert_write(cert, NULL, text_str(&pem));
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

static int
map_user(const struct lab *lab, const char *name, const char *const *roles,
    X509 *cert)
{
	char id[SYS_ID_LEN + 1], sha[65] = "", *pem = cert_pem(cert);
	int r;

	cert_sha256(cert, sha);
	r = schema_user(lab->db, name, roles, id);
	if (r == 0)
		r = schema_certificate(lab->db, id, name, pem, sha);
	if (r < 0)
		complain("user %s: %s", name, db_error(lab->db));
	free(pem);
	return r;
}

static int
issue_client(const struct lab *lab, const char *name,
    const char *const *roles)
{
	struct cert_wish wish = { .name = name, .client = true };
	char file[160];
	X509 *cert;
	int r;

	snprintf(file, sizeof(file), "agents/%s", name);
	r = issue(lab, file, &wish, lab->ca, lab->ca_key, &cert);
	if (r < 0)
		return r;
	r = map_user(lab, name, roles, cert);
	X509_free(cert);
	return r;
}

static int
open_db(struct lab *lab)
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

static int
read_ca(struct lab *lab)
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

static void
close_lab(struct lab *lab)
{
	X509_free(lab->ca);
	EVP_PKEY_free(lab->ca_key);
	db_close(lab->db);
}

static int
make_keys(struct lab *lab, const char *const *hosts)
{
	struct cert_wish ca = { .name = "midlab CA", .ca = true,
	    .days = 3650 };
	struct cert_wish server = { .name = hosts[0], .server = true,
	    .hosts = hosts };
	struct cert_wish seal = { .name = "midlab seal", .seal = true };
	int r;

	r = issue(lab, "ca", &ca, NULL, NULL, NULL);
	if (r == 0)
		r = read_ca(lab);
	if (r == 0)
		r = issue(lab, "server", &server, lab->ca, lab->ca_key, NULL);
	if (r == 0)
		r = issue(lab, "seal", &seal, lab->ca, lab->ca_key, NULL);
	return r;
}

static int
make_password(const struct lab *lab)
{
	char word[SYS_ID_LEN + 2], hash[PASSWORD_HASH_SIZE], *path;
	int r;

	sys_id_make(word);
	r = password_hash(word, hash);
	if (r == 0)
		r = password_store(lab->db, "admin", hash);
	word[SYS_ID_LEN] = '\n';
	path = path_join(lab->dir, "admin.password");
	if (r == 0)
		r = file_write(path, word, sizeof(word) - 1, 0600);
	free(path);
	return r;
}

static int
make_users(struct lab *lab, const char *const *agents)
{
	int r;

	r = issue_client(lab, "admin", admin_roles);
	for (; r == 0 && *agents != NULL; agents++)
		r = issue_client(lab, *agents, agent_roles);
	return r == 0 ? make_password(lab) : r;
}

static int
init(struct lab *lab, const char *const *hosts, const char *const *agents)
{
	char *sub = path_join(lab->dir, "agents"), *ca;
	struct stat st;
	int r = -1;

	ca = path_join(lab->dir, "ca.key");
	if (stat(ca, &st) == 0)
		complain("%s is there already: choose another folder, or"
		    " remove this one first", ca);
	else
		r = make_dir(lab->dir);
	if (r == 0)
		r = make_dir(sub);
	if (r == 0)
		r = make_keys(lab, hosts);
	if (r == 0)
		r = open_db(lab);
	if (r == 0 && (r = schema_create(lab->db)) < 0)
		complain("%s", db_error(lab->db));
	if (r == 0 && (r = db_begin(lab->db)) == 0) {
		r = make_users(lab, agents);
		if (db_commit(lab->db) < 0)
			r = -1;
	}
	free(sub);
	free(ca);
	return r;
}

/* A name becomes part of a path: letters, digits, dot, dash, underscore. */
static bool
name_ok(const char *s)
{
	return s[0] != '.' && s[0] != '\0' && strlen(s) < 64 &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789._-")] == '\0';
}

static bool
list_add(const char **list, size_t *n, const char *s)
{
	if (*n == NAMES_MAX) {
		complain("more than %d names", NAMES_MAX);
		return false;
	}
	list[(*n)++] = s;
	return true;
}

static void
tell(const char *dir, const char *const *agents)
{
	printf("%s/ca.pem           the authority that all trust\n", dir);
	printf("%s/server.pem .key  the instance\n", dir);
	printf("%s/seal.pem .key    results are sealed to this\n", dir);
	for (; *agents != NULL; agents++)
		printf("%s/agents/%s.pem .key  an agent\n", dir, *agents);
	printf("%s/admin.password   of user admin\n", dir);
}

int
cmd_init(int argc, char **argv)
{
	static const struct option options[] = {
		{ "host", required_argument, NULL, 'h' },
		{ "agent", required_argument, NULL, 'a' },
		{ 0 },
	};
	const char *hosts[NAMES_MAX + 1] = { NULL };
	const char *agents[NAMES_MAX + 1] = { NULL };
	size_t nhosts = 0, nagents = 0;
	struct lab lab = { 0 };
	int c, r;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h' ? !list_add(hosts, &nhosts, optarg) :
		    c != 'a' || !list_add(agents, &nagents, optarg))
			return 2;
		if (c == 'a' && !name_ok(optarg))
			return 1 + complain("\"%s\" cannot be the name of an"
			    " agent: use letters, digits, . _ -", optarg);
	}
	if (argc - optind > 1)
		return 1 + complain("init: name one folder");
	if (nhosts == 0) {
		hosts[nhosts++] = "localhost";
		hosts[nhosts++] = "127.0.0.1";
	}
	if (nagents == 0)
		agents[nagents++] = "demo";
	lab.dir = argc > optind ? argv[optind] : cli_dir();
	r = init(&lab, hosts, agents);
	close_lab(&lab);
	if (r == 0)
		tell(lab.dir, agents);
	return r == 0 ? 0 : 1;
}

/* --- midlab cert --------------------------------------------------------- */

struct cert_args {
	struct cert_wish wish;
	bool self_signed, other_ca, unmapped;
};

/* An authority that nobody trusts; it leaves no file behind. */
static int
other_ca(X509 **ca, EVP_PKEY **key)
{
	struct cert_wish wish = { .name = "some other CA", .ca = true };

	*key = key_make();
	*ca = *key != NULL ? cert_make(&wish, *key, NULL, NULL) : NULL;
	return *ca != NULL ? 0 : -complain("could not make another authority");
}

static int
cert(struct lab *lab, const struct cert_args *args)
{
	X509 *ca = NULL, *cert = NULL;
	EVP_PKEY *key = NULL;
	char file[160];
	int r;

	r = read_ca(lab);
	if (r == 0 && args->other_ca)
		r = other_ca(&ca, &key);
	snprintf(file, sizeof(file), "%s%s", args->wish.server ? "" : "agents/",
	    args->wish.name);
	if (r == 0)
		r = issue(lab, file, &args->wish,
		    args->self_signed ? NULL : ca != NULL ? ca : lab->ca,
		    args->self_signed ? NULL : key != NULL ? key : lab->ca_key,
		    &cert);
	if (r == 0 && !args->wish.server && !args->unmapped) {
		r = open_db(lab);
		if (r == 0)
			r = map_user(lab, args->wish.name, agent_roles, cert);
	}
	X509_free(cert);
	X509_free(ca);
	EVP_PKEY_free(key);
	return r;
}

int
cmd_cert(int argc, char **argv)
{
	static const struct option options[] = {
		{ "expired", no_argument, NULL, 'e' },
		{ "self-signed", no_argument, NULL, 's' },
		{ "other-ca", no_argument, NULL, 'o' },
		{ "unmapped", no_argument, NULL, 'u' },
		{ "server", no_argument, NULL, 'S' },
		{ "host", required_argument, NULL, 'h' },
		{ "days", required_argument, NULL, 'd' },
		{ 0 },
	};
	const char *hosts[NAMES_MAX + 1] = { NULL };
	struct cert_args args = { 0 };
	struct lab lab = { 0 };
	size_t nhosts = 0;
	int c, r;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		args.wish.expired |= c == 'e';
		args.self_signed |= c == 's';
		args.other_ca |= c == 'o';
		args.unmapped |= c == 'u';
		args.wish.server |= c == 'S';
		if (c == 'd')
			args.wish.days = atoi(optarg);
		if (c == '?' || (c == 'h' && !list_add(hosts, &nhosts, optarg)))
			return 2;
	}
	if (argc - optind < 1 || argc - optind > 2 || !name_ok(argv[argc - 1]))
		return 1 + complain("cert: name the lab's folder and the"
		    " certificate (letters, digits, . _ -)");
	lab.dir = argc - optind == 2 ? argv[optind] : cli_dir();
	args.wish.name = argv[argc - 1];
	args.wish.client = !args.wish.server;
	if (nhosts == 0)
		hosts[0] = "localhost";
	args.wish.hosts = args.wish.server ? hosts : NULL;
	r = cert(&lab, &args);
	close_lab(&lab);
	return r == 0 ? 0 : 1;
}
