/* SPDX-License-Identifier: Apache-2.0 */
/* params - what a Discover job and the configuration say in words; pure, see inside.h. */
#include <stdio.h>
#include <string.h>

#include "config/options.h"
#include "discovery/inside.h"
#include "err.h"
#include "xalloc.h"

char *
way_topic(const char *rules, const char *ways)
{
	const char *end;
	size_t n = strcspn(ways, ","), len;

	while (*rules != '\0') {
		rules += strspn(rules, ", ");
		len = strcspn(rules, ", ");
		end = memchr(rules, '=', len);
		if (end != NULL && (size_t)(end - rules) == n && strncmp(rules, ways, n) == 0)
			return xstrndup(end + 1, len - n - 1);
		rules += len;
	}
	return NULL;
}

char *
discovery_sent_key(const char *sent, const char *topic, const char *who)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.:-_= ";

	return strncmp(who, "name=", 5) != 0 || who[strspn(who, plain)] != '\0' || strlen(who) > WHO_MAX ? xstrdup(sent) :
	    xasprintf("%s %s", topic, who);
}

int
deadline_read(const char *text, int64_t *ms, struct err *err)
{
	char seconds[40];

	if (text[0] == '\0')
		return 0;
	snprintf(seconds, sizeof(seconds), "%.30s%s", text, text[strspn(text, "0123456789")] == '\0' ? "s" : "");
	return duration_parse(seconds, ms) == 0 ? 0 :
	    err_set(err, E_BAD, "deadline is \"%.40s\": how long it may take, for example 90m", text);
}
