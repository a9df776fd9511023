/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poller - the least that could stand in midd's place at rest: libcurl and
 * OpenSSL, one GET every 15 s over a kept connection with a client certificate.
 * The floor for `make bench ONLY=rest`.
 *
 *   poller URL CA CERT KEY
 */
#include <curl/curl.h>
#include <stdio.h>
#include <unistd.h>

static size_t
swallow(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

int
main(int argc, char **argv)
{
	CURL *c;

	if (argc != 5 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (c = curl_easy_init()) == NULL)
		return 2;
	curl_easy_setopt(c, CURLOPT_URL, argv[1]);
	curl_easy_setopt(c, CURLOPT_CAINFO, argv[2]);
	curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(c, CURLOPT_SSLCERT, argv[3]);
	curl_easy_setopt(c, CURLOPT_SSLKEY, argv[4]);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, swallow);
	for (;;) {
		if (curl_easy_perform(c) != CURLE_OK)
			return 1;
		puts("asked");
		fflush(stdout);
		sleep(15);
	}
}
