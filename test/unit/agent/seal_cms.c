/* SPDX-License-Identifier: Apache-2.0 */
/* seal: what is sealed to the instance opens with the openssl program, and with nothing less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <openssl/cms.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "folder.h"
#include "os.h"
#include "seal/seal.h"

static char dir[40];

/* --- the openssl program ------------------------------------------------------------- */

/* Runs openssl with WORDS (separated by blanks) in our folder; its exit status. */
static int
run_openssl(const char *words)
{
	char text[600], *argv[40] = { (char *)"openssl" };
	int n = 1, status, null;
	pid_t pid;

	snprintf(text, sizeof(text), "%s", words);
	for (char *w = strtok(text, " "); w != NULL && n < 39; w = strtok(NULL, " "))
		argv[n++] = w;
	pid = fork();
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 1);
		dup2(null, 2);
		if (chdir(dir) == 0)
			execvp("openssl", argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
must(const char *words)
{
	if (run_openssl(words) != 0)
		fail_msg("openssl %s", words);
}

static void
write_here(const char *name, const void *p, size_t n)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(os_write_file(path, p, n, 0600, NULL), 0);
}

static void
read_here(struct buf *b, const char *name)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	buf_init(b, 64u << 20);
	assert_int_equal(os_read_file(b, path, NULL), 0);
}

static const char ca_conf[] =
	"[req]\ndistinguished_name=dn\n[dn]\n[v3]\nbasicConstraints=critical,CA:true\n"
	"subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

static void
certificate(const char *name, const char *kind)
{
	char words[400];

	snprintf(words, sizeof(words), "genpkey %s -out %s.key", kind, name);
	must(words);
	snprintf(words, sizeof(words), "req -new -config ca.conf -key %s.key -subj /CN=%s -out %s.csr", name, name, name);
	must(words);
	snprintf(words, sizeof(words), "x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out %s.pem", name, name);
	must(words);
	snprintf(words, sizeof(words), "%s/%s.key", dir, name);
	assert_int_equal(chmod(words, 0600), 0);
}

#define EC "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
#define RSA "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"

static int
group_setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/midd-cms-XXXXXX");
	assert_non_null(mkdtemp(dir));
	write_here("ca.conf", ca_conf, strlen(ca_conf));
	must("genpkey " EC " -out ca.key");
	must("req -x509 -new -config ca.conf -extensions v3 -key ca.key -subj /CN=ca -days 2 -out ca.pem");
	certificate("ec", EC);
	certificate("rsa", RSA);
	certificate("other", EC);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	return folder_remove(dir);
}

/* --- helpers ------------------------------------------------------------------------------ */

static int
open_seal(struct seal **s, const char *to, const char *cert, const char *key, struct err *err)
{
	char path[4][80];
	struct seal_config cfg = { SEAL_REQUIRED, path[0], path[1], path[2], path[3] };

	snprintf(path[0], sizeof(path[0]), "%s/%s.pem", dir, to);
	snprintf(path[1], sizeof(path[1]), "%s/%s.pem", dir, cert);
	snprintf(path[2], sizeof(path[2]), "%s/%s.key", dir, key);
	snprintf(path[3], sizeof(path[3]), "%s/rest.key", dir);
	return seal_open(s, &cfg, err);
}

static void
seal_to_file(const char *to, const char *from, const void *p, size_t n)
{
	struct seal *s = NULL;
	struct err err;
	struct buf b;

	assert_int_equal(open_seal(&s, to, from, from, &err), 0);
	buf_init(&b, 64u << 20);
	assert_int_equal(seal_result(s, &b, p, n, &err), 0);
	write_here("sealed", b.data, b.len);
	buf_fini(&b);
	seal_close(s);
}

