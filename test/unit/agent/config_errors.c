/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator is told when midd.yaml is wrong: where, what, and what to write instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/read.h"
#include "err.h"
#include "json.h"

#define GOOD "instance:\n  url: https://acme.example.com\n  cert: c.pem\n  key: k.pem\n"

static char dir[] = "/tmp/midd-config-XXXXXX";
static char file[64], dropin_dir[64], dropin[80], second[80];

static void
write_text(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static int
begin(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(file, sizeof(file), "%s/midd.yaml", dir);
	snprintf(dropin_dir, sizeof(dropin_dir), "%s/midd.d", dir);
	snprintf(dropin, sizeof(dropin), "%s/10-a.yaml", dropin_dir);
	snprintf(second, sizeof(second), "%s/20-b.yaml", dropin_dir);
	return mkdir(dropin_dir, 0700);
}

static int
end(void **state)
{
	(void)state;
	unlink(file);
	rmdir(dropin_dir);
	return rmdir(dir);
}

static struct config *
load(const char *text, struct err *err)
{
	struct config *c = NULL;

	memset(err, 0, sizeof(*err));
	write_text(file, text, strlen(text));
	if (config_load(&c, file, err) < 0)
		assert_null(c);
	return c;
}

static const struct bad {
	const char *text;
	int line;		/* 0: the sentence names the file alone */
	const char *says;
} bads[] = {
	{ "poll:\n  min: 15x\n", 2, "poll.min: \"15x\" is not a duration: write for example 15s or 2m" },
	{ "poll:\n  min: 15\n", 2, "poll.min: \"15\" is not a duration: write for example 15s or 2m" },
	{ "poll:\n  min: -1s\n", 2, "poll.min: \"-1s\" is not a duration: write for example 15s or 2m" },
	{ "poll:\n  min: 99999999999999999999s\n", 2,
	  "poll.min: \"99999999999999999999s\" is not a duration: write for example 15s or 2m" },
	{ "poll:\n  min: 9223372036854775807d\n", 2,
	  "poll.min: \"9223372036854775807d\" is not a duration: write for example 15s or 2m" },
	{ "poll:\n  min: 2h\n", 2, "poll.min: \"2h\" is out of range: write 100ms to 1h" },
	{ "poll:\n  batch: many\n", 2, "poll.batch: \"many\" is not a whole number: write for example 25" },
	{ "poll:\n  batch: 0\n", 2, "poll.batch: \"0\" is out of range: write 1 to 1000" },
	{ "poll:\n  batch: 1.5\n", 2, "poll.batch: \"1.5\" is not a whole number: write for example 25" },
	{ "results:\n  spool_max: 2 gigs\n", 2,
	  "results.spool_max: \"2 gigs\" is not a size: write for example 500 MB or 2 GB" },
	{ "results:\n  page: 1 B\n", 2, "results.page: \"1 B\" is out of range: write 16 kB to 16 MB" },
	{ "cmdb:\n  ire: maybe\n", 2, "cmdb.ire: \"maybe\" is neither true nor false: write one of them" },
	{ "seal:\n  mode: none\n", 2, "seal.mode: \"none\" is none of: required at-rest off" },
	{ "log:\n  level: at\n", 2, "log.level: \"at\" is none of: error warn info debug" },
	{ "instance:\n  url: http://acme.example.com\n", 2, "instance.url: \"http://acme.example.com\" does not begin with "
	  "https://: write for example https://acme.example.com" },
	{ "instance:\n  url: https://\n", 2, "instance.url: \"https://\" names no host" },
	{ "instance:\n  url: https://u:p@acme\n", 2, "instance.url: \"https://u:p@acme\" holds a blank, a quote or a user: "
	  "write only scheme, host and port" },
	{ "instance:\n  url: https://acme.example.com/navpage.do\n  cert: c\n  key: k\n", 2, "instance.url: has a path: write the instance's "
	  "address alone, such as https://acme.example.com" },
	{ "instance:\n  proxy: ftp://p\n", 2, "instance.proxy: \"ftp://p\" does not begin with http://, https:// or socks5://: "
	  "write for example http://proxy.example.com:3128" },
	{ "trace:\n  otlp: grpc://c:4317\n", 2, "trace.otlp: \"grpc://c:4317\" does not begin with http:// or https://: " },
	{ GOOD "trace:\n  otlp: http://collector:4318\n", 6, "trace.otlp: is not encrypted and leads to another host: "
	  "write https://..., or a port of this host, such as http://127.0.0.1:4318" },
	{ "\n\npoll:\n  mni: 1s\n", 4, "poll.mni is no option; did you mean poll.min?" },
	{ "poll:\n  Min: 1s\n", 2, "poll.Min is no option; did you mean poll.min?" },
	{ "nmae: x\n", 1, "nmae is no option; did you mean name?" },
	{ "zzzzzzzzzz: x\n", 1, "zzzzzzzzzz is no option; midd.yaml(5) lists them all" },
	{ "polling:\n  min: 1s\n", 1, "polling is no section; there are instance, cert, seal, poll, jobs, results, workers, "
	  "creds, ssh, snmp, policy, discovery, cmdb, paths, log, metrics, trace, report" },
	{ "poll:\n  min:\n", 2, "poll.min: has no value: write one, or \"\" for none, or take the line out" },
	{ "poll: 3\n", 1, "poll: is a section: its options go below it, indented" },
	{ "name:\n  min: 1\n", 2, "name: takes one value, not further options" },
	{ "poll:\n  min: [1s, 2s]\n", 2, "poll.min: takes one value, not a list" },
	{ "instance:\n  key: \"credential:\"\n", 2, "instance.key: \"credential:\" names no credential: write credential:NAME" },
	{ "instance:\n  key: credential:a/b\n", 2, "instance.key: \"credential:a/b\" names no credential" },
	{ "- poll\n", 1, "expected option: value, not a list" },
	{ "just words\n", 1, "expected option: value" },
	{ "poll:\n  min: 1s\n  max: 2s\n  min: 3s\n", 4, "poll.min is there twice, first in line 2: take one out" },
	{ "poll:\n  min: 1s\nname: x\npoll:\n  max: 2s\n", 4, "poll is there twice, first in line 1: take one out" },
	{ "name: &a x\n", 1, "name: anchors (&name) are not understood here" },
	{ "name: *a\n", 1, "name: aliases (*name) are not understood here" },
	{ "name: !!str x\n", 1, "name: tags (!name) are not understood here" },
	{ "poll: &p\n  min: 1s\n", 1, "poll: anchors (&name) are not understood here" },
	{ "name: x\n---\nname: y\n", 2, "a second document begins (---): only one is read" },
	{ "? {a: b}\n: c\n", 1, "a mapping cannot be a key" },
	{ "poll:\n\tmin: 1s\n", 2, "not YAML: found character that cannot start any token (a tab? indent with blanks)" },
	{ "name: \"x\n", 1, "not YAML: the quotes opened here are never closed" },
	{ "name: \"x\\u0007y\"\n", 1, "name: it holds a control character" },
	{ "name: \"x\\0y\"\n", 1, "name: the value holds a NUL" },
	{ "seal:\n  mode: required\n", 2, "seal.mode: \"required\" needs seal.instance_cert, "
	  "the certificate results are sealed to" },
	{ GOOD "  proxy_login: ntlm\n", 5, "instance.proxy_login: \"ntlm\" needs instance.proxy_user (DOMAIN\\user) and its password" },
	{ GOOD "  proxy_keytab: /k\n", 5, "instance.proxy_keytab: is for instance.proxy_login: negotiate" },
	{ "poll:\n  min: 10s\n  max: 5s\n", 2, "poll.min: is longer than poll.max" },
	{ "name: a^b\n", 1, "name: is empty or holds one of ^ , = @ \" < > &" },
};

static void
names_file_and_line_and_what_to_write(void **state)
{
	char want[600], text[400];
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		/* The rules between options are judged once each of them can stand alone. */
		snprintf(text, sizeof(text), "%s%s", bads[i].text, strstr(bads[i].text, "instance:") ||
		    strstr(bads[i].text, "words") || bads[i].text[0] == '-' ? "" : GOOD);
		snprintf(want, sizeof(want), "%s:%d: %s", file, bads[i].line, bads[i].says);
		assert_null(load(text, &err));
		if (strncmp(err.text, want, strlen(want)) != 0)
			fail_msg("for:\n%s\nwanted %s\n   got %s", bads[i].text, want, err.text);
		assert_int_equal(err.code, E_BAD);
	}
}

