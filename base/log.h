/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log - one line an event, for the person who operates this.
 *
 * err: somebody must act. warn: we go on. info: an operator would want it.
 * debug: free. The subsystem comes first, the job's id is always in the line,
 * what happens next stands at its end. Foreign text is escaped and cut here.
 * Goes to standard error: plain, or as JSON lines; or to the journal when that
 * reads our standard error, with fields: MIDD_SUB; MIDD_JOB, MIDD_TOPIC and
 * MIDD_TARGET of a line that begins "job ID (TOPIC at TARGET)", "job ID (TOPIC)"
 * or "job ID"; MESSAGE_ID of an event (log_event.h).
 */
#ifndef MID_LOG_H
#define MID_LOG_H

#include "log_event.h"

enum log_level { LOG_LV_ERR, LOG_LV_WARN, LOG_LV_INFO, LOG_LV_DEBUG };
enum log_form { LOG_PLAIN, LOG_JOURNAL, LOG_JSON };

/* A tap sees each line that passed the level, after escaping: the integration log. */
typedef void log_tap(void *arg, enum log_level level, const char *sub, const char *text);

void log_setup(const char *program, enum log_level level, enum log_form form);
void log_set_tap(log_tap *tap, void *arg);	/* NULL: none */
int log_level_parse(const char *s, enum log_level *out);	/* 0 or -1 */
int log_form_parse(const char *s, enum log_form *out);
const char *log_level_name(enum log_level level);
void log_at(enum log_level level, const char *sub, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void log_event(enum log_event ev, enum log_level level, const char *sub, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#define log_err(...) log_at(LOG_LV_ERR, __VA_ARGS__)
#define log_warn(...) log_at(LOG_LV_WARN, __VA_ARGS__)
#define log_info(...) log_at(LOG_LV_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_LV_DEBUG, __VA_ARGS__)

#endif
