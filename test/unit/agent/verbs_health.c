/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up days and what the operator is told of them: status and metrics from the same vitals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "config/config.h"
#include "err.h"
#include "json.h"
#include "metrics/metrics.h"
#include "verbs/vitals.h"

static struct config config;
static char url[] = "https://acme", cert[] = "c", none[] = "", user[] = "mid";

static struct json_object *
parse(const char *text)
{
	struct json_object *o = NULL;
	struct err err = { 0, "" };

	if (json_parse(&o, text, strlen(text), "test", &err) < 0)
		fail_msg("%s", err.text);
	return o;
}

/* All is well; a test then spoils one thing. */
static void
good(struct vitals *v)
{
	memset(&config, 0, sizeof(config));
	config.instance.url = url;
	config.instance.cert = cert;
	config.instance.user = none;
	config.results.spool_max_bytes = 2000000000;
	config.results.disk_min_bytes = 100000000;
	memset(v, 0, sizeof(*v));
	v->now = 5000000;
	v->up_ms = 4000000;
	v->config = &config;
	v->instance = (struct instance_state){
		.host = "acme", .connected = true, .since_ms = 1000000, .last_answer_ms = 4999000, .rtt_ms = 41,
		.tls = "TLSv1.3", .cert_days = 61, .cert_subject = "CN=web7", .trouble = "", .calls = 12,
	};
	v->store = (struct store_state){ .commit_ms = 2, .disk_free = 50000000000, .commits = 9 };
	v->self_trouble = "";
	v->renew_trouble = "";
	v->probes_known = true;
	v->workers = 1;
	v->flow = parse("{\"paused\":false,\"validated\":true,\"lanes\":[{\"name\":\"standard\",\"running\":1,\"slots\":25,"
	    "\"waiting\":0}],\"waiting\":0,\"deliver\":{\"breaker\":\"closed\",\"last_ok_ms\":1000},"
	    "\"poll\":{\"last_ms_ago\":900,\"failures\":0},\"counts\":{\"ok\":3,\"failed\":1}}");
	v->pool = parse("{\"workers\":[{\"pid\":7}],\"guard\":{\"seccomp\":true,\"landlock\":7,\"missing\":\"\"},\"died\":0}");
	v->stats = parse("{\"jobs\":{\"quarantined\":0},\"today\":{\"jobs\":4,\"ok\":3,\"failed\":1}}");
}

/* The ids of what is found, blanks between them; then V is gone. Static. */
static const char *
judged(struct vitals *v, const char **word)
{
	static char ids[500];
	struct json_object *list = health_problems(v), *p;
	size_t i;

	ids[0] = '\0';
	for (i = 0; i < json_object_array_length(list); i++) {
		p = json_object_array_get_idx(list, i);
		snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%s%s", i > 0 ? " " : "", json_str(p, "id", "?"));
		assert_int_equal(strncmp(json_str(p, "command", ""), "midctl ", 7), 0);
		assert_true(strlen(json_str(p, "what", "")) > 5);
	}
	*word = health_word(list);
	json_object_put(list);
	vitals_fini(v);
	return ids;
}

static void
set(struct json_object **o, const char *text)
{
	json_object_put(*o);
	*o = parse(text);
}

static void
a_good_day_has_no_problems(void **state)
{
	struct vitals v;
	const char *word;

	(void)state;
	good(&v);
	assert_string_equal(judged(&v, &word), "");
	assert_string_equal(word, "healthy");
}

static void
down(struct vitals *v, int code, const char *why)
{
	v->instance.connected = false;
	v->instance.trouble_code = code;
	v->instance.trouble = why;
}

static void
spoil_refused(struct vitals *v)
{
	down(v, E_AUTH, "401");
}

static void
spoil_tls(struct vitals *v)
{
	down(v, E_TLS, "certificate has expired");
}

static void
spoil_net(struct vitals *v)
{
	down(v, E_NET, "connection refused");
}

static void
spoil_peer(struct vitals *v)
{
	down(v, E_PEER, "503");
}

static void
spoil_starting(struct vitals *v)
{
	down(v, 0, "");
	v->instance.last_answer_ms = -1;
}

static void
spoil_expired(struct vitals *v)
{
	v->instance.cert_days = -1;
}

static void
spoil_expiring(struct vitals *v)
{
	v->instance.cert_days = 6;
}

static void
spoil_expires(struct vitals *v)
{
	v->instance.cert_days = 29;
}

static void
spoil_renewal(struct vitals *v)
{
	v->renew_trouble = "the instance refuses the new one";
}

static void
spoil_clock(struct vitals *v)
{
	v->instance.clock_ahead_s = -300;
}

static void
spoil_no_cert(struct vitals *v)
{
	v->instance.cert_days = INT_MAX;
	config.instance.cert = none;
	config.instance.user = user;
}

static void
spoil_validation(struct vitals *v)
{
	v->self_trouble = "an administrator has not validated demo yet";
}

static void
spoil_disk(struct vitals *v)
{
	v->store.trouble_code = E_FULL;
	v->store.disk_free = 0;
}

