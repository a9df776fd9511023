/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private key's text as somebody gave it to a credential; the first byte says whether what comes is the
 * text or the bytes inside OpenSSH's envelope, which no fuzzer would write in base64; and whether
 * there is a pass phrase.
 */
#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ssh/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
text_of(const uint8_t *data, size_t size)
{
	static const char begin[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n", end[] = "\n-----END OPENSSH PRIVATE KEY-----\n";
	char *text = malloc(sizeof(begin) + sizeof(end) + size * 2 + 8);

	if (data[0] & 1) {
		strcpy(text, begin);
		EVP_EncodeBlock((unsigned char *)text + strlen(text), data + 1, (int)size - 1);
		strcat(text, end);
	} else {
		memcpy(text, data + 1, size - 1);
		text[size - 1] = '\0';
	}
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *sig = NULL;
	const char *why;
	struct key *k;
	size_t n;
	char *text;

	if (size == 0 || size > 8192)
		return 0;
	text = text_of(data, size);
	if (key_read(&k, text, data[0] & 2 ? "x" : NULL, &why) == KEY_READ) {
		if (key_sign(k, true, data, size, &sig, &n) == 0)
			free(sig);
		key_free(k);
	}
	free(text);
	return 0;
}
