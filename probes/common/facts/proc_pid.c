/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proc_pid - what /proc/PID/{stat,status,cmdline} say of one process.
 */
#include "facts/parsers.h"

#include <stdlib.h>
#include <string.h>

#include "facts/out.h"

#define TICKS_PER_S	100	/* what user space sees on every Linux of today */
#define KERNEL_THREAD	0x00200000
#define COMMAND_MAX	4096

static const struct {
	const char letter;
	const char *name;
} states[] = {
	{ 'R', "running" },
	{ 'S', "sleeping" },
	{ 'D', "waiting" },
	{ 'Z', "zombie" },
	{ 'T', "stopped" },
	{ 't', "traced" },
	{ 'X', "dead" },
	{ 'I', "idle" },
};

static const char *
state_name(char letter)
{
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (states[i].letter == letter)
			return states[i].name;
	return "other";
}

/* The name stands in brackets and may hold brackets and blanks itself. */
static bool
split_name(struct str all, struct str *name, struct str *rest)
{
	const char *open = memchr(all.p, '(', all.n);
	const char *close = memrchr(all.p, ')', all.n);

	if (open == NULL || close == NULL || close < open)
		return false;
	*name = (struct str){ open + 1, (size_t)(close - open - 1) };
	*rest = (struct str){ close + 1, (size_t)(all.p + all.n - close - 1) };
	return true;
}

/* Words are counted as in proc(5): the state is word 3. */
int
parse_proc_stat(const char *data, size_t len, struct json_object *out)
{
	struct str name, rest, word;
	uint64_t v;
	int i;

	if (len == 0 || !split_name((struct str){ data, len }, &name, &rest))
		return -1;
	out_text(out, "name", name);
	for (i = 3; i <= 22 && str_word(&rest, &word); i++) {
		if (i == 3)
			out_cstr(out, "state", state_name(word.p[0]));
		else if (i == 4 && str_u64(word, 10, &v))
			out_u64(out, "ppid", v);
		else if (i == 9 && str_u64(word, 10, &v) && (v & KERNEL_THREAD))
			out_bool(out, "kernel", true);
		else if (i == 20 && str_u64(word, 10, &v))
			out_u64(out, "threads", v);
		else if (i == 22 && str_u64(word, 10, &v))
			out_real(out, "started_after_boot_s",
			    (double)v / TICKS_PER_S);
	}
	return 0;
}

/* The second number of "Uid:" is the user that counts for permissions. */
static void
put_uid(struct json_object *out, struct str value)
{
	struct str word;
	uint64_t uid;

	if (str_word(&value, &word) && str_word(&value, &word) &&
	    str_u64(word, 10, &uid))
		out_u64(out, "uid", uid);
}

int
parse_proc_status(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	uint64_t kib;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		if (str_eq(key, "Uid"))
			put_uid(out, value);
		if (!str_eq(key, "VmRSS"))
			continue;
		if (str_leading_u64(value, &kib) && kib < UINT64_MAX / 1024)
			out_u64(out, "rss_bytes", kib * 1024);
		break;		/* nothing below is asked for */
	}
	return 0;
}

/* Arguments end with a NUL each; a program that renamed itself may pad with more. */
int
parse_proc_cmdline(const char *data, size_t len, struct json_object *out)
{
	struct str all = { data, len }, first;
	char *line;
	size_t i, n;

	while (all.n > 0 && all.p[all.n - 1] == '\0')
		all.n--;
	if (!str_part(&(struct str){ all.p, all.n }, '\0', &first))
		return 0;
	out_text(out, "executable", str_left(first, COMMAND_MAX));
	n = all.n < COMMAND_MAX ? all.n : COMMAND_MAX;
	line = malloc(n);
	if (line == NULL)
		return -1;
	for (i = 0; i < n; i++)
		line[i] = all.p[i] != '\0' ? all.p[i] : ' ';
	out_text(out, "command", (struct str){ line, n });
	if (n < all.n)
		out_bool(out, "command_truncated", true);
	free(line);
	return 0;
}
