/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profiles - the profiles of network devices: which there are, whether a file of
 * them is right, and which rule gives which value of a device or of a recorded
 * one. Files are read by a worker of our own, in its sandbox.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "json.h"
#include "midctl.h"
#include "os.h"
#include "run.h"

#define TIMEOUT_MS 60000
#define WORDS_MAX 34

static int
offline(const struct asked *a, const char *what, const char *path)
{
	char *file = path == NULL ? NULL : real_file("profiles", path, "name a file of profiles, such as those that profiles list names");
	const char *reads[] = { file, NULL };
	struct run_what w = { .topic = "SnmpProfiles", .source = "", .name = "", .timeout_ms = TIMEOUT_MS, .read_paths = reads };
	int status;

	if (path != NULL && file == NULL)
		return EXIT_USAGE;
	w.params = json_object_new_object();
	json_put_str(w.params, "what", what);
	if (file != NULL)
		json_put_str(w.params, "file", file);
	json_put_str(w.params, "document", a->json ? "yes" : "no");
	status = run_alone(a, &w);
	json_object_put(w.params);
	free(file);
	return status;
}

int
cmd_profiles_list(const struct asked *a)
{
	return offline(a, "list", NULL);
}

int
cmd_profiles_check(const struct asked *a)
{
	return offline(a, "check", a->words[0]);
}

/* A file is a recording; whatever else is a device, asked through midd as any job is. */
int
cmd_profiles_test(const struct asked *a)
{
	char topic[] = "SnmpFacts", explain[] = "explain=yes", *words[WORDS_MAX];
	struct asked run = *a;
	char *file = os_real_path(a->words[0]);
	bool is_file = file != NULL || strchr(a->words[0], '/') != NULL;
	int i;

	free(file);
	if (is_file)
		return offline(a, "test", a->words[0]);
	if (a->nwords > WORDS_MAX - 1) {
		complain("too many words");
		return EXIT_USAGE;
	}
	words[0] = topic;
	for (i = 1; i < a->nwords; i++)
		words[i] = a->words[i];
	words[i] = explain;
	run.words = words;
	run.nwords = a->json ? i : i + 1;
	run.source = a->words[0];
	return cmd_run(&run);
}
