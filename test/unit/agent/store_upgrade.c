/* SPDX-License-Identifier: Apache-2.0 */
/* store: one of each older version is opened with all that waits in it; one of a newer version is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "os.h"
#include "store/db.h"
#include "store/sums.h"
#include "store_rig.h"

#define WAITING 200

static void
say(sqlite3 *sq, const char *sql)
{
	if (sqlite3_exec(sq, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %.200s", sqlite3_errmsg(sq), sql);
}

static sqlite3 *
opened(const char *path)
{
	int reserved = SUMS_RESERVED;
	sqlite3 *sq;

	assert_int_equal(sqlite3_open_v2(path, &sq, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, sums_vfs()), SQLITE_OK);
	assert_int_equal(sqlite3_file_control(sq, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved), SQLITE_OK);
	return sq;
}

static int
newest(void)
{
	int n = 0;

	while (schema_steps[n] != NULL)
		n++;
	return n;
}

/* As a midd of that time has left it: jobs that ran to their end, none of their results delivered. */
static void
make_old(const char *path, int version)
{
	char sql[600], dir[100];
	sqlite3 *sq;
	int i;

	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
	assert_int_equal(os_mkdirs(dir, 0700, NULL), 0);
	sq = opened(path);
	say(sq, "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; BEGIN");
	for (i = 0; i < version; i++)
		say(sq, schema_steps[i]);
	for (i = 1; i <= WAITING; i++) {
		snprintf(sql, sizeof(sql),
		    "INSERT INTO job(seq, id, stage, agent, topic, name, source, correlator, sequence, hash, error, pages, answers)"
		    " VALUES(%d, '%s', 4, 'a', 'Echo', '', '', '', '', '', '', 1, 1);"
		    "INSERT INTO result(k, n, job, page, sink, id, sealed, meta, len) VALUES(%d, %d, %d, 1, 0, '%s', 0, '{}', 6);"
		    "INSERT INTO body(k, data) VALUES(%d, CAST('%06d' AS BLOB))", i, rig_id(i), i, i, i, rig_id(1000 + i), i, i);
		say(sq, sql);
	}
	say(sq, "INSERT INTO kv(key, value) VALUES('install', 'long ago')");
	snprintf(sql, sizeof(sql), "COMMIT; PRAGMA user_version=%d", version);
	say(sq, sql);
	sqlite3_close(sq);
}

static void
what_waits_in_an_older_store_is_there_after_the_upgrade(void **state)
{
	char number[12];
	int version;

	(void)state;
	for (version = 1; version < newest(); version++) {
		struct rig g;

		memset(&g, 0, sizeof(g));
		rig_make(&g);
		make_old(g.path, version);
		if (rig_open(&g) != 0)
			fail_msg("of version %d: %s", version, g.err.text);
		assert_null(g.note);		/* not repaired: read */
		rig_results(&g, 0, 1000, 1 << 24);
		assert_int_equal(g.n, WAITING);
		for (size_t i = 0; i < g.n; i++) {
			snprintf(number, sizeof(number), "%06d", (int)i + 1);
			assert_int_equal(g.results[i].blob_len, 6);
			assert_memory_equal(g.results[i].blob, number, 6);
			assert_string_equal(g.results[i].job, rig_id((int)i + 1));
		}
		store_delivered(g.store, 1, rig_id(1), 8000, rig_done, &g);
		assert_int_equal(rig_last(&g), 0);
		assert_int_equal(rig_job(&g, 1)->stage, STAGE_DONE);
		assert_string_equal(rig_job(&g, 2)->parent, "");
		rig_free(&g);
	}
}

static int
number(sqlite3 *sq, const char *sql)
{
	sqlite3_stmt *st;
	int n;

	assert_int_equal(sqlite3_prepare_v2(sq, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void
a_store_of_a_newer_midd_is_refused_and_keeps_what_it_has(void **state)
{
	char sql[60];
	struct rig g;
	sqlite3 *sq;

	(void)state;
	memset(&g, 0, sizeof(g));
	rig_make(&g);
	make_old(g.path, newest());
	sq = opened(g.path);
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", newest() + 1);
	say(sq, sql);
	sqlite3_close(sq);
	assert_int_equal(rig_open(&g), -E_BAD);
	assert_non_null(strstr(g.err.text, "install the newer midd again"));
	sq = opened(g.path);
	assert_int_equal(number(sq, "PRAGMA user_version"), newest() + 1);
	assert_int_equal(number(sq, "SELECT count(*) FROM result JOIN body USING (k)"), WAITING);
	sqlite3_close(sq);
	rig_free(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_in_an_older_store_is_there_after_the_upgrade),
		cmocka_unit_test(a_store_of_a_newer_midd_is_refused_and_keeps_what_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