/* The sealing key's envelope out of the result's, as file "key.der". */
static void
take_out_the_key(const struct buf *sealed)
{
	const unsigned char *p = (const unsigned char *)sealed->data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)sealed->len);
	ASN1_OBJECT *kind = NULL;
	ASN1_TYPE *other = NULL;

	assert_non_null(cms);
	assert_int_equal(CMS_RecipientInfo_kekri_get0_id(
	    sk_CMS_RecipientInfo_value(CMS_get0_RecipientInfos(cms), 0), NULL, NULL, NULL, &kind, &other), 1);
	assert_int_equal(OBJ_obj2nid(kind), NID_id_smime_ct_authEnvelopedData);
	assert_non_null(other);
	write_here("key.der", other->value.sequence->data, (size_t)other->value.sequence->length);
	CMS_ContentInfo_free(cms);
}

/* With the instance's key and nothing else: first the sealing key, then the result. */
static int
unseal_with_openssl(const char *to)
{
	char words[300], hex[2 * 32 + 1];
	struct buf b;
	int r;

	read_here(&b, "sealed");
	take_out_the_key(&b);
	buf_fini(&b);
	snprintf(words, sizeof(words), "cms -decrypt -inform DER -in key.der -recip %s.pem -inkey %s.key -binary -out key", to, to);
	r = run_openssl(words);
	if (r != 0)
		return r;
	read_here(&b, "key");
	assert_int_equal(b.len, 32);
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)b.data[i]);
	buf_fini(&b);
	snprintf(words, sizeof(words), "cms -decrypt -inform DER -in sealed -secretkey %s -binary -out signed", hex);
	return run_openssl(words);
}

static void
opens_with_openssl(const char *to, const char *from, const void *p, size_t n)
{
	struct buf b;

	seal_to_file(to, from, p, n);
	assert_int_equal(unseal_with_openssl(to), 0);
	must("cms -verify -inform DER -in signed -CAfile ca.pem -purpose any -binary -out opened -signer signer.pem");
	read_here(&b, "opened");
	assert_int_equal(b.len, n);
	assert_memory_equal(buf_str(&b), p, n);
	buf_fini(&b);
}

/* --- tests ---------------------------------------------------------------------------------- */

static void
opens_with_openssl_for_every_kind_of_key(void **state)
{
	static const char text[] = "line\nCRLF\r\nNUL\0 end";

	(void)state;
	opens_with_openssl("ec", "ec", text, sizeof(text));
	opens_with_openssl("ec", "rsa", text, sizeof(text));
	opens_with_openssl("rsa", "ec", text, sizeof(text));
	opens_with_openssl("rsa", "rsa", text, sizeof(text));
}

static void
opens_when_empty_and_when_large(void **state)
{
	size_t n = 30u << 20;
	char *big = calloc(1, n);

	(void)state;
	opens_with_openssl("ec", "ec", "", 0);
	for (size_t i = 0; i < n; i++)
		big[i] = (char)(i * 31);
	opens_with_openssl("ec", "ec", big, n);
	free(big);
}

static void
is_authenticated_and_uses_no_old_algorithms(void **state)
{
	struct buf b;

	(void)state;
	seal_to_file("rsa", "ec", "x", 1);
	must("cms -cmsout -print -inform DER -in sealed -out print");
	read_here(&b, "print");
	assert_non_null(strstr(b.data, "id-smime-ct-authEnvelopedData"));
	assert_non_null(strstr(b.data, "aes-256-gcm"));
	assert_non_null(strstr(b.data, "id-aes256-wrap"));
	buf_fini(&b);
	assert_int_equal(unseal_with_openssl("rsa"), 0);
	must("cms -cmsout -print -inform DER -in key.der -out print");
	read_here(&b, "print");
	assert_non_null(strstr(b.data, "id-smime-ct-authEnvelopedData"));
	assert_non_null(strstr(b.data, "aes-256-gcm"));
	assert_non_null(strstr(b.data, "rsaesOaep"));
	assert_null(strstr(b.data, "sha1"));
	buf_fini(&b);
	seal_to_file("ec", "ec", "x", 1);
	assert_int_equal(unseal_with_openssl("ec"), 0);
	must("cms -cmsout -print -inform DER -in key.der -out print");
	read_here(&b, "print");
	assert_non_null(strstr(b.data, "dhSinglePass-stdDH-sha256kdf-scheme"));
	assert_null(strstr(b.data, "sha1"));
	buf_fini(&b);
}

