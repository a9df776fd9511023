/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sysinfo - /proc/sysinfo of s390x: the machine, the partition, the hypervisor.
 */
#include "facts/parsers.h"

#include <stdio.h>

#include "facts/out.h"

static const struct {
	const char *key, *field;
} texts[] = {
	{ "Manufacturer", "manufacturer" },
	{ "Sequence Code", "machine_serial" },
	{ "LPAR Name", "lpar_name" },
	{ "VM00 Name", "vm_name" },
};

/* "0 0 0 4 6 4": the last four are drawers, books, sockets, cores, each in one of what is before. */
static void
put_topology(struct json_object *out, struct str value)
{
	uint64_t n[6];
	struct str word;
	unsigned int i;

	for (i = 0; i < 6; i++)
		if (!str_word(&value, &word) || !str_u64(word, 10, &n[i]))
			return;
	if (n[2] > 0)
		out_u64(out, "machine_drawers", n[2]);
	if (n[3] > 0)
		out_u64(out, "machine_books", n[3]);
	out_u64(out, "machine_sockets_per_book", n[4]);
	out_u64(out, "machine_cores_per_socket", n[5]);
}

/* "z/VM    6.4.0", with one blank. */
static void
put_program(struct json_object *out, struct str value)
{
	struct str name = { "", 0 }, version = name;
	char text[80];

	(void)str_word(&value, &name);
	(void)str_word(&value, &version);
	(void)snprintf(text, sizeof(text), "%.*s%s%.*s", (int)str_left(name, 30).n, name.p, version.n > 0 ? " " : "", (int)str_left(version, 30).n, version.p);
	out_cstr(out, "hypervisor", text);
}

int
parse_s390_sysinfo(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	bool any = false;
	size_t i;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			if (str_eq(key, texts[i].key))
				out_text(out, texts[i].field, value);
		if (str_eq(key, "VM00 Control Program"))
			put_program(out, value);
		else if (str_eq(key, "LPAR Number") &&
		    out_get_text(out, "hypervisor") == NULL)
			out_cstr(out, "hypervisor", "PR/SM");
		else if (str_eq(key, "CPU Topology SW"))
			put_topology(out, value);
		any = true;
	}
	return any ? 0 : -1;
}
