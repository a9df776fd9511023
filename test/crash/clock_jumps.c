/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock_jumps - a wall clock that is set while the program runs.
 *
 * Preloaded into midd. CLOCK_SHIFT names a file of 8 bytes, a signed number of
 * seconds in the machine's byte order, by which the wall clock is wrong; it may
 * change at any time. The monotonic clock is left alone, as a kernel would.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static const volatile int64_t still, *shift = &still;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("CLOCK_SHIFT");
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *map;

	/* Workers keep the true clock: they may not open files. */
	unsetenv("LD_PRELOAD");
	if (fd < 0)
		return;
	map = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		shift = map;
	close(fd);
}

EXPORT int
clock_gettime(clockid_t which, struct timespec *t)
{
	static int (*real)(clockid_t, struct timespec *);
	int r;

	if (real == NULL)
		real = (__typeof__(real))dlsym(RTLD_NEXT, "clock_gettime");
	r = real(which, t);
	if (r == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
		t->tv_sec += *shift;
	return r;
}

EXPORT time_t
time(time_t *out)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_REALTIME, &t);
	if (out != NULL)
		*out = t.tv_sec;
	return t.tv_sec;
}

EXPORT int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec t = { 0 };

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &t);
	tv->tv_sec = t.tv_sec;
	tv->tv_usec = t.tv_nsec / 1000;
	return 0;
}
