/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan hears: the first byte chooses who has said it, the rest is what was said. */
#include <openssl/x509.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/asks.h"
#include "scan/cert.h"
#include "scan/found.h"
#include "scan/page.h"
#include "scan/udp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const udp[] = { "snmp", "dns", "nbt", "ntp", "slp", "ipmi", "wsd", "mdns" };
	const unsigned char *der = data + 1;
	struct found f;
	unsigned who;
	X509 *x;

	if (size == 0 || found_init(&f, 1, 1) < 0)
		return 0;
	who = data[0] % 10;
	if (who < 8) {	/* a cookie of zeros, so that the fuzzer need not guess one */
		(void)udp_read(udp[who], 0, data + 1, size - 1, &f, 0, 0);
	} else if (who == 8) {
		(void)page_is_enough((const char *)data + 1, size - 1);
		page_tell((const char *)data + 1, size - 1, &f, 0, 0);
	} else {
		x = d2i_X509(NULL, &der, (long)size - 1);
		if (x != NULL)
			cert_tell(x, true, &f, 0, 0, 0);
		X509_free(x);
	}
	found_sort(&f);
	found_fini(&f);
	return 0;
}
