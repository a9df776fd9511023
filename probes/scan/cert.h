/* SPDX-License-Identifier: Apache-2.0 */
/* cert - what a certificate says (RFC 5280), as text. Names of fields: cmdb_ci_certificate (spec 15.3). */
#ifndef MID_SCAN_CERT_H
#define MID_SCAN_CERT_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

struct found;

/* The I-th field's name; NULL behind the last. Index of those that others use: */
enum { CERT_COMMON_NAME, CERT_SUBJECT, CERT_ISSUER, CERT_SERIAL, CERT_FROM, CERT_TO, CERT_FINGERPRINT };
const char *cert_field(unsigned i);
/* ORIGINAL: with the certificate itself, as PEM. */
void cert_tell(X509 *x, bool original, struct found *f, uint32_t host, unsigned ask, unsigned depth);

#endif
