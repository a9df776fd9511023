/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_event - the lines that have a name of their own, for people who look for
 * them and programs that wait for them. A name is for ever. The journal knows
 * them as MESSAGE_ID; packaging/systemd/midd.catalog says what to do about each.
 */
#ifndef MID_LOG_EVENT_H
#define MID_LOG_EVENT_H

enum log_event {
	EV_NONE,
	EV_UP,
	EV_STOPPING,
	EV_NO_START,
	EV_RELOAD_REFUSED,
	EV_NEEDS_RESTART,
	EV_NO_PROGRESS,
	EV_NO_WORK,
	EV_NOT_DELIVERED,
	EV_SELF,
	EV_CERT_EXPIRED,
	EV_CERT_ENDS,
	EV_CERT_RENEWED,
	EV_CERT_NOT_RENEWED,
	EV_PASSWORD,
	EV_REFUSED_RESULT,
	EV_REFUSED_CIS,
	EV_STORE_DAMAGED,
	EV_DISK_FULL,
	EV_DISK_ROOM,
	EV_QUARANTINE,
	EV_INTERRUPTED,
	EV_JOB_FAILED,
	EV_POLICY,
	EV_LEARNING,
	EV_SCRIPT,
	EV_HOSTKEY,
	EV_NO_GUARD,
	EV_WORKER_ENDED,
	EV_NO_WORKERS,
	EV_FORBIDDEN_CALL,
	EV_PAUSED,
	EV_RESUMED,
	EV_PUSH,
	EV_END
};

/* 32 hex digits, and a word; NULL for EV_NONE. Borrowed, for ever. */
const char *log_event_id(enum log_event ev);
const char *log_event_name(enum log_event ev);

#endif