static void
spoil_low(struct vitals *v)
{
	v->store.disk_free = 99999999;
}

static void
spoil_damaged(struct vitals *v)
{
	v->store.trouble_code = E_DAMAGED;
}

static void
spoil_silent(struct vitals *v)
{
	json_object_put(v->stats);
	v->stats = NULL;
}

static void
spoil_spool(struct vitals *v)
{
	v->store.result_bytes = 2000000000;
	v->store.results = 5;
}

static void
spoil_filling(struct vitals *v)
{
	v->store.result_bytes = 1600000000;
	v->store.results = 5;
}

static void
spoil_worker(struct vitals *v)
{
	v->probes_known = false;
}

static void
spoil_deaths(struct vitals *v)
{
	set(&v->pool, "{\"died\":4,\"guard\":{\"missing\":\"\"}}");
}

static void
spoil_refusals(struct vitals *v)
{
	set(&v->pool, "{\"refused\":1,\"refused_what\":\"ptrace, by worker 7 (plain), last given SSHCommand\","
	    "\"refused_ms\":5000,\"guard\":{\"missing\":\"\"}}");
}

/* An hour ago. */
static void
spoil_refusals_long_ago(struct vitals *v)
{
	set(&v->pool, "{\"refused\":1,\"refused_what\":\"ptrace\",\"refused_ms\":3600000,\"guard\":{\"missing\":\"\"}}");
}

static void
spoil_guard(struct vitals *v)
{
	set(&v->pool, "{\"died\":2,\"guard\":{\"missing\":\"this kernel has no Landlock\"}}");
}

static void
spoil_quarantine(struct vitals *v)
{
	set(&v->stats, "{\"jobs\":{\"quarantined\":2}}");
}

static void
spoil_pause(struct vitals *v)
{
	set(&v->flow, "{\"paused\":true,\"paused_by\":\"the operator\"}");
}

static void
spoil_stuck(struct vitals *v)
{
	set(&v->flow, "{\"stuck\":2}");
}

static void
spoil_breaker(struct vitals *v)
{
	set(&v->flow, "{\"deliver\":{\"breaker\":\"open\",\"last_ok_ms\":5,\"trouble\":\"500\"}}");
}

static void
spoil_old(struct vitals *v)
{
	v->store.results = 2;
	set(&v->flow, "{\"deliver\":{\"breaker\":\"closed\",\"last_ok_ms\":700000}}");
}

static void
spoil_polls(struct vitals *v)
{
	set(&v->flow, "{\"poll\":{\"failures\":3,\"failure\":\"the list of rows is not JSON\"}}");
}

static void
spoil_claims(struct vitals *v)
{
	set(&v->flow, "{\"claim_trouble\":\"the instance said 500\"}");
}

static void
spoil_note(struct vitals *v)
{
	v->store_note = "put aside";
}

static const struct day {
	void (*spoil)(struct vitals *v);
	const char *ids, *word;
} days[] = {
	{ spoil_refused, "instance-refused", "problem" },
	{ spoil_tls, "instance-tls", "problem" },
	{ spoil_net, "instance-unreachable", "problem" },
	{ spoil_peer, "instance-unreachable", "problem" },
	{ spoil_starting, "starting", "partial" },
	{ spoil_clock, "clock-differs", "partial" },
	{ spoil_expired, "certificate-expiring", "problem" },
	{ spoil_expiring, "certificate-expiring", "problem" },
	{ spoil_expires, "certificate-expires", "partial" },
	{ spoil_renewal, "certificate-not-renewed", "partial" },
	{ spoil_no_cert, "basic-login", "partial" },
	{ spoil_validation, "not-ready", "problem" },
	{ spoil_disk, "store-trouble", "problem" },
	{ spoil_low, "disk-low", "problem" },
	{ spoil_damaged, "store-trouble", "problem" },
	{ spoil_silent, "store-silent", "problem" },
	{ spoil_spool, "spool-full", "problem" },
	{ spoil_filling, "spool-filling", "partial" },
	{ spoil_worker, "no-worker", "problem" },
	{ spoil_deaths, "workers-die", "problem" },
	{ spoil_refusals, "workers-try", "problem" },
	{ spoil_guard, "guard-missing", "partial" },
	{ spoil_quarantine, "jobs-quarantined", "partial" },
	{ spoil_pause, "paused", "problem" },
	{ spoil_stuck, "jobs-stuck", "problem" },
	{ spoil_breaker, "delivery-rests", "problem" },
	{ spoil_old, "results-old", "problem" },
	{ spoil_polls, "polls-fail", "problem" },
	{ spoil_claims, "claims-fail", "problem" },
	{ spoil_note, "store-repaired", "partial" },
};

static void
each_bad_day_has_its_own_sentence_and_no_other(void **state)
{
	struct vitals v;
	const char *word, *ids;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		good(&v);
		days[i].spoil(&v);
		ids = judged(&v, &word);
		assert_string_equal(ids, days[i].ids);
		assert_string_equal(word, days[i].word);
	}
}

