/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab cert - one more certificate in a lab, a wrong one for tests too.
 */
#include <getopt.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"
#include "cli.h"
#include "files.h"
#include "issue.h"

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

	r = lab_read_ca(lab);
	if (r == 0 && args->other_ca)
		r = other_ca(&ca, &key);
	snprintf(file, sizeof(file), "%s%s", args->wish.server ? "" : "agents/",
	    args->wish.name);
	if (r == 0)
		r = lab_issue(lab, file, &args->wish,
		    args->self_signed ? NULL : ca != NULL ? ca : lab->ca,
		    args->self_signed ? NULL : key != NULL ? key : lab->ca_key,
		    &cert);
	if (r == 0 && !args->wish.server && !args->unmapped) {
		r = lab_open_db(lab);
		if (r == 0)
			r = lab_map_user(lab, args->wish.name, lab_agent_roles, cert, false);
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
		{ "seconds", required_argument, NULL, 'z' },
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
		if (c == 'z')
			args.wish.seconds = atoi(optarg);
		if (c == '?' || (c == 'h' && !lab_name_add(hosts, &nhosts, optarg)))
			return 2;
	}
	if (argc - optind < 1 || argc - optind > 2 || !lab_name_ok(argv[argc - 1]))
		return 1 + complain("cert: name the lab's folder and the"
		    " certificate (letters, digits, . _ -)");
	lab.dir = argc - optind == 2 ? argv[optind] : cli_dir();
	args.wish.name = argv[argc - 1];
	args.wish.client = !args.wish.server;
	if (nhosts == 0)
		hosts[0] = "localhost";
	args.wish.hosts = args.wish.server ? hosts : NULL;
	r = cert(&lab, &args);
	lab_close(&lab);
	return r == 0 ? 0 : 1;
}
