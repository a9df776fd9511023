/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_journal - the event log of Windows, for a service, which has no standard
 * error. The fields MESSAGE and PRIORITY make the event; the rest follows it, a line each.
 */
#include "os.h"

#include "os_win.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "os_service.h"

#define EVENT_TEXT 1		/* events.mc: what we say, as it is */
#define LINES_MAX 4096

bool
os_journal_reads_stderr(void)
{
	return win_is_service();
}

static WORD
type_of(int priority)
{
	return priority <= 3 ? EVENTLOG_ERROR_TYPE : priority == 4 ? EVENTLOG_WARNING_TYPE : EVENTLOG_INFORMATION_TYPE;
}

int
os_journal_send(const char *fields, size_t n)
{
	static HANDLE log;
	char message[LINES_MAX] = "", rest[LINES_MAX] = "", text[2 * LINES_MAX + 8];
	const char *end = fields + n, *at, *next;
	const char *said = text;
	int priority = 6;
	size_t used = 0;

	if (log == NULL)
		log = RegisterEventSourceA(NULL, WIN_SERVICE);
	if (log == NULL)
		return -E_OS;
	for (at = fields; at < end; at = next + 1) {
		next = memchr(at, '\n', (size_t)(end - at));
		if (next == NULL)
			next = end;
		if (strncmp(at, "MESSAGE=", 8) == 0)
			snprintf(message, sizeof(message), "%.*s", (int)(next - at - 8), at + 8);
		else if (strncmp(at, "PRIORITY=", 9) == 0)
			priority = atoi(at + 9);
		else if (used < sizeof(rest))
			used += (size_t)snprintf(rest + used, sizeof(rest) - used, "%.*s\r\n", (int)(next - at), at);
	}
	snprintf(text, sizeof(text), "%s\r\n\r\n%s", message, rest);
	return ReportEventA(log, type_of(priority), 0, EVENT_TEXT, NULL, 1, 0, &said, NULL) ? 0 : -E_OS;
}
