/* SPDX-License-Identifier: Apache-2.0 */
/* params - what a Discover job and the configuration say in words; pure, see inside.h and discovery.h. */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "config/options.h"
#include "discovery/inside.h"
#include "err.h"
#include "json.h"
#include "policy/address.h"
#include "policy/policy.h"
#include "xalloc.h"

#define ADDRESSES_MAX (1 << 25)		/* all private IPv4 addresses, twice: each 4,096 of them are a row */

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

const char *
who_of(const char *who)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.:-_= ";

	return strncmp(who, "name=", 5) != 0 || who[strspn(who, plain)] != '\0' || strlen(who) > WHO_MAX ? "" : who;
}

char *
discovery_sent_key(const char *sent, const char *topic, const char *who)
{
	return who_of(who)[0] == '\0' ? xstrdup(sent) : xasprintf("%s %s", topic, who);
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

int
discovery_check(struct json_object *params, struct err *err)
{
	static const char *const numbers[] = { "rate", "window", "per_network", "timeout", "lease" };
	const char *text;
	int64_t ms;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		text = json_str(params, numbers[i], "");
		if (text[strspn(text, "0123456789")] != '\0')
			return err_set(err, E_BAD, "the parameter %s is \"%.40s\", expected a whole number", numbers[i], text);
	}
	return deadline_read(json_str(params, "deadline", ""), &ms, err);
}

int
discovery_reach(const struct policy *policy, const char *ranges, const char *exclude, struct buf *out, struct err *err)
{
	struct buf asked;
	int64_t all;
	int r;

	if (ranges[strspn(ranges, ", ;\t\r\n")] == '\0')
		return err_set(err, E_BAD, "which ranges? for example 10.1.0.0/22");
	buf_init(&asked, RANGES_MAX);
	r = ranges_without(&asked, ranges, exclude);
	r = r < 0 ? err_set(err, E_FULL, "ranges and exclude hold more than %u kB", RANGES_MAX >> 10) :
	    policy_reach(policy, buf_str(&asked), out, err);
	buf_fini(&asked);
	all = r == 0 ? ranges_count(buf_str(out)) : 0;
	return all <= ADDRESSES_MAX ? r : err_set(err, E_FULL, "the ranges hold %lld addresses, and one discovery asks %d at most",
	    (long long)all, ADDRESSES_MAX);
}
