/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store: a damaged file. Page by page (a sample of them) is hurt; the store opens
 * all the same, tells what it lost, and nothing it gives out is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "fault_vfs.h"
#include "err.h"
#include "json.h"
#include "os.h"
#include "store_rig.h"
#include "xalloc.h"

#define JOBS 120
#define PAGE 4096

/* --- a store with jobs of every kind, as bytes ----------------------------------------- */

static struct buf whole;

/* By number: 0 intent, 1 accepted, 2 started with a page, 3 spooled, 4 done. */
static int
kind_of(int n)
{
	return n % 5;
}

/* Some are larger than a page, so that chains of pages are hit too. */
static size_t
result_of(int n, char *to)
{
	size_t len = n % 10 == 3 ? 9000 : 200;

	for (size_t i = 0; i < len; i++)
		to[i] = (char)('a' + (n + (int)i) % 26);
	return len;
}

static void
make_job(struct rig *g, int n)
{
	char data[9000];
	size_t len = result_of(n, data);
	int before = g->answers, k = kind_of(n), posted = 1;

	rig_intend(g, n, "the payload of this job");
	if (k >= 1)
		store_accept(g->store, rig_id(n), 5000, rig_done, g), posted++;
	if (k >= 2)
		store_started(g->store, rig_id(n), 6000, NULL, rig_done, g), posted++;
	if (k >= 2)
		rig_page(g, n, 1, data, len), posted++;
	if (k >= 3)
		store_spooled(g->store, rig_id(n), 0, false, "", 1, 7000, rig_done, g), posted++;
	rig_wait(g, before + posted);
}

static int
group_setup(void **state)
{
	struct rig g;

	(void)state;
	memset(&g, 0, sizeof(g));
	rig_make(&g);
	assert_int_equal(rig_open(&g), 0);
	for (int n = 0; n < JOBS; n++)
		make_job(&g, n);
	rig_results(&g, 0, 1000, 1 << 24);
	for (size_t i = 0; i < g.n; i++)
		if (kind_of((int)strtol(g.results[i].job, NULL, 16)) == 4)
			store_delivered(g.store, g.results[i].n, g.results[i].job, 8000, rig_done, &g);
	for (int i = 0; i < 100; i++)
		store_audit(g.store, "command", rig_id(i), "uname -a");
	for (int i = 0; i < 200; i++)
		store_event(g.store, 2, "test", rig_id(i), "something happened");
	store_set(g.store, "install", "value", rig_done, &g);
	rig_wait(&g, g.answers + 1);
	rig_close(&g);
	buf_init(&whole, 64u << 20);
	assert_int_equal(os_read_file(&whole, g.path, NULL), 0);
	assert_int_equal(g.failures, 0);
	rig_free(&g);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	buf_fini(&whole);
	return 0;
}

/* --- what must hold afterwards ------------------------------------------------------------ */

static const enum stage stages[] = { STAGE_INTENT, STAGE_ACCEPTED, STAGE_STARTED, STAGE_SPOOLED, STAGE_DONE };

/* A job is as it was, or says that it is not: never something else that looks sound. */
static void
check_job(struct rig *g, int n, int *lost)
{
	const struct job_row *j = rig_job(g, n);

	if (j == NULL) {
		++*lost;
		return;
	}
	if (j->stage == STAGE_QUARANTINED) {
		assert_non_null(strstr(j->error, "lost"));
		++*lost;
		return;
	}
	if (kind_of(n) == 3 && j->stage == STAGE_STARTED) {	/* its result was lost: as if interrupted */
		++*lost;
		return;
	}
	assert_int_equal(j->stage, stages[kind_of(n)]);
	assert_string_equal(j->topic, "Echo");
	assert_int_equal(j->created_ms, 1000 + n);
	if (j->stage < STAGE_DONE && j->payload == NULL)
		++*lost;
	else if (j->stage < STAGE_DONE)
		assert_memory_equal(j->payload, "the payload of this job", 23);
}

static void
check_results(struct rig *g)
{
	char data[9000];
	size_t len;
	int n;

	rig_results(g, 0, 1000, 1 << 24);
	assert_int_equal(g->r, 0);
	for (size_t i = 0; i < g->n; i++) {
		n = (int)strtol(g->results[i].job, NULL, 16);
		assert_int_equal(kind_of(n), 3);
		len = result_of(n, data);
		assert_int_equal(g->results[i].blob_len, len);
		assert_memory_equal(g->results[i].blob, data, len);
	}
}

static size_t
files_like(struct rig *g, const char *pattern)
{
	char *p = xasprintf("%s%s", g->path, pattern);
	glob_t found;
	size_t n = 0;

	if (glob(p, 0, NULL, &found) == 0) {
		n = found.gl_pathc;
		globfree(&found);
	}
	free(p);
	return n;
}