static void
says_what_must_be_set(void **state)
{
	char want[200];
	struct err err;

	(void)state;
	assert_null(load("# nothing\n", &err));
	snprintf(want, sizeof(want),
	    "%s: instance.url: is not set: write the instance's address, such as https://acme.example.com", file);
	assert_string_equal(err.text, want);
	assert_null(load("instance:\n  url: https://a\n", &err));
	assert_non_null(strstr(err.text, "no way to log in"));
	assert_null(load("instance:\n  url: https://a\n  cert: c\n", &err));
	snprintf(want, sizeof(want), "%s:3: instance.cert: needs instance.key, the private key of this certificate", file);
	assert_string_equal(err.text, want);
}

static void
refuses_a_file_that_is_too_large_or_not_there(void **state)
{
	struct config *c = NULL;
	struct err err = { 0, "" };
	char *big = malloc(CONFIG_FILE_MAX + 10);

	(void)state;
	assert_non_null(big);
	memset(big, '\n', CONFIG_FILE_MAX + 10);
	write_text(file, big, CONFIG_FILE_MAX + 10);
	free(big);
	assert_int_equal(config_load(&c, file, &err), -E_FULL);
	assert_non_null(strstr(err.text, file));
	unlink(file);
	assert_true(config_load(&c, file, &err) < 0);
	assert_non_null(strstr(err.text, file));
	assert_null(c);
}

