/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midd-facts - what an inventory of this host needs and midd's own user may not
 * read: serial numbers, and the processes that its sandbox hides, with the
 * sockets they have open: midd-facts(8).
 *
 * The connection is standard input. It reads one fixed word and tells a fixed
 * list, then ends: nobody can ask it for anything else. Form of the answer: a
 * line that is random, then as probes/common/facts/source_bundle.h says, with
 * that line for a mark.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cage.h"

#define WORD "facts\n"
#define FILE_MAX_BYTES (256u * 1024)
#define OF_PROCESS_MAX 8192u	/* a command line may have megabytes */
#define PROCESSES_MAX 20000u
#define SOCKETS_MAX 60000u	/* a reader takes 100,000 entries in all */

static const char *const files[] = {
	"sys/class/dmi/id/product_serial", "sys/class/dmi/id/product_uuid", "sys/class/dmi/id/board_serial",
	"sys/class/dmi/id/chassis_serial", "sys/firmware/dmi/tables/smbios_entry_point", "sys/firmware/dmi/tables/DMI",
};
static const char *const of_process[] = { "stat", "status", "cmdline", "comm" };

static const int calls[] = {
	SYS_read, SYS_write, SYS_openat, SYS_close, SYS_getdents64, SYS_readlinkat, SYS_fstat, SYS_newfstatat, SYS_lseek, SYS_fcntl, SYS_brk,
	SYS_mmap, SYS_munmap, SYS_exit_group,
};

static char mark[33], out[64u * 1024];
static size_t have;
static unsigned sockets;

static void
flush(void)
{
	size_t at = 0;
	ssize_t n;

	while (at < have) {
		n = write(STDOUT_FILENO, out + at, have - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			exit(0);	/* nobody listens any more */
		at += (size_t)n;
	}
	have = 0;
}

static void
put(const char *p, size_t n)
{
	size_t k;

	while (n > 0) {
		k = n < sizeof(out) - have ? n : sizeof(out) - have;
		memcpy(out + have, p, k);
		have += k;
		p += k;
		n -= k;
		if (have == sizeof(out))
			flush();
	}
}

static void __attribute__((format(printf, 1, 2)))
say(const char *fmt, ...)
{
	char text[400];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < sizeof(text))
		put(text, (size_t)n);
}

/* PATH is below /; what may not be read, or is not there, is left out. */
static void
tell_file(int root, const char *path, size_t max)
{
	static char bytes[FILE_MAX_BYTES];
	size_t len = 0;
	ssize_t n = 1;
	int fd = openat(root, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	while (len < max && (n = read(fd, bytes + len, max - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (n < 0)
		return;
	say("\n%sF %s\n", mark, path);
	put(bytes, len);
}

static bool
is_number(const char *name)
{
	return name[0] >= '1' && name[0] <= '9' && strspn(name, "0123456789") == strlen(name) && strlen(name) < 11;
}

static DIR *
open_folder(int root, const char *path)
{
	int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (d == NULL && fd >= 0)
		close(fd);
	return d;
}

/* Of what it has open, the sockets: by their numbers others find whose they are. */
static void
tell_sockets(int root, const char *pid)
{
	char path[64], link[64];
	struct dirent *e;
	ssize_t n;
	DIR *d;

	snprintf(path, sizeof(path), "proc/%.11s/fd", pid);
	d = open_folder(root, path);
	while (d != NULL && (e = readdir(d)) != NULL) {
		n = readlinkat(dirfd(d), e->d_name, link, sizeof(link) - 1);
		if (n <= 8 || memcmp(link, "socket:[", 8) != 0 || sockets >= SOCKETS_MAX)
			continue;
		link[n] = '\0';
		sockets++;
		say("\n%sL %s/%.11s\n%s", mark, path, e->d_name, link);
	}
	if (d != NULL)
		closedir(d);
}

static void
tell_processes(int root)
{
	DIR *d = open_folder(root, "proc");
	unsigned count = 0;
	struct dirent *e;
	char path[64];
	size_t i;

	while (d != NULL && (e = readdir(d)) != NULL && count < PROCESSES_MAX) {
		if (!is_number(e->d_name))
			continue;
		count++;
		for (i = 0; i < sizeof(of_process) / sizeof(of_process[0]); i++) {
			snprintf(path, sizeof(path), "proc/%.11s/%s", e->d_name, of_process[i]);
			tell_file(root, path, OF_PROCESS_MAX);
		}
		tell_sockets(root, e->d_name);
	}
	if (d != NULL)
		closedir(d);
}

static void
make_mark(void)
{
	unsigned char bytes[16];
	size_t i;

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		exit(1);
	for (i = 0; i < sizeof(bytes); i++)
		snprintf(mark + 2 * i, 3, "%02x", bytes[i]);
}

static bool
hear_word(void)
{
	char word[sizeof(WORD)];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(WORD) - 1 && (n = read(STDIN_FILENO, word + len, sizeof(WORD) - 1 - len)) > 0)
		len += (size_t)n;
	return len == sizeof(WORD) - 1 && memcmp(word, WORD, len) == 0;
}

int
main(int argc, char **argv)
{
	struct cage cage = { .calls = calls, .ncalls = sizeof(calls) / sizeof(calls[0]),
		.keep = 1u << CAP_DAC_READ_SEARCH | 1u << CAP_SYS_PTRACE };
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	size_t i;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "usage: midd-facts\nIt is started by the service manager, with a connection as standard input: midd-facts(8)\n");
		return 2;
	}
	make_mark();
	if (root < 0 || !cage_close(&cage)) {
		fprintf(stderr, "midd-facts: the sandbox: %s\n", strerror(errno));
		return 1;
	}
	if (!hear_word())
		return 1;
	say("%s\n", mark);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		tell_file(root, files[i], FILE_MAX_BYTES);
	tell_processes(root);
	say("\n%sE\n", mark);
	flush();
	return 0;
}