static void
does_not_open_for_another_key_nor_when_a_byte_is_changed(void **state)
{
	struct buf b;

	(void)state;
	seal_to_file("ec", "ec", "secret text", 11);
	assert_int_not_equal(unseal_with_openssl("other"), 0);
	read_here(&b, "sealed");
	assert_null(memmem(b.data, b.len, "secret text", 11));
	b.data[b.len - 40] ^= 1;
	write_here("sealed", b.data, b.len);
	buf_fini(&b);
	assert_int_not_equal(unseal_with_openssl("ec"), 0);
}

static void
results_share_a_sealing_key_and_no_content_key(void **state)
{
	struct seal *s = NULL;
	struct err err;
	struct buf a, b, first;

	(void)state;
	assert_int_equal(open_seal(&s, "ec", "ec", "ec", &err), 0);
	buf_init(&a, 1 << 20);
	buf_init(&b, 1 << 20);
	assert_int_equal(seal_result(s, &a, "same", 4, &err), 0);
	assert_int_equal(seal_result(s, &b, "same", 4, &err), 0);
	take_out_the_key(&a);
	read_here(&first, "key.der");
	assert_non_null(memmem(b.data, b.len, first.data, first.len));
	assert_memory_not_equal(a.data + a.len - 64, b.data + b.len - 64, 64);
	buf_fini(&first);
	buf_fini(&a);
	buf_fini(&b);
	seal_close(s);
}

static void
refuses_a_key_that_is_not_the_certificates(void **state)
{
	struct seal *s = NULL;
	struct err err;

	(void)state;
	assert_int_equal(open_seal(&s, "ec", "ec", "other", &err), -E_BAD);
	assert_non_null(strstr(err.text, "does not belong"));
	assert_non_null(strstr(err.text, "other.key"));
	assert_null(s);
}

static void
says_which_file_is_missing_or_no_certificate(void **state)
{
	struct seal *s = NULL;
	struct err err;

	(void)state;
	assert_int_equal(open_seal(&s, "absent", "ec", "ec", &err), -E_NONE);
	assert_non_null(strstr(err.text, "absent.pem"));
	write_here("junk.pem", "junk", 4);
	assert_int_equal(open_seal(&s, "junk", "ec", "ec", &err), -E_BAD);
	assert_non_null(strstr(err.text, "junk.pem"));
}

/* What the openssl program has sealed to TO, with the keys of NAMES (NULL-ended), the first in force. */
static int
opens_with(const char *to, const char *const *names, struct err *err)
{
	char paths[4][80], *keys[4], words[200];
	struct buf sealed, plain;
	size_t n = 0;
	int r;

	write_here("plain", "canary", 6);
	snprintf(words, sizeof(words), "cms -encrypt -binary -aes-256-gcm -in plain -outform DER -out ours %s.pem", to);
	must(words);
	for (; names[n] != NULL; n++) {
		snprintf(paths[n], sizeof(paths[n]), "%s/%s.key", dir, names[n]);
		keys[n] = paths[n];
	}
	read_here(&sealed, "ours");
	buf_init(&plain, 1000);
	r = seal_open_ours(keys, n, &plain, sealed.data, sealed.len, err);
	if (r == 0)
		assert_string_equal(buf_str(&plain), "canary");
	buf_fini(&sealed);
	buf_fini(&plain);
	return r;
}

static void
opens_with_any_key_of_ours(void **state)
{
	static const char *const now[] = { "ec", "rsa", "absent", NULL }, *const other[] = { "other", "rsa", NULL }, *const none[] = { NULL },
	    *const lost[] = { "absent", "ec", NULL };
	struct err err = { 0, "" };

	(void)state;
	assert_int_equal(opens_with("ec", now, &err), 0);
	assert_int_equal(opens_with("rsa", now, &err), 0);
	assert_int_equal(opens_with("ec", other, &err), -E_DAMAGED);
	assert_non_null(strstr(err.text, "not sealed to our certificate"));
	assert_int_equal(opens_with("ec", none, &err), -E_NONE);
	assert_int_equal(opens_with("ec", lost, &err), -E_NONE);
	assert_non_null(strstr(err.text, "absent.key"));
}