static void
a_drop_in_wins_and_is_remembered(void **state)
{
	struct config *c;
	struct err err;
	struct json_object *list, *row;
	char want[100];
	size_t i, found = 0;

	(void)state;
	write_text(dropin, "poll:\n  min: 2s\n  max: 3s\n", 26);
	write_text(second, "# b\npoll:\n  max: 4s\n", 20);
	c = load(GOOD "poll:\n  min: 7s\n  batch: 5\n", &err);
	unlink(dropin);
	unlink(second);
	assert_non_null(c);
	assert_int_equal(c->poll.min_ms, 2000);
	assert_int_equal(c->poll.max_ms, 4000);
	assert_int_equal(c->poll.batch, 5);
	list = config_show(c);
	snprintf(want, sizeof(want), "%s:3", second);
	for (i = 0; i < json_object_array_length(list); i++) {
		row = json_object_array_get_idx(list, i);
		if (strcmp(json_str(row, "option", ""), "poll.max") == 0) {
			found++;
			assert_string_equal(json_str(row, "value", ""), "4s");
			assert_string_equal(json_str(row, "default", ""), "5s");
			assert_string_equal(json_str(row, "origin", ""), want);
		} else if (strcmp(json_str(row, "option", ""), "log.level") == 0) {
			found++;
			assert_string_equal(json_str(row, "origin", ""), "default");
		}
	}
	assert_int_equal(found, 2);
	json_object_put(list);
	config_free(c);
}

static void
a_wrong_drop_in_is_named_itself(void **state)
{
	struct err err;
	char want[200];

	(void)state;
	write_text(dropin, "poll:\n  min: soon\n", 18);
	assert_null(load(GOOD, &err));
	unlink(dropin);
	snprintf(want, sizeof(want), "%s:2: poll.min: \"soon\" is not a duration: write for example 15s or 2m", dropin);
	assert_string_equal(err.text, want);

	/* One that would be overlooked for its name. */
	snprintf(dropin, sizeof(dropin), "%s/10-a.yml", dropin_dir);
	write_text(dropin, "poll:\n  min: 2s\n", 16);
	assert_null(load(GOOD, &err));
	unlink(dropin);
	snprintf(want, sizeof(want), "%s: only files called NAME.yaml are read here: name it so, or take it away", dropin);
	assert_string_equal(err.text, want);
	snprintf(dropin, sizeof(dropin), "%s/10-a.yaml", dropin_dir);
	assert_int_equal(mkdir(dropin, 0700), 0);
	assert_null(load(GOOD, &err));
	rmdir(dropin);
	snprintf(want, sizeof(want), "read %s: Is a directory: midd must be able to read it, as the user it runs as", dropin);
	assert_string_equal(err.text, want);
}