static void
deaths_and_refusals_long_ago_are_forgiven(void **state)
{
	struct vitals v;
	const char *word;

	(void)state;
	good(&v);
	spoil_deaths(&v);
	v.up_ms = 10 * 3600000;
	assert_string_equal(judged(&v, &word), "");
	good(&v);
	spoil_refusals_long_ago(&v);
	assert_string_equal(judged(&v, &word), "");
}

static void
the_worst_comes_first(void **state)
{
	struct vitals v;
	const char *word;

	(void)state;
	good(&v);
	spoil_guard(&v);
	spoil_quarantine(&v);
	spoil_filling(&v);
	spoil_disk(&v);
	spoil_expiring(&v);
	spoil_net(&v);
	assert_string_equal(judged(&v, &word), "instance-unreachable certificate-expiring store-trouble "
	    "jobs-quarantined spool-filling guard-missing");
	assert_string_equal(word, "problem");
}

static void
ages_are_ages_and_unknown_is_minus_one(void **state)
{
	struct vitals v;
	struct json_object *o;

	(void)state;
	good(&v);
	o = status_json(&v, "mid.server.web7");
	assert_int_equal(json_int(json_get(o, "instance"), "since_ms", 0), 4000000);
	assert_int_equal(json_int(json_get(o, "instance"), "last_answer_ms", 0), 1000);
	assert_int_equal(json_int(json_get(o, "instance"), "last_poll_ms", 0), 900);
	assert_int_equal(json_int(json_get(o, "today"), "jobs", 0), 4);
	assert_string_equal(json_str(o, "agent", ""), "mid.server.web7");
	json_object_put(o);
	spoil_starting(&v);
	o = status_json(&v, "mid.server.web7");
	assert_int_equal(json_int(json_get(o, "instance"), "since_ms", 0), -1);
	assert_int_equal(json_int(json_get(o, "instance"), "last_answer_ms", 0), -1);
	json_object_put(o);
	vitals_fini(&v);
}

/* Every line is a comment or "name value"; counters end in _total; the text ends with # EOF. */
static void
metrics_are_openmetrics(void **state)
{
	struct vitals v;
	struct buf b;
	char *line, *rest, *blank, name[100], type[100] = "";
	int samples = 0;

	(void)state;
	good(&v);
	buf_init(&b, 100000);
	assert_int_equal(metrics_text(&b, &v), 0);
	assert_non_null(strstr(buf_str(&b), "\nmidd_connected 1\n"));
	assert_non_null(strstr(buf_str(&b), "\nmidd_jobs_total{what=\"failed\"} 1\n"));
	assert_non_null(strstr(buf_str(&b), "\nmidd_lane_slots{lane=\"standard\"} 25\n"));
	assert_string_equal(buf_str(&b) + b.len - 6, "# EOF\n");
	for (line = strtok_r(b.data, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "# TYPE %99s %99s", name, type) == 2 || line[0] == '#')
			continue;
		samples++;
		assert_int_equal(strncmp(line, name, strlen(name)), 0);
		if (strcmp(type, "counter") == 0)
			assert_int_equal(strncmp(line + strlen(name), "_total", 6), 0);
		blank = strrchr(line, ' ');
		assert_non_null(blank);
		(void)strtod(blank + 1, &blank);
		assert_string_equal(blank, "");
	}
	assert_true(samples > 25);
	buf_fini(&b);
	buf_init(&b, 500);
	assert_int_equal(metrics_text(&b, &v), -E_FULL);
	buf_fini(&b);
	vitals_fini(&v);
}

/* -1 would be a certificate that has ended, 0 a link without delay. */
static void
what_is_not_known_is_no_figure(void **state)
{
	static const char *const left_out[] = { "midd_certificate_days", "midd_instance_rtt_seconds", "midd_store_commit_seconds", "midd_disk_free_bytes" };
	struct vitals v;
	struct buf b;
	size_t i;

	(void)state;
	good(&v);
	buf_init(&b, 100000);
	v.instance.cert_days = -3;
	assert_int_equal(metrics_text(&b, &v), 0);
	assert_non_null(strstr(buf_str(&b), "\nmidd_certificate_days -3\n"));
	buf_clear(&b);
	v.instance.cert_days = INT_MAX;
	v.instance.rtt_ms = v.store.commit_ms = v.store.disk_free = -1;
	assert_int_equal(metrics_text(&b, &v), 0);
	for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		assert_null(strstr(buf_str(&b), left_out[i]));
	buf_fini(&b);
	vitals_fini(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_day_has_no_problems),
		cmocka_unit_test(each_bad_day_has_its_own_sentence_and_no_other),
		cmocka_unit_test(deaths_and_refusals_long_ago_are_forgiven),
		cmocka_unit_test(the_worst_comes_first),
		cmocka_unit_test(ages_are_ages_and_unknown_is_minus_one),
		cmocka_unit_test(metrics_are_openmetrics),
		cmocka_unit_test(what_is_not_known_is_no_figure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
