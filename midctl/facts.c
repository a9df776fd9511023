/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - a captured output of a Unix command as JSON, by the readers that facts
 * are made with. A worker of our own reads it, in its sandbox: the file may come
 * from anybody.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "json.h"
#include "midctl.h"
#include "run.h"

#define TIMEOUT_MS 60000

int
cmd_facts_parse(const struct asked *a)
{
	const char *reads[] = { NULL, NULL };
	struct run_what w = { .topic = "ParseOutput", .source = "", .name = "", .timeout_ms = TIMEOUT_MS, .read_paths = reads };
	char *file;
	int status;

	if (a->system == NULL || a->command == NULL) {
		complain("facts parse: say whose output it is, for example --system linux --command df");
		return EXIT_USAGE;
	}
	file = real_file("facts parse", a->words[0], "name the file that holds the output, as written there by: df -Pk >df.txt");
	if (file == NULL)
		return EXIT_USAGE;
	reads[0] = file;
	w.params = json_object_new_object();
	json_put_str(w.params, "system", a->system);
	json_put_str(w.params, "command", a->command);
	json_put_str(w.params, "file", file);
	status = run_alone(a, &w);
	json_object_put(w.params);
	free(file);
	return status;
}
