/* SPDX-License-Identifier: Apache-2.0 */
/* orders - the commands that tell midd one thing and print one line: pause, resume, restart, poll, audit, metrics, version. */
#include <stdio.h>
#include <time.h>

#include "cmd.h"
#include "control.h"
#include "err.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "os.h"

#define RESTART_MS 60000
#define ANSWER_MS 5000

/* Prints the answer as JSON and swallows it, or leaves it in *ANSWER for a screen. */
static int
tell(const struct asked *a, const char *verb, struct json_object **answer)
{
	int status = ask(a, verb, NULL, NULL, NULL, answer);

	if (status == EXIT_OK && a->json) {
		print_json(*answer);
		json_object_put(*answer);
		*answer = NULL;
	}
	return status;
}

int
cmd_pause(const struct asked *a)
{
	struct json_object *o;
	int status = tell(a, "pause", &o);

	if (o != NULL)
		printf("paused: no more jobs are taken, what runs goes on; midctl resume ends it\n");
	json_object_put(o);
	return status;
}

int
cmd_resume(const struct asked *a)
{
	struct json_object *o;
	int status = tell(a, "resume", &o);

	if (o != NULL)
		printf("resumed: the instance is asked for work\n");
	json_object_put(o);
	return status;
}

/* Of the midd that has taken the place of the one that ends; NULL when none has in time. */
static struct json_object *
next_midd(const struct asked *a, int64_t since_ms)
{
	const struct timespec each = { .tv_nsec = 200000000 };
	struct json_object *o = NULL;
	struct err err;
	int r;

	while (os_time_ms() - since_ms < RESTART_MS) {
		(void)nanosleep(&each, NULL);
		r = control_ask(a->control, "version", NULL, ANSWER_MS, NULL, NULL, &o, &err);
		if (r == 0 && json_int(o, "up_ms", INT64_MAX) < os_time_ms() - since_ms)
			return o;
		json_object_put(o);
	}
	return NULL;
}

int
cmd_restart(const struct asked *a)
{
	int64_t since_ms = os_time_ms();
	struct json_object *o;
	int status = ask(a, "restart", NULL, NULL, NULL, &o);

	if (status != EXIT_OK)
		return status;
	json_object_put(o);
	o = next_midd(a, since_ms);
	if (o == NULL) {
		complain("midd has not come back within %d s: midctl doctor, and the system's log, tell why", RESTART_MS / 1000);
		return EXIT_PROBLEM;
	}
	if (a->json)
		print_json(o);
	else
		printf("restarted: midd %s, pid %d\n", json_str(o, "version", "?"), (int)json_int(o, "pid", 0));
	json_object_put(o);
	return EXIT_OK;
}

int
cmd_poll(const struct asked *a)
{
	struct json_object *o;
	int status = tell(a, "poll", &o);
	const char *rests = json_str(o, "rests", "");

	if (o != NULL && rests[0] != '\0')
		printf("asked, but no work is taken now: %s\n", rests);
	else if (o != NULL)
		printf("the instance is asked for work\n");
	json_object_put(o);
	return status;
}

int
cmd_audit_verify(const struct asked *a)
{
	struct json_object *o;
	bool good;
	char n[FMT_MAX];
	int status = ask(a, "audit", NULL, NULL, NULL, &o);

	if (status != EXIT_OK)
		return status;
	good = json_flag(o, "ok", false);
	if (a->json)
		print_json(o);
	else if (good)
		printf("the audit is whole: %s rows\n", fmt_count(n, json_int(o, "rows", 0)));
	else
		printf("the audit is BROKEN at row %s: somebody has changed or removed something\n",
		    fmt_count(n, json_int(o, "broken_at", 0)));
	json_object_put(o);
	return good ? EXIT_OK : EXIT_PROBLEM;
}

int
cmd_metrics(const struct asked *a)
{
	struct json_object *o;
	int status = tell(a, "metrics", &o);

	if (o != NULL)
		fputs(json_str(o, "text", ""), stdout);
	json_object_put(o);
	return status;
}

/* Also without midd: then its part is missing, and the status says so. */
int
cmd_version(const struct asked *a)
{
	struct json_object *o, *both;
	char age[FMT_MAX];
	int status = ask(a, "version", NULL, NULL, NULL, &o);

	if (a->json) {
		both = json_object_new_object();
		json_put_str(both, "midctl", MIDD_VERSION);
		json_put_take(both, "midd", json_object_get(o));
		print_json(both);
		json_object_put(both);
	} else {
		printf("midctl %s\n", MIDD_VERSION);
		if (o != NULL)
			printf("midd %s, pid %d, up %s, %s\n", json_str(o, "version", "?"), (int)json_int(o, "pid", 0),
			    fmt_age(age, json_int(o, "up_ms", 0)), json_str(o, "agent", "?"));
	}
	json_object_put(o);
	return status;
}
