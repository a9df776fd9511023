/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enroll_token - a new key in a PKCS#11 token, made by the token: P-256, to sign
 * and to agree on keys (what is sealed to us), never to leave it. Whose modules
 * there are, p11-kit knows; OpenSSL's engine can use a key, but make none.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "enroll.h"
#include "err.h"
#include "key.h"
#include "secret.h"

#ifdef WITH_P11KIT
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#define SLOTS_MAX 64

static const struct { CK_RV code; const char *words; } words[] = {
	{ CKR_PIN_INCORRECT, "the PIN is wrong" }, { CKR_PIN_LOCKED, "the PIN is locked" },
	{ CKR_PIN_LEN_RANGE, "the PIN has a wrong length" }, { CKR_TOKEN_WRITE_PROTECTED, "it is write-protected" },
	{ CKR_USER_PIN_NOT_INITIALIZED, "it has no PIN yet" }, { CKR_MECHANISM_INVALID, "it makes no keys for elliptic curves" },
	{ CKR_DEVICE_MEMORY, "it is full" },
};

static int
refused(CK_RV rv, const char *what, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].code == rv)
			return err_set(err, i < 3 ? E_AUTH : E_PEER, "the token: %s: %s", what, words[i].words);
	return err_set(err, E_PEER, "the token: %s: error 0x%lx of PKCS#11", what, (unsigned long)rv);
}

/* In the first module and slot with a token that URI means. NULL: none. */
static CK_FUNCTION_LIST *
find_token(CK_FUNCTION_LIST **modules, P11KitUri *uri, CK_SLOT_ID *slot)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_TOKEN_INFO info;
	CK_ULONG n, i;

	for (; modules != NULL && *modules != NULL; modules++) {
		n = SLOTS_MAX;
		if ((*modules)->C_GetSlotList(CK_TRUE, slots, &n) != CKR_OK)
			continue;
		for (i = 0; i < n; i++)
			if ((*modules)->C_GetTokenInfo(slots[i], &info) == CKR_OK && (info.flags & CKF_TOKEN_INITIALIZED) &&
			    p11_kit_uri_match_token_info(uri, &info) == 1) {
				*slot = slots[i];
				return *modules;
			}
	}
	return NULL;
}

static int
make_pair(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE s, const CK_ATTRIBUTE *label, struct err *err)
{
	static unsigned char p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
	CK_MECHANISM how = { CKM_EC_KEY_PAIR_GEN, NULL, 0 };
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE pub[] = {
		{ CKA_EC_PARAMS, p256, sizeof(p256) }, { CKA_TOKEN, &yes, sizeof(yes) }, { CKA_VERIFY, &yes, sizeof(yes) },
		{ CKA_LABEL, label->pValue, label->ulValueLen }, { CKA_ID, label->pValue, label->ulValueLen },
	}, priv[] = {
		{ CKA_TOKEN, &yes, sizeof(yes) }, { CKA_PRIVATE, &yes, sizeof(yes) }, { CKA_SENSITIVE, &yes, sizeof(yes) },
		{ CKA_EXTRACTABLE, &no, sizeof(no) }, { CKA_SIGN, &yes, sizeof(yes) }, { CKA_DERIVE, &yes, sizeof(yes) },
		{ CKA_LABEL, label->pValue, label->ulValueLen }, { CKA_ID, label->pValue, label->ulValueLen },
	};
	CK_OBJECT_HANDLE a, b;
	CK_RV rv = m->C_GenerateKeyPair(s, &how, pub, sizeof(pub) / sizeof(pub[0]), priv, sizeof(priv) / sizeof(priv[0]), &a, &b);

	return rv == CKR_OK ? 0 : refused(rv, "a new key", err);
}

static int
make_in(CK_FUNCTION_LIST *m, CK_SLOT_ID slot, const CK_ATTRIBUTE *label, const struct secret *pin, struct err *err)
{
	CK_SESSION_HANDLE s;
	CK_RV rv = m->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s);
	int r;

	if (rv != CKR_OK)
		return refused(rv, "a session", err);
	rv = pin->len > 0 ? m->C_Login(s, CKU_USER, pin->data, pin->len) : CKR_OK;
	r = rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN ? make_pair(m, s, label, err) : refused(rv, "the login", err);
	(void)m->C_CloseSession(s);
	return r;
}

static int
make(const char *bare, const struct secret *pin, struct err *err)
{
	P11KitUri *uri = p11_kit_uri_new();
	CK_FUNCTION_LIST **modules = NULL, *m;
	const CK_ATTRIBUTE *label;
	CK_SLOT_ID slot;
	int r = p11_kit_uri_parse(bare, P11_KIT_URI_FOR_OBJECT_ON_TOKEN, uri);

	if (r != P11_KIT_URI_OK) {
		r = err_set(err, E_BAD, "\"%.160s\": %s", bare, p11_kit_uri_message(r));
	} else if ((label = p11_kit_uri_get_attribute(uri, CKA_LABEL)) == NULL) {
		r = err_set(err, E_BAD, "\"%.160s\" does not say how the key is called: ;object=NAME", bare);
	} else {
		modules = p11_kit_modules_load_and_initialize(0);
		m = find_token(modules, uri, &slot);
		r = m != NULL ? make_in(m, slot, label, pin, err) : err_set(err, E_NONE, "no token here is the one that %.160s means "
		    "(p11tool --list-tokens shows them)", bare);
	}
	if (modules != NULL)
		p11_kit_modules_finalize_and_release(modules);
	p11_kit_uri_free(uri);
	return r;
}
#else
static int
make(const char *bare, const struct secret *pin, struct err *err)
{
	(void)pin;
	return err_set(err, E_NONE, "there is no key %.160s, and this midctl makes none in tokens: make it with the token's own "
	    "program (P-256, to sign and to derive), and begin anew", bare);
}
#endif

int
enrol_token_make(const char *uri, struct err *err)
{
	struct secret pin;
	char *bare;
	int r = key_uri_pin(uri, &bare, &pin, err);

	if (r < 0)
		return r;
	r = make(bare, &pin, err);
	secret_fini(&pin);
	free(bare);
	return r;
}