static void
takes_what_one_would_write(void **state)
{
	struct config *c;
	struct err err;
	char want[100];

	(void)state;
	c = load("name: web\n" GOOD "results:\n  spool_max: 2 GB\n  page: 64KiB\n  max: \"1 MB\"\ncmdb:\n  ire: no\n"
	    "workers:\n  probes: a:/b:c\npoll: {min: 500ms, max: 1h}\nlog:\n", &err);
	if (c == NULL)
		fail_msg("%s", err.text);
	assert_string_equal(c->name, "web");
	assert_int_equal(c->results.spool_max_bytes, 2000000000);
	assert_int_equal(c->results.page_bytes, 65536);
	assert_int_equal(c->results.result_max_bytes, 1000000);
	assert_false(c->cmdb.ci_to_ire);
	assert_int_equal(c->poll.min_ms, 500);
	snprintf(want, sizeof(want), "%s/c.pem", dir);
	assert_string_equal(c->instance.cert, want);
	snprintf(want, sizeof(want), "%s/a:/b:%s/c", dir, dir);
	assert_string_equal(c->workers.probes, want);
	config_free(c);
}

static void
tells_which_changes_need_a_restart(void **state)
{
	struct config *was, *now;
	struct err err;
	char *s;

	(void)state;
	was = load("name: a\n" GOOD "paths:\n  state: x\n", &err);
	now = load("name: a\n" GOOD "paths:\n  state: y\npoll:\n  min: 2s\n", &err);
	assert_non_null(was);
	assert_non_null(now);
	s = config_needs_restart(was, now);
	assert_string_equal(s, "seal.rest_key, paths.state: takes effect at the next start");
	free(s);
	s = config_needs_restart(was, was);
	assert_string_equal(s, "");
	free(s);
	config_free(was);
	config_free(now);
}

static void
credentials_are_those_of_the_service_manager(void **state)
{
	char sealed[100], plain[100];
	struct config *c;
	struct err err;

	(void)state;
	snprintf(sealed, sizeof(sealed), "%s/sealed_key", dir);
	snprintf(plain, sizeof(plain), "%s/plain_key", dir);
	unsetenv("CREDENTIALS_DIRECTORY");
	c = load("instance:\n  url: https://a\n  cert: c.pem\n  key: credential:key\n", &err);
	assert_non_null(c);
	assert_string_equal(c->instance.key, "/etc/midd/credentials/key");
	config_free(c);
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	write_text(plain, "k", 1);
	c = load("instance:\n  url: https://a\n  cert: c.pem\n  key: credential:key\n", &err);
	assert_string_equal(c->instance.key, plain);
	config_free(c);
	write_text(sealed, "k", 1);	/* goes first */
	c = load("instance:\n  url: https://a\n  cert: c.pem\n  key: credential:key\n", &err);
	assert_string_equal(c->instance.key, sealed);
	config_free(c);
	unlink(sealed);
	unlink(plain);
	assert_null(load("instance:\n  url: https://a\n  cert: c.pem\n  key: credential:key\n", &err));
	assert_non_null(strstr(err.text, ":4: instance.key: there was no credential key when midd was started"));
	assert_non_null(strstr(err.text, "systemctl restart midd"));
	assert_null(load("instance:\n  url: https://a\n  cert: c.pem\n  key: /etc/midd/credentials/key\n", &err));
	assert_non_null(strstr(err.text, ":4: instance.key: \"/etc/midd/credentials/key\" is root's, and systemd brings it: write credential:key"));
	unsetenv("CREDENTIALS_DIRECTORY");
	c = load("instance:\n  url: https://a\n  cert: c.pem\n  key: /etc/midd/credentials/key\n", &err);
	assert_non_null(c);
	config_free(c);
}

/* As it is written, not where it leads: midd warns of it. */
static void
a_relative_store_is_known_as_one(void **state)
{
	static const struct { const char *path; bool relative; } rows[] = { { "store", true }, { "./a/b", true }, { "/var/lib/midd", false }, { dir, false } };
	struct config *c;
	struct err err;
	char text[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "%spaths: { state: %s }\n", GOOD, rows[i].path);
		c = load(text, &err);
		assert_non_null(c);
		assert_int_equal(c->paths.state_relative, rows[i].relative);
		config_free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_file_and_line_and_what_to_write),
		cmocka_unit_test(says_what_must_be_set),
		cmocka_unit_test(refuses_a_file_that_is_too_large_or_not_there),
		cmocka_unit_test(a_drop_in_wins_and_is_remembered),
		cmocka_unit_test(a_wrong_drop_in_is_named_itself),
		cmocka_unit_test(takes_what_one_would_write),
		cmocka_unit_test(credentials_are_those_of_the_service_manager),
		cmocka_unit_test(a_relative_store_is_known_as_one),
		cmocka_unit_test(tells_which_changes_need_a_restart),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
