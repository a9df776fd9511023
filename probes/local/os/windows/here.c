/* SPDX-License-Identifier: Apache-2.0 */
/*
 * here - see here.h: Windows tells by calls and by the registry, a section each. What
 * the firmware says is given as the same file that Linux has, so its collectors do.
 */
#include "../../here.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "facts/parsers.h"
#include "facts/sections.h"
#include "facts/source.h"
#include "win.h"

static const struct { const char *section; facts_collect_fn *collect; } collectors[] = {
	{ "os", win_os }, { "host", win_host }, { "cpu", win_cpu }, { "memory", win_memory }, { "dmi", facts_dmi },
	{ "dimms", facts_dimms }, { "block_devices", win_block_devices }, { "partitions", win_partitions },
	{ "interfaces", win_interfaces }, { "addresses", win_addresses }, { "routes", win_routes }, { "dns", win_dns },
	{ "time", win_time }, { "filesystems", win_filesystems }, { "virtual", facts_virtual }, { "packages", win_software },
	{ "processes", win_processes }, { "sockets", win_sockets }, { "services", win_services }, { "users", win_users },
	{ "groups", win_groups }, { "neighbours", win_neighbours },
};

static facts_collect_fn *
here_collector(const char *section)
{
	size_t i;

	for (i = 0; i < sizeof(collectors) / sizeof(collectors[0]); i++)
		if (strcmp(collectors[i].section, section) == 0)
			return collectors[i].collect;
	return NULL;
}

static int
here_read_all(struct facts_source *s, const char *path, size_t max, size_t line_max, struct facts_bytes *out)
{
	size_t n;
	char *table;

	(void)s, (void)line_max;
	if (strcmp(path, "sys/firmware/dmi/tables/DMI") != 0)
		return -ENOENT;
	table = win_smbios(&n);
	if (table == NULL)
		return -ENOENT;
	if (n > max) {
		free(table);
		return -EFBIG;
	}
	*out = (struct facts_bytes){ table, n };
	return 0;
}

/* sys/class/dmi/id/NAME, of which the section virtual asks: the table's own. */
static int
here_read(struct facts_source *s, const char *path, char *buf, size_t size, size_t *len)
{
	static const char dir[] = "sys/class/dmi/id/";
	struct json_object *found;
	struct facts_bytes b;
	const char *text = NULL;
	int r = -ENOENT;

	if (strncmp(path, dir, sizeof(dir) - 1) != 0 || here_read_all(s, "sys/firmware/dmi/tables/DMI", 1u << 20, 0, &b) < 0)
		return -ENOENT;
	found = json_object_new_object();
	if (parse_smbios_dmi(b.data, b.len, found) == 0)
		text = out_get_text(found, path + sizeof(dir) - 1);
	if (text != NULL && strlen(text) < size) {
		*len = strlen(text);
		memcpy(buf, text, *len + 1);
		r = 0;
	}
	json_object_put(found);
	facts_bytes_free(&b);
	return r;
}

static int
no_list(struct facts_source *s, const char *dir, struct facts_names *out)
{
	(void)s, (void)dir, (void)out;
	return -ENOENT;
}

static int
no_link(struct facts_source *s, const char *path, char *buf, size_t size)
{
	(void)s, (void)path, (void)buf, (void)size;
	return -ENOENT;
}

static int
no_stat(struct facts_source *s, const char *path, struct facts_stat *out)
{
	(void)s, (void)path, (void)out;
	return -ENOENT;
}

static void
here_close(struct facts_source *s)
{
	free(s);
}

static const struct facts_source_ops here_ops = {
	.read = here_read,
	.read_all = here_read_all,
	.list = no_list,
	.link = no_link,
	.stat = no_stat,
	.close = here_close,
	.collector = here_collector,
};

int
here_open(struct facts_source **out, const char *root)
{
	struct facts_source *s;

	if (strcmp(root, "/") != 0)
		return -ENOTSUP;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return -ENOMEM;
	s->ops = &here_ops;
	s->live = true;
	*out = s;
	return 0;
}