static void
signs_with_the_pair_it_was_told_last(void **state)
{
	static const char *const names[] = { "other", "rsa" };
	struct seal *s = NULL;
	char cert[80], key[80];
	struct err err;
	struct buf b;
	size_t i;

	(void)state;
	assert_int_equal(open_seal(&s, "ec", "ec", "ec", &err), 0);
	for (i = 0; i < 2; i++) {
		snprintf(cert, sizeof(cert), "%s/%s.pem", dir, names[i]);
		snprintf(key, sizeof(key), "%s/%s.key", dir, names[i]);
		assert_int_equal(seal_change_ours(s, cert, key, &err), 0);
		/* One that does not fit changes nothing. */
		assert_int_equal(seal_change_ours(s, cert, "/none", &err), -E_NONE);
		buf_init(&b, 1 << 20);
		assert_int_equal(seal_result(s, &b, "x", 1, &err), 0);
		write_here("sealed", b.data, b.len);
		buf_fini(&b);
		assert_int_equal(unseal_with_openssl("ec"), 0);
		must("cms -verify -inform DER -in signed -CAfile ca.pem -purpose any -binary -out opened -signer signer.pem");
		must("x509 -in signer.pem -noout -subject -out subject");
		read_here(&b, "subject");
		assert_non_null(strstr(buf_str(&b), names[i]));
		buf_fini(&b);
	}
	seal_close(s);
}

static void *
seal_many(void *arg)
{
	struct err err;
	struct buf b, back;

	buf_init(&b, 1 << 20);
	buf_init(&back, 1 << 20);
	for (int i = 0; i < 50; i++) {
		buf_clear(&b);
		if (seal_result(arg, &b, "parallel", 8, &err) != 0)
			return arg;
		buf_clear(&b);
		buf_clear(&back);
		if (seal_rest(arg, &b, "a", "parallel", 8, &err) != 0
		    || unseal_rest(arg, &back, "a", b.data, b.len, &err) != 0 || memcmp(back.data, "parallel", 8) != 0)
			return arg;
	}
	buf_fini(&b);
	buf_fini(&back);
	return NULL;
}

static void
may_be_used_by_many_threads_at_once(void **state)
{
	struct seal *s = NULL;
	struct err err;
	char path[2][80];
	pthread_t t[4];
	void *r;

	(void)state;
	assert_int_equal(open_seal(&s, "ec", "ec", "ec", &err), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&t[i], NULL, seal_many, s), 0);
	for (int i = 0; i < 50; i++) {
		snprintf(path[0], sizeof(path[0]), "%s/%s.pem", dir, i % 2 ? "ec" : "other");
		snprintf(path[1], sizeof(path[1]), "%s/%s.key", dir, i % 2 ? "ec" : "other");
		assert_int_equal(seal_change_ours(s, path[0], path[1], &err), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], &r);
		assert_null(r);
	}
	seal_close(s);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(opens_with_openssl_for_every_kind_of_key),
	cmocka_unit_test(opens_when_empty_and_when_large),
	cmocka_unit_test(is_authenticated_and_uses_no_old_algorithms),
	cmocka_unit_test(does_not_open_for_another_key_nor_when_a_byte_is_changed),
	cmocka_unit_test(results_share_a_sealing_key_and_no_content_key),
	cmocka_unit_test(opens_with_any_key_of_ours),
	cmocka_unit_test(signs_with_the_pair_it_was_told_last),
	cmocka_unit_test(refuses_a_key_that_is_not_the_certificates),
	cmocka_unit_test(says_which_file_is_missing_or_no_certificate),
	cmocka_unit_test(may_be_used_by_many_threads_at_once),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
