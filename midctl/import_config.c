/* SPDX-License-Identifier: Apache-2.0 */
/* import-config - a MID Server's config.xml as a drop-in for midd. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "buf.h"
#include "cmd.h"
#include "err.h"
#include "import.h"
#include "json.h"
#include "midctl.h"
#include "os.h"

#define FILE_MAX (1u << 20)
#define YAML_MAX (4u << 20)

static int
write_out(const char *file, const struct buf *yaml, struct err *err)
{
	struct err why;
	int r;

	(void)umask(022);	/* as midctl enroll does: what is written here is for another user to read */
	r = os_write_new_file(file, buf_str(yaml), yaml->len, 0644, &why);

	if (r == -E_EXISTS)
		return err_set(err, E_EXISTS, "--output: %s is there already: name another file", file);
	return r == 0 ? 0 : err_set(err, -r, "--output: %s: %s", why.text, r == -E_FULL ? "make room there" : "name a file in a folder where you may write");
}

static int
show(const struct asked *a, const struct imported *im, struct err *err)
{
	struct json_object *o;
	struct buf yaml;
	int r;

	buf_init(&yaml, YAML_MAX);
	r = import_yaml(im, &yaml);
	if (r < 0)
		err_set(err, E_FULL, "%s: too much of it to write down", a->words[0]);
	else if (a->output != NULL)
		r = write_out(a->output, &yaml, err);
	if (r == 0 && a->json) {
		o = json_object_new_object();
		json_put_take(o, "options", json_object_get(im->options));
		json_put_take(o, "moved", json_object_get(im->moved));
		json_put_take(o, "left", json_object_get(im->left));
		json_put_take(o, "same", json_object_get(im->same));
		print_json(o);
		json_object_put(o);
	} else if (r == 0 && a->output == NULL) {
		print_buf(&yaml);
	} else if (r == 0) {
		printf("%s: %d settings moved, %d left: they stand there with the reason\n", a->output,
		    json_object_object_length(im->options), (int)json_object_array_length(im->left));
	}
	buf_fini(&yaml);
	return r;
}

int
cmd_import_config(const struct asked *a)
{
	struct err err = { 0, "" };
	struct imported im;
	struct buf text;
	char why[320];
	int r, status = EXIT_PROBLEM;

	buf_init(&text, FILE_MAX);
	r = os_read_file(&text, a->words[0], &err);
	if (r < 0) {
		snprintf(why, sizeof(why), "%.300s", err.text);
		err_set(&err, -r, "%s: name the MID Server's config.xml, as AGENTFOLDER/config.xml", why);
	} else {
		r = import_xml(&im, buf_str(&text), text.len, &err);
		if (r < 0)
			err_in(&err, "%s", a->words[0]);
	}
	if (r == 0) {
		r = show(a, &im, &err);
		status = json_object_array_length(im.left) > 0 ? EXIT_PARTIAL : EXIT_OK;
		import_fini(&im);
	}
	if (r < 0)
		complain("%s", err.text);
	buf_wipe(&text);
	return r < 0 ? EXIT_PROBLEM : status;
}
