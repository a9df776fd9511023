/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reserve - room for the last words when the disk is full.
 *
 * PATH.reserve holds a megabyte of nothing. When a commit fails for want of
 * room the file is removed and the commit tried again; from then on the store
 * is *tight*: no new jobs, no results over SMALL_BYTES, no events; but
 * outcomes, small results (a failure in a few words) and everything that
 * takes rows away still go through. So what runs can end and what waits can
 * be delivered, which is what makes room. The reserve comes back first.
 */
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "os.h"
#include "store/db.h"
#include "xalloc.h"

#define LOW_BYTES RESERVE_BYTES			/* below this we are tight without having failed */
#define ENOUGH_BYTES (3 * (int64_t)RESERVE_BYTES)	/* what must be free before the reserve is made again */

static char *
reserve_path(const struct db *db)
{
	return xasprintf("%s.reserve", db->path);
}

static bool
is_there(const char *path)
{
	FILE *f = fopen(path, "rb");
	bool full = false;

	if (f != NULL) {
		full = fseek(f, 0, SEEK_END) == 0 && ftell(f) == RESERVE_BYTES;
		fclose(f);
	}
	return full;
}

/* Zeros, and what repeats, take no room where the file system squeezes. */
static char *
nothing_new(void)
{
	uint64_t *v = xcalloc(1, RESERVE_BYTES), x;
	size_t i;

	os_random(&x, sizeof(x));
	for (i = 0; i < RESERVE_BYTES / sizeof(*v); i++) {
		x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);	/* Knuth's MMIX: no secret, only no pattern */
		v[i] = x;
	}
	return (char *)v;
}

void
reserve_make(struct db *db)
{
	char *path = reserve_path(db);
	int64_t room = os_disk_free(db->path);
	struct err err;
	char *nothing;

	db->reserve = is_there(path);
	if (!db->reserve && (room < 0 || room >= ENOUGH_BYTES)) {
		nothing = nothing_new();
		db->reserve = os_write_file(path, nothing, RESERVE_BYTES, 0600, &err) == 0;
		free(nothing);
	}
	if (!db->reserve && !db->tight)
		log_event(EV_DISK_FULL, LOG_LV_WARN, "store", "only %lld kB are free on the disk of %s, too little to keep some in reserve: "
		    "no new work is taken until there is room", (long long)room / 1024, db->path);
	if (!db->reserve)
		db->tight = true;
	free(path);
}

bool
reserve_release(struct db *db)
{
	char *path = reserve_path(db);
	bool had = db->reserve && remove(path) == 0;

	if (had)
		log_event(EV_DISK_FULL, LOG_LV_WARN, "store", "the disk is full: the reserve %s is used now, no new work is taken until there is room", path);
	db->reserve = false;
	free(path);
	return had;
}

void
reserve_look(struct db *db)
{
	int64_t room = os_disk_free(db->path);

	if (room < 0)
		room = ENOUGH_BYTES;	/* nobody can tell: the next commit will */
	if (!db->tight && room < LOW_BYTES) {
		db->tight = true;
		log_event(EV_DISK_FULL, LOG_LV_WARN, "store", "only %lld kB are left on the disk of %s: no new work is taken until there is room",
		    (long long)room / 1024, db->path);
	}
	if (!db->tight || room < ENOUGH_BYTES)
		return;
	reserve_make(db);
	if (db->reserve) {
		db->tight = false;
		log_event(EV_DISK_ROOM, LOG_LV_INFO, "store", "the disk has room again, work goes on");
	}
}
