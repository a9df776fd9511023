/* SPDX-License-Identifier: Apache-2.0 */
/* hostkey - see hostkey.h. */
#include "hostkey.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostcert.h"
#include "link.h"

#define BLOB_MAX 8192		/* bytes of a key */

static int
no(enum mid_class *class, enum mid_class c, char said[300], const char *why)
{
	*class = c;
	snprintf(said, 300, "%s", why);
	return -1;
}

/* "HOST PORT TYPE BASE64", the caller's; NULL: no memory. */
static char *
question(const struct hostkey_of *of, const char *type, const unsigned char *blob, size_t len)
{
	char *b64 = malloc((len + 2) / 3 * 4 + 1), *made = NULL;

	if (b64 == NULL)
		return NULL;
	EVP_EncodeBlock((unsigned char *)b64, blob, (int)len);
	if (asprintf(&made, "%s %d %s %s", of->asked_as, of->port, type, b64) < 0)
		made = NULL;
	free(b64);
	return made;
}

static int
judge_certificate(const struct mid_host *h, struct mid_run *run, const struct hostkey_of *of, const unsigned char *blob, size_t len,
    enum mid_class *class, char said[300])
{
	struct hostcert_want want = { .names = { of->name, of->address } };
	const char *answer;
	char about[300];
	int r, used = 0;

	snprintf(about, sizeof(about), "%s %d", of->asked_as, of->port);
	r = h->ask(run, "host-authorities", about, &answer);
	if (r == MID_AGAIN)
		return r;
	if (r < 0 || sscanf(answer, "ok %" SCNd64 "%n", &want.now_s, &used) != 1)
		return no(class, MID_POLICY, said, "the server shows a certificate, and no authority is trusted for it");
	want.authorities = answer + used;
	*class = MID_POLICY;
	return hostcert_judge(&want, blob, len, said);
}

#ifdef SSH_HOST_CERTIFICATES
/* A stranger in between could show a plain key that nobody knows: where an authority is trusted for the host, trust on
 * first use is none. */
static int
check_plain(const struct mid_host *h, struct mid_run *run, const struct hostkey_of *of, enum mid_class *class, char said[300])
{
	const char *answer;
	char about[300];
	int r;

	snprintf(about, sizeof(about), "%s %d", of->asked_as, of->port);
	r = h->ask(run, "host-authorities", about, &answer);
	if (r == MID_AGAIN || r < 0 || strncmp(answer, "ok ", 3) != 0)
		return r == MID_AGAIN ? r : 0;
	r = h->ask(run, "host-key-types", about, &answer);
	if (r == MID_AGAIN || (r == 0 && strncmp(answer, "known ", 6) == 0))
		return r;
	return no(class, MID_POLICY, said, "an authority is trusted for this host, and the server shows no certificate (midctl hostkeys accept takes its key)");
}
#endif

int
hostkey_judge(const struct mid_host *h, struct mid_run *run, struct link *l, const struct hostkey_of *of, enum mid_class *class,
    char said[300])
{
	const char *answer;
	char type[64], *asked;
	size_t len;
	const unsigned char *blob = link_key(l, type, &len);
	int r;

	if (blob == NULL || len > BLOB_MAX)
		return no(class, MID_TARGET, said, "the server's host key can't be read");
	if (hostcert_is(type))
		return judge_certificate(h, run, of, blob, len, class, said);
#ifdef SSH_HOST_CERTIFICATES
	r = check_plain(h, run, of, class, said);
	if (r != 0)
		return r;
#endif
	asked = question(of, type, blob, len);
	if (asked == NULL)
		return no(class, MID_INTERNAL, said, "out of memory");
	r = h->ask(run, "host-key", asked, &answer);
	free(asked);
	if (r == MID_AGAIN)
		return r;
	if (r < 0)
		return no(class, MID_INTERNAL, said, "midd does not judge host keys");
	if (strncmp(answer, "known", 5) == 0 || strncmp(answer, "learned", 7) == 0)
		return 0;
	answer += strcspn(answer, " ");
	return no(class, MID_POLICY, said, answer[0] == ' ' ? answer + 1 : "the host key is not trusted");
}
