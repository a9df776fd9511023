/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab init - a new lab in a folder: authority, certificates, keys, users
 * and tables.
 */
#include <errno.h>
#include <getopt.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "certs.h"
#include "cli.h"
#include "db.h"
#include "files.h"
#include "issue.h"
#include "password.h"
#include "schema.h"

static const char *const admin_roles[] = { "admin", NULL };

static int
make_dir(const char *dir)
{
	if (mkdir(dir, 0755) == 0 || errno == EEXIST)
		return 0;
	return -complain("cannot make the folder %s: %s", dir, strerror(errno));
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
	r = lab_issue(lab, file, &wish, lab->ca, lab->ca_key, &cert);
	if (r < 0)
		return r;
	r = lab_map_user(lab, name, roles, cert, false);
	X509_free(cert);
	return r;
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

	r = lab_issue(lab, "ca", &ca, NULL, NULL, NULL);
	if (r == 0)
		r = lab_read_ca(lab);
	if (r == 0)
		r = lab_issue(lab, "server", &server, lab->ca, lab->ca_key, NULL);
	if (r == 0)
		r = lab_issue(lab, "seal", &seal, lab->ca, lab->ca_key, NULL);
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
		r = issue_client(lab, *agents, lab_agent_roles);
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
		r = lab_open_db(lab);
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
		if (c == 'h' ? !lab_name_add(hosts, &nhosts, optarg) :
		    c != 'a' || !lab_name_add(agents, &nagents, optarg))
			return 2;
		if (c == 'a' && !lab_name_ok(optarg))
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
	lab_close(&lab);
	if (r == 0)
		tell(lab.dir, agents);
	return r == 0 ? 0 : 1;
}
