/* SPDX-License-Identifier: Apache-2.0 */
/* policy: the instance's own addresses are no targets, also when names cannot be looked up for a while. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "loop.h"
#include "policy/address.h"
#include "policy/policy.h"

/* --- the system's names: all have this address, or nobody can tell ------------------ */

static const char *known = "";
static struct sockaddr_in four;
static struct addrinfo one;

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	(void)name, (void)service, (void)hints;
	if (known[0] == '\0')
		return EAI_AGAIN;
	four = (struct sockaddr_in){ .sin_family = AF_INET };
	inet_pton(AF_INET, known, &four.sin_addr);
	one = (struct addrinfo){ .ai_family = AF_INET, .ai_addr = (struct sockaddr *)&four, .ai_addrlen = sizeof(four) };
	*out = &one;
	return 0;
}

void
freeaddrinfo(struct addrinfo *list)
{
	(void)list;
}

/* --- a policy on a loop ----------------------------------------------------------------- */

static struct loop *loop;
static struct policy *policy;
static struct policy_config cfg = { .allow = "", .deny = "", .rules_file = "", .learned_file = "", .instance_url = "https://x.example.com" };
static char said[ERR_TEXT_MAX + 40];
static int result;
static bool answered;

static void
found(void *arg, int r, const char *address, const struct err *err)
{
	(void)arg;
	result = r;
	strcpy(said, r == 0 ? address : err->text);
	answered = true;
}

static int
look_up(const char *name)
{
	answered = false;
	policy_resolve(policy, name, found, NULL);
	while (!answered)
		loop_turn(loop, true);
	return result;
}

static int
setup(void **state)
{
	struct err err;

	(void)state;
	return loop_open(&loop, &err) < 0 || policy_open(&policy, loop, &cfg, &err) < 0 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	policy_closing(policy);
	loop_finish(loop);
	policy_close(policy);
	loop_close(loop);
	known = "";
	return 0;
}

static bool
is_target(const char *address)
{
	struct address a;
	struct err err;

	assert_int_equal(address_parse(&a, address), 0);
	return policy_address(policy, &a, &err) == 0;
}

static void
the_instance_is_learned_later_when_no_name_is_known_at_the_start(void **state)
{
	(void)state;
	assert_int_equal(look_up("web1"), -E_NONE);
	known = "192.0.2.7";
	assert_int_equal(look_up("x.example.com"), -E_AUTH);	/* by its name, before it is learned */
	assert_non_null(strstr(said, "the instance itself"));
	while (is_target("192.0.2.7"))
		look_up("web1");
	known = "192.0.2.8";
	assert_int_equal(look_up("web1"), 0);
	assert_string_equal(said, "192.0.2.8");
}

static void
what_is_known_of_it_stays_when_names_fail(void **state)
{
	struct err err;

	(void)state;
	known = "192.0.2.7";
	while (is_target("192.0.2.7"))
		look_up("web1");
	known = "";
	assert_int_equal(policy_reconfigure(policy, &cfg, &err), 0);
	assert_int_equal(look_up("web1"), -E_NONE);
	assert_false(is_target("192.0.2.7"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_instance_is_learned_later_when_no_name_is_known_at_the_start, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_known_of_it_stays_when_names_fail, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
