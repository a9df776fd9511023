/* SPDX-License-Identifier: Apache-2.0 */
/* keyring: one key for all that use it at once, gone with the last of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ssh/keyring.c"

/* Keys that count themselves. */
struct key { int unused; };
static int read_so_far, alive;

int
key_read(struct key **out, const char *text, const char *passphrase, const char **why)
{
	(void)passphrase;
	*why = "no key";
	if (strcmp(text, "bad") == 0)
		return KEY_BAD;
	*out = calloc(1, sizeof(**out));
	read_so_far++;
	alive++;
	return KEY_READ;
}

void
key_free(struct key *k)
{
	free(k);
	alive--;
}

static void
many_logins_share_one_and_the_last_takes_it_away(void **state)
{
	struct keyring *r = keyring_new();
	const struct key *a, *b, *c;
	const char *why;

	(void)state;
	read_so_far = alive = 0;
	assert_int_equal(keyring_take(r, "text", "phrase", &a, &why), KEY_READ);
	assert_int_equal(keyring_take(r, "text", "phrase", &b, &why), KEY_READ);
	assert_ptr_equal(a, b);
	assert_int_equal(read_so_far, 1);
	assert_int_equal(keyring_take(r, "textphrase", NULL, &c, &why), KEY_READ);
	assert_ptr_not_equal(a, c);
	keyring_give(r, a);
	assert_int_equal(alive, 2);
	keyring_give(r, b);
	assert_int_equal(alive, 1);
	keyring_give(r, NULL);
	assert_int_equal(keyring_take(r, "text", "phrase", &a, &why), KEY_READ);
	assert_int_equal(read_so_far, 3);
	keyring_give(r, a);
	keyring_give(r, c);
	assert_int_equal(alive, 0);
	keyring_free(r);
}

static void
the_same_text_with_another_pass_phrase_is_another_key(void **state)
{
	struct keyring *r = keyring_new();
	const struct key *a, *b;
	const char *why;

	(void)state;
	assert_int_equal(keyring_take(r, "text", "right", &a, &why), KEY_READ);
	assert_int_equal(keyring_take(r, "text", "wrong", &b, &why), KEY_READ);
	assert_ptr_not_equal(a, b);
	assert_int_equal(keyring_take(r, "bad", NULL, &b, &why), KEY_BAD);
	assert_string_equal(why, "no key");
	keyring_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_logins_share_one_and_the_last_takes_it_away),
		cmocka_unit_test(the_same_text_with_another_pass_phrase_is_another_key),
	};

	return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