/* Opens a store with these bytes; the number of jobs that are lost or hurt. */
static int
open_with(struct rig *g, const struct buf *bytes)
{
	struct err err;
	char *dir;
	int lost = 0;

	memset(g, 0, sizeof(*g));
	rig_make(g);
	dir = xasprintf("%s/state", g->dir);
	assert_int_equal(os_mkdirs(dir, 0700, &err), 0);
	free(dir);
	assert_int_equal(os_write_file(g->path, bytes->data, bytes->len, 0600, &err), 0);
	if (rig_open(g) != 0)
		fail_msg("%s", g->err.text);
	for (int n = 0; n < JOBS; n++)
		check_job(g, n, &lost);
	check_results(g);
	if (lost > 0) {
		assert_non_null(g->note);
		assert_in_range(files_like(g, ".damaged-*"), 1, 2);	/* and its WAL */
	}
	/* It works on. */
	rig_intend(g, 5000, "p");
	assert_int_equal(rig_last(g), 0);
	return lost;
}

static void
each_page(const char *how, int stride, void (*hurt)(char *page, unsigned seed))
{
	struct buf hurtful;
	struct rig g;
	int lost, most = 0, pages = (int)(whole.len / PAGE);

	buf_init(&hurtful, 64u << 20);
	for (int p = 0; p < pages; p += stride) {
		buf_clear(&hurtful);
		buf_put(&hurtful, whole.data, whole.len);
		hurt(hurtful.data + p * PAGE, (unsigned)p + 1);
		lost = open_with(&g, &hurtful);
		if (p > 0 && lost > most)
			most = lost;
		rig_free(&g);
	}
	print_message("%s: %d pages, at most %d of %d jobs hurt by one\n", how, pages, most, JOBS);
	buf_fini(&hurtful);
}

static void
zero(char *page, unsigned seed)
{
	(void)seed;
	memset(page, 0, PAGE);
}

static void
garbage(char *page, unsigned seed)
{
	for (int i = 0; i < PAGE; i++)
		page[i] = (char)rand_r(&seed);
}

static void
a_sector_of_garbage(char *page, unsigned seed)
{
	int at = (int)(seed % 8) * 512;

	for (int i = 0; i < 512; i++)
		page[at + i] = (char)rand_r(&seed);
}

static void
one_bit(char *page, unsigned seed)
{
	int at = rand_r(&seed) % PAGE;

	page[at] ^= (char)(1 << (rand_r(&seed) % 8));
}

static void
survives_pages_of_zeros(void **state)
{
	(void)state;
	each_page("zeros", 2, zero);
}

static void
survives_pages_of_garbage(void **state)
{
	(void)state;
	each_page("garbage", 9, garbage);
}

static void
survives_a_bad_sector_in_a_page(void **state)
{
	(void)state;
	each_page("bad sector", 7, a_sector_of_garbage);
}

static void
survives_a_flipped_bit_in_a_page(void **state)
{
	(void)state;
	each_page("flipped bit", 5, one_bit);
}

static void
begins_anew_when_the_file_is_no_database(void **state)
{
	static const char *const junk[] = { "this is no database", "SQLite format 3" };
	struct buf b;
	struct rig g;

	(void)state;
	for (int i = 0; i < 2; i++) {
		buf_init(&b, 1 << 20);
		while (b.len < 10000)
			buf_puts(&b, junk[i]);
		assert_int_equal(open_with(&g, &b), JOBS);
		assert_non_null(strstr(g.note, ".damaged-"));
		rig_free(&g);
		buf_fini(&b);
	}
}

static void
saves_what_is_in_a_file_that_was_cut(void **state)
{
	struct buf b;
	struct rig g;

	(void)state;
	buf_init(&b, 64u << 20);
	buf_put(&b, whole.data, whole.len / 2 + 100);
	assert_in_range(open_with(&g, &b), 1, JOBS - 1);
	rig_free(&g);
	buf_fini(&b);
}

/* The N-th write or sync of the repair is its last; the start after that must end it. */
static int
killed_repair(int n, const struct buf *bytes)
{
	struct err err;
	struct rig g;
	char *dir;
	pid_t pid;
	int status, lost = 0;

	memset(&g, 0, sizeof(g));
	rig_make(&g);
	dir = xasprintf("%s/state", g.dir);
	assert_int_equal(os_mkdirs(dir, 0700, &err), 0);
	free(dir);
	assert_int_equal(os_write_file(g.path, bytes->data, bytes->len, 0600, &err), 0);
	pid = fork();
	if (pid == 0) {
		fault_install();
		fault_order(FAULT_ANY, n, 1, n % 2 ? FAULT_KILL : FAULT_POWER, 0);
		_exit(rig_open(&g) == 0 ? 0 : 3);
	}
	waitpid(pid, &status, 0);
	rig_reopen(&g);
	for (int i = 0; i < JOBS; i++)
		check_job(&g, i, &lost);
	check_results(&g);
	assert_in_range(lost, 1, JOBS - 1);
	rig_free(&g);
	return WIFSIGNALED(status);
}

