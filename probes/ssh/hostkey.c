/* SPDX-License-Identifier: Apache-2.0 */
/* hostkey - see hostkey.h. */
#include "hostkey.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "link.h"

#define BLOB_MAX 8192		/* bytes of a key */

char *
hostkey_question(struct link *l, const char *host, int port, const char **why)
{
	char type[64], *b64, *made = NULL;
	size_t len;
	const unsigned char *blob = link_key(l, type, &len);

	*why = "the server's host key can't be read";
	if (blob == NULL || len > BLOB_MAX)
		return NULL;
	*why = "out of memory";
	b64 = malloc((len + 2) / 3 * 4 + 1);
	if (b64 == NULL)
		return NULL;
	EVP_EncodeBlock((unsigned char *)b64, blob, (int)len);
	if (asprintf(&made, "%s %d %s %s", host, port, type, b64) < 0)
		made = NULL;
	free(b64);
	return made;
}
