/* SPDX-License-Identifier: Apache-2.0 */
/* protect - a file with a secret, locked to this machine where it lies; see secret.h. */
#include <stdio.h>

#include "cmd.h"
#include "err.h"
#include "json.h"
#include "midctl.h"
#include "os.h"
#include "secret.h"

int
cmd_protect(const struct asked *a)
{
	struct json_object *list, *o;
	struct err err = { 0, "" };
	int i, r = 0;

	if (!os_machine_binds()) {
		complain("this system locks no file to the machine by itself: midctl enroll --sealed (systemd-creds), or --key tpm2");
		return EXIT_PROBLEM;
	}
	list = json_object_new_array();
	for (i = 0; r >= 0 && i < a->nwords; i++) {
		r = secret_lock_file(a->words[i], &err);
		if (r < 0)
			break;
		o = json_object_new_object();
		json_put_str(o, "file", a->words[i]);
		json_put_bool(o, "was_open", r == 1);
		json_add_take(list, o);
		if (!a->json)
			printf("%s: %s\n", a->words[i], r == 1 ? "locked to this machine" : "was locked already");
	}
	if (a->json)
		print_json(list);
	json_object_put(list);
	if (r < 0)
		complain("%s", err.text);
	return r < 0 ? EXIT_PROBLEM : EXIT_OK;
}