static void
a_repair_that_is_killed_at_any_write_is_made_again(void **state)
{
	struct buf b;
	int n = 1;

	(void)state;
	buf_init(&b, 64u << 20);
	buf_put(&b, whole.data, whole.len);
	for (size_t p = 1; p < whole.len / PAGE; p++)	/* one leaf of the table job */
		if (whole.data[p * PAGE] == 0x0d && memmem(whole.data + p * PAGE, PAGE, "job number 0", 12) != NULL)
			memset(b.data + p * PAGE, 0x55, PAGE);
	while (killed_repair(n, &b))
		n += 1 + n / 10;
	assert_true(n > 20);
	buf_fini(&b);
}

/* Death between the two renames: the old file is gone, the new one not yet there. */
static void
finishes_a_repair_that_was_interrupted(void **state)
{
	struct rig g;
	char *new_path;

	(void)state;
	assert_int_equal(open_with(&g, &whole), 0);
	rig_close(&g);
	new_path = xasprintf("%s.new", g.path);
	assert_int_equal(rename(g.path, new_path), 0);
	free(new_path);
	rig_reopen(&g);
	assert_int_equal(rig_job(&g, 1)->stage, STAGE_ACCEPTED);
	assert_int_equal(files_like(&g, ".new"), 0);
	rig_free(&g);
}

static void
what_was_lost_is_unknown_to_the_road_and_may_come_again(void **state)
{
	struct buf b;
	struct rig g;
	const char *id;

	(void)state;
	buf_init(&b, 64u << 20);
	buf_put(&b, whole.data, whole.len);
	/* The page of the table job that holds job 0: its index has the id still. */
	for (size_t p = 1; p < whole.len / PAGE; p++)
		if (whole.data[p * PAGE] == 0x0d && memmem(whole.data + p * PAGE, PAGE, "job number 0", 12) != NULL)
			memset(b.data + p * PAGE, 0x55, PAGE);
	assert_true(open_with(&g, &b) > 0);
	assert_int_equal(rig_job(&g, 0)->stage, STAGE_QUARANTINED);
	id = rig_id(0);
	rig_seen(&g, &id, 1);
	assert_int_equal(g.n, 0);
	rig_intend(&g, 0, "once more");
	assert_int_equal(rig_last(&g), 0);
	assert_int_equal(rig_job(&g, 0)->stage, STAGE_INTENT);
	rig_free(&g);
	buf_fini(&b);
}

/* The file is hurt under a running store: nothing wrong comes out of it, and the next start repairs. */
static void
damage_found_while_running_stops_everything(void **state)
{
	char big[20000] = "";
	struct rig g;
	FILE *f;

	(void)state;
	assert_int_equal(open_with(&g, &whole), 0);
	memset(big, 'x', sizeof(big) - 1);
	for (int n = 1000; n < 1150; n++)	/* far more than SQLite caches */
		rig_spooled(&g, n, big);
	rig_reopen(&g);
	f = fopen(g.path, "r+b");
	assert_non_null(f);
	for (long p = 2; fseek(f, p * PAGE, SEEK_SET) == 0 && p < 500; p++)
		assert_int_equal(fputc('~', f), '~');
	fclose(f);
	rig_results(&g, 0, 1000, 1 << 24);
	assert_int_equal(g.r, -E_DAMAGED);
	assert_int_equal(g.n, 0);
	rig_intend(&g, 6000, "p");
	assert_int_equal(rig_last(&g), -E_DAMAGED);
	assert_non_null(strstr(g.err.text, "start again"));
	rig_reopen(&g);
	assert_non_null(g.note);
	rig_intend(&g, 6000, "p");
	assert_int_equal(rig_last(&g), 0);
	rig_free(&g);
}

static void
a_sound_file_gives_no_note(void **state)
{
	struct rig g;

	(void)state;
	assert_int_equal(open_with(&g, &whole), 0);
	assert_null(g.note);
	assert_true(json_flag(rig_audit_verify(&g), "ok", false));
	rig_free(&g);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_sound_file_gives_no_note),
	cmocka_unit_test(survives_pages_of_zeros),
	cmocka_unit_test(survives_pages_of_garbage),
	cmocka_unit_test(survives_a_bad_sector_in_a_page),
	cmocka_unit_test(survives_a_flipped_bit_in_a_page),
	cmocka_unit_test(begins_anew_when_the_file_is_no_database),
	cmocka_unit_test(saves_what_is_in_a_file_that_was_cut),
	cmocka_unit_test(what_was_lost_is_unknown_to_the_road_and_may_come_again),
	cmocka_unit_test(damage_found_while_running_stops_everything),
	cmocka_unit_test(a_repair_that_is_killed_at_any_write_is_made_again),
	cmocka_unit_test(finishes_a_repair_that_was_interrupted),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
