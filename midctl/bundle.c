/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle - what somebody who helps needs to see, in one file: it is listed
 * and asked about first, and every text goes through redact().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive.h"
#include "buf.h"
#include "cmd.h"
#include "config.h"
#include "control.h"
#include "doctor.h"
#include "err.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "os.h"
#include "redact.h"

#define PART_MAX (8u << 20)
#define ASK_MS 10000
#define LINES 500

struct part {
	const char *name, *what;
	int (*make)(const struct asked *a, struct buf *out);	/* <0: there is none */
};

/* --- the parts --------------------------------------------------------------------- */

static int
put_json(struct buf *out, struct json_object *o)
{
	return buf_puts(out, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void
collect(void *arg, struct json_object *row)
{
	json_add_take(arg, json_object_get(row));
}

/* The answer of a verb, its rows before it. */
static int
answer_of(const struct asked *a, const char *verb, struct buf *out)
{
	struct json_object *args = json_object_new_object(), *both = json_object_new_object();
	struct json_object *rows = json_object_new_array(), *result = NULL;
	struct err err = { 0, "" };
	int r;

	json_put_int(args, "limit", LINES);
	r = control_ask(a->control, verb, args, ASK_MS, collect, rows, &result, &err);
	json_put_take(both, "rows", rows);
	json_put_take(both, "result", result);
	if (r == 0)
		r = put_json(out, both);
	json_object_put(both);
	json_object_put(args);
	return r;
}

static int
part_versions(const struct asked *a, struct buf *out)
{
	struct os_system s;
	int r;

	os_system(&s);
	r = buf_printf(out, "midctl %s\n%s %s, %ld cores, %lld MB of memory\n", MIDD_VERSION, s.name, s.release, s.cores, (long long)s.ram_mb);
	return r < 0 || answer_of(a, "version", out) == 0 ? r : buf_puts(out, "midd does not run\n");
}

static int
part_config(const struct asked *a, struct buf *out)
{
	struct json_object *list;
	char why[ERR_TEXT_MAX];
	int r;

	if (config_options_of(a, &list, why, sizeof(why)) != 0 || list == NULL)
		return buf_printf(out, "%s\n", why);
	r = put_json(out, list);
	json_object_put(list);
	return r;
}

static int
part_doctor(const struct asked *a, struct buf *out)
{
	enum hop_state worst;
	struct json_object *list = doctor_examine(a, &worst);
	int r = put_json(out, list);

	json_object_put(list);
	return r;
}

static int part_status(const struct asked *a, struct buf *out) { return answer_of(a, "status", out); }
static int part_log(const struct asked *a, struct buf *out) { return answer_of(a, "log", out); }
static int part_jobs(const struct asked *a, struct buf *out) { return answer_of(a, "jobs", out); }
static int part_spool(const struct asked *a, struct buf *out) { return answer_of(a, "spool", out); }
static int part_probes(const struct asked *a, struct buf *out) { return answer_of(a, "probes", out); }

/* The very text that midctl metrics prints: lines to be read, and fed to what reads such. */
static int
part_metrics(const struct asked *a, struct buf *out)
{
	struct json_object *o = NULL;
	struct err err = { 0, "" };
	int r = control_ask(a->control, "metrics", NULL, ASK_MS, NULL, NULL, &o, &err);

	if (r == 0)
		r = buf_puts(out, json_str(o, "text", ""));
	json_object_put(o);
	return r;
}

/* What a program prints, up to the ceiling; none when it cannot be run or prints nothing. */
static int
output_of(const char *const argv[], struct buf *out)
{
	int st;

	fflush(NULL);
	(void)os_run(argv, out, &st, NULL);
	buf_puts(out, "");
	return out->len > 0 ? 0 : -E_NONE;
}

static int
part_journal(const struct asked *a, struct buf *out)
{
	(void)a;
	return output_of(os_tool_journal(), out);
}

static const struct part parts[] = {
	{ "versions.txt", "versions of midctl, midd and the system", part_versions },
	{ "config.json", "every option, its value and where it was written; files by name only", part_config },
	{ "doctor.json", "what midctl doctor finds", part_doctor },
	{ "status.json", "what midctl status knows", part_status },
	{ "metrics.txt", "all figures, as OpenMetrics", part_metrics },
	{ "log.json", "the last 500 lines of the integration log", part_log },
	{ "jobs.json", "the last 500 jobs: topic, target, outcome; no payloads, no results", part_jobs },
	{ "spool.json", "how much waits for the instance, and why", part_spool },
	{ "probes.json", "what the workers can do", part_probes },
	{ "journal.txt", "the last 500 lines of the journal of midd, where it may be read", part_journal },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* --- one file of them ---------------------------------------------------------------- */

static int
write_part(const struct asked *a, const struct part *p, struct archive *ar, struct json_object *done, struct json_object *left, struct err *err)
{
	struct buf raw, clean;
	struct json_object *o;
	int r = 0;

	buf_init(&raw, PART_MAX);
	buf_init(&clean, 2 * PART_MAX);
	if (p->make(a, &raw) == 0 && redact(&clean, buf_str(&raw)) == 0) {
		r = archive_add(ar, p->name, buf_str(&clean), clean.len, os_time_ms() / 1000, err);
		o = json_object_new_object();
		json_put_str(o, "name", p->name);
		json_put_str(o, "what", p->what);
		json_put_int(o, "bytes", (int64_t)clean.len);
		json_add_take(done, o);
	} else {
		json_add_take(left, json_object_new_string(p->name));
	}
	buf_wipe(&raw);
	buf_fini(&clean);
	return r;
}

/* Made anew, so that no link is followed that somebody has put there, and no other may read it. */
static int
reserve(const char *file, struct err *err)
{
	struct err why;
	int r = os_make_file(file, &why);

	if (r == -E_EXISTS)
		return err_set(err, E_EXISTS, "%s is there already: name another file", file);
	return r == 0 ? 0 : err_set(err, -r, "%s: name a file where you may write: midctl bundle FILE.tar.gz", why.text);
}

static bool
agreed(const struct asked *a, const char *file)
{
	char answer[8] = "";
	size_t i;

	if (a->yes)
		return true;
	for (i = 0; i < PARTS; i++)
		printf("  %-14s %s\n", parts[i].name, parts[i].what);
	printf("Passwords, keys and tokens are taken out; names and addresses of hosts stay.\nWrite these into %s? [y/N] ", file);
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static int
make(const struct asked *a, const char *file, struct json_object *done, struct json_object *left, struct err *err)
{
	struct archive *ar = NULL;
	int r = reserve(file, err), end;
	struct err why;
	size_t i;

	if (r < 0)
		return r;
	r = archive_open(&ar, file, err);
	for (i = 0; i < PARTS && r == 0; i++)
		r = write_part(a, &parts[i], ar, done, left, err);
	end = ar != NULL ? archive_close(ar, r == 0 ? err : &why) : 0;
	if (r == 0)
		r = end;
	if (r < 0)
		(void)unlink(file);
	return r;
}

static void
say_done(const struct asked *a, const char *file, struct json_object *done, struct json_object *left)
{
	struct json_object *o;
	size_t i, n = json_object_array_length(left);

	if (a->json) {
		o = json_object_new_object();
		json_put_str(o, "file", file);
		json_put_take(o, "parts", json_object_get(done));
		json_put_take(o, "left_out", json_object_get(left));
		print_json(o);
		json_object_put(o);
		return;
	}
	printf("%s: %d parts, readable by you alone; look into it before you send it\n", file, (int)json_object_array_length(done));
	for (i = 0; i < n; i++)
		printf("%s%s", i == 0 ? "left out, as midd does not answer or there is nothing to see: " : ", ",
		    json_object_get_string(json_object_array_get_idx(left, i)));
	if (n > 0)
		putchar('\n');
}

int
cmd_bundle(const struct asked *a)
{
	struct json_object *done, *left;
	char name[64];
	const char *file = a->nwords > 0 ? a->words[0] : name;
	time_t now = time(NULL);
	struct err err = { 0, "" };
	struct tm tm;

	if (a->nwords == 0 && (gmtime_r(&now, &tm) == NULL || strftime(name, sizeof(name), "midd-%Y%m%d-%H%M%S.tar.gz", &tm) == 0))
		return EXIT_PROBLEM;
	if (!agreed(a, file)) {
		complain("nothing is written");
		return EXIT_PROBLEM;
	}
	done = json_object_new_array();
	left = json_object_new_array();
	if (make(a, file, done, left, &err) < 0) {
		complain("%s", err.text);
		json_object_put(left);
		json_object_put(done);
		return EXIT_PROBLEM;
	}
	say_done(a, file, done, left);
	json_object_put(left);
	json_object_put(done);
	return EXIT_OK;
}
