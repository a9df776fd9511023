/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_ask - what the tests of identification share: a fresh CMDB in memory, a
 * clock that goes on a second with each payload, and short ways to ask.
 */
#ifndef TEST_IRE_ASK_H
#define TEST_IRE_ASK_H
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cmdb.h"
#include "db.h"
#include "ire.h"

static int64_t now = 1780000000000;

static inline int64_t
fake_now(void)
{
	return now;
}

static inline int
setup(void **state)
{
	struct db *db;
	char *why = NULL;

	assert_int_equal(db_open(&db, ":memory:", &why), 0);
	db_set_clock(db, fake_now);
	assert_int_equal(cmdb_create(db), 0);
	*state = db;
	return 0;
}

static inline int
teardown(void **state)
{
	db_close(*state);
	return 0;
}

/* --- saying and asking ----------------------------------------------------------- */

/* Quotes are written ' in payloads here, to be readable. */
static inline struct json_object *
parse(const char *text)
{
	struct json_object *o;
	char *copy = strdup(text), *p;

	for (p = copy; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	o = json_tokener_parse(copy);
	free(copy);
	assert_non_null(o);
	return o;
}

static inline struct json_object *
apply_with(struct db *db, const struct ire_options *opt, const char *text,
    int expected)
{
	struct json_object *payload = parse(text), *answer = NULL;

	now += 1000;
	assert_int_equal(ire_apply(db, payload, opt, &answer), expected);
	json_object_put(payload);
	return answer;
}

static inline struct json_object *
apply(struct db *db, const char *text)
{
	const struct ire_options opt = { .data_source = "midd" };

	return apply_with(db, &opt, text, 0);
}

static inline struct json_object *
item(struct json_object *answer, size_t i)
{
	struct json_object *items, *it;

	assert_true(json_object_object_get_ex(answer, "items", &items));
	it = json_object_array_get_idx(items, i);
	assert_non_null(it);
	return it;
}

static inline const char *
op(struct json_object *answer, size_t i)
{
	return json_str(item(answer, i), "operation", "(none)");
}

static inline const char *
id(struct json_object *answer, size_t i)
{
	return json_str(item(answer, i), "sysId", "");
}

static inline const char *
error(struct json_object *answer, size_t i)
{
	struct json_object *errors;

	(void)json_object_object_get_ex(item(answer, i), "errors", &errors);
	return json_str(json_object_array_get_idx(errors, 0), "error",
	    "(none)");
}

static inline struct json_object *
relation(struct json_object *answer, size_t i)
{
	struct json_object *relations;

	assert_true(json_object_object_get_ex(answer, "relations",
	    &relations));
	return json_object_array_get_idx(relations, i);
}

/* The table that the last try searched, and how it ended. */
static inline void
assert_last_attempt(struct json_object *answer, size_t i, const char *table,
    const char *result)
{
	struct json_object *a, *last;

	(void)json_object_object_get_ex(item(answer, i),
	    "identificationAttempts", &a);
	last = json_object_array_get_idx(a, json_object_array_length(a) - 1);
	assert_string_equal(json_str(last, "searchOnTable", ""), table);
	assert_string_equal(json_str(last, "attemptResult", ""), result);
}

static inline long
rows(struct db *db, const char *table, const char *query)
{
	long n = -1;

	assert_int_equal(db_count(db, table, query, &n), 0);
	return n;
}

static inline void
assert_field(struct db *db, const char *table, const char *sys_id,
    const char *field, const char *value)
{
	struct json_object *row;

	assert_int_equal(db_get(db, table, sys_id, &row), 0);
	assert_string_equal(json_str(row, field, ""), value);
	json_object_put(row);
}

/* Sends A, then B; both have one item, which must be the same CI. */
static inline struct json_object *
assert_same_ci(struct db *db, const char *a, const char *b)
{
	struct json_object *first = apply(db, a), *second = apply(db, b);

	assert_string_equal(op(first, 0), "INSERT");
	assert_string_equal(id(first, 0), id(second, 0));
	json_object_put(first);
	return second;
}

#define SERVER(values, more) \
	"{'items':[{'className':'cmdb_ci_linux_server','values':{" values "}" \
	more "}]}"
#define SERIAL(number, type) \
	"{'className':'cmdb_serial_number','values':{'serial_number':'" number \
	"','serial_number_type':'" type "','valid':'true'}}"
#define ADAPTER(ip, mac) \
	"{'className':'cmdb_ci_network_adapter','values':{'ip_address':'" ip \
	"','mac_address':'" mac "'}}"

/* A host with one adapter and its address, all tied together. */
static const char host[] __attribute__((unused)) =
    "{'items':["
    "{'className':'cmdb_ci_linux_server','internal_id':'h',"
    "'values':{'name':'web7','serial_number':'SN1','ram':'7953',"
    "'manufacturer':'ACME','cpu_speed':'2400.5','virtual':true},"
    "'lookup':[" SERIAL("SN1", "system") "," SERIAL("U1", "uuid") "],"
    "'sys_object_source_info':{'source_name':'midd',"
    "'source_native_key':'m1','source_feed':'linux',"
    "'source_recency_timestamp':'2026-04-02 10:11:12'}},"
    "{'className':'cmdb_ci_network_adapter','internal_id':'n',"
    "'values':{'name':'eth0','mac_address':'52:54:00:aa:01:07',"
    "'ip_address':'192.0.2.7'}},"
    "{'className':'cmdb_ci_ip_address','internal_id':'a',"
    "'values':{'name':'192.0.2.7','ip_address':'192.0.2.7',"
    "'ip_version':4}},"
    "{'className':'cmdb_tcp','internal_id':'t',"
    "'values':{'type':'on','ip':'0.0.0.0','port':22,'process':'sshd'}}],"
    "'relations':[{'parent_id':'h','child_id':'n','type':'Owns::Owned by'},"
    "{'parent':1,'child':2,'type':'Owns::Owned by'}],"
    "'referenceItems':[{'referenceField':'nic','referenced':'n',"
    "'referencedBy':'a'},{'referenceField':'computer','referenced':0,"
    "'referencedBy':3}]}";

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#endif
