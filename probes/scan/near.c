/* SPDX-License-Identifier: Apache-2.0 */
/* near - see near.h. */
#include "near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "near_os.h"
#include "str.h"
#include "sweep.h"

/* Lists of makers, the first that there is: a row is "aabbcc Maker", "AA-BB-CC (hex) Maker" (the IEEE's), or two lines of udev's, "OUI:AABBCC*"
 * and " ID_OUI_FROM_DATABASE=Maker". They are large, so they are kept open and read when there is somebody to look up. */
static const char *const lists[] = {
	"/usr/share/hwdata/oui.txt", "/usr/share/ieee-data/oui.txt", "/usr/lib/udev/hwdb.d/20-OUI.hwdb", "/lib/udev/hwdb.d/20-OUI.hwdb",
};
static FILE *own, *common;

void
near_open_makers(const char *file)
{
	size_t i;

	if (own == NULL)
		own = fopen(file, "re");
	for (i = 0; common == NULL && i < sizeof(lists) / sizeof(lists[0]); i++)
		common = fopen(lists[i], "re");
}

/* Six digits at the beginning of REST, with or without dashes. */
static bool
read_prefix(struct str *rest, uint32_t *prefix)
{
	char digits[7];
	uint64_t n;
	size_t i, k = 0;

	for (i = 0; k < 6 && i < rest->n; i++)
		if (rest->p[i] != '-' || k == 0 || k % 2 != 0)
			digits[k++] = rest->p[i];
	digits[k] = '\0';
	if (k < 6 || !str_u64(str_of(digits), 16, &n) || n > 0xffffff)
		return false;
	*prefix = (uint32_t)n;
	*rest = str_skip(*rest, i);
	return true;
}

bool
near_read_maker(const char *line, uint32_t *prefix, struct str *maker)
{
	struct str rest = str_of(line), word;

	if (str_starts(rest, "OUI:")) {
		rest = str_skip(rest, 4);
		if (!read_prefix(&rest, prefix) || !str_starts(rest, "*"))
			*prefix = NO_PREFIX;
		return false;
	}
	if (str_starts(rest, " ID_OUI_FROM_DATABASE=")) {
		*maker = str_trim(str_skip(rest, 22));
		return *prefix != NO_PREFIX && maker->n > 0;
	}
	if (!read_prefix(&rest, prefix) || rest.n == 0 || (rest.p[0] != ' ' && rest.p[0] != '\t')) {
		*prefix = NO_PREFIX;
		return false;
	}
	*maker = str_trim(rest);
	if (str_starts(*maker, "(hex)") && str_word(maker, &word))
		*maker = str_trim(*maker);
	return maker->n > 0;
}

/* --- whose hardware it is -------------------------------------------------------------------- */

struct sought { uint32_t prefix, host; };

static int
by_prefix(const void *a, const void *b)
{
	const struct sought *x = a, *y = b;

	return x->prefix < y->prefix ? -1 : x->prefix > y->prefix;
}

/* What those that have told their MAC address are called by its first half; one that somebody has made up tells nothing. */
static size_t
seek(const struct sweep *s, struct sought *out)
{
	struct str rest;
	uint32_t host, prefix;
	const char *mac;
	char digits[9];
	size_t n = 0;

	for (host = 0; host < s->plan.n; host++) {
		mac = found_value(&s->found, host, FACT_OF_HOST, "mac_address");
		if (mac == NULL)
			mac = found_value(&s->found, host, FACT_OF_ANY, "mac_address");
		if (mac == NULL || strlen(mac) < 8)
			continue;
		snprintf(digits, sizeof(digits), "%.2s-%.2s-%.2s", mac, mac + 3, mac + 6);
		rest = str_of(digits);
		if (read_prefix(&rest, &prefix) && (prefix & 0x030000) == 0)
			out[n++] = (struct sought){ prefix, host };
	}
	qsort(out, n, sizeof(*out), by_prefix);
	return n;
}

static void
look_up(struct sweep *s, FILE *f, const struct sought *sought, size_t n)
{
	struct sought key = { NO_PREFIX, 0 };
	const struct sought *at;
	struct str maker;
	char line[200];

	rewind(f);
	while (n > 0 && fgets(line, sizeof(line), f) != NULL) {
		if (!near_read_maker(line, &key.prefix, &maker))
			continue;
		at = bsearch(&key, sought, n, sizeof(*sought), by_prefix);
		while (at != NULL && at > sought && at[-1].prefix == key.prefix)
			at--;
		for (; at != NULL && at < sought + n && at->prefix == key.prefix; at++)
			if (found_value(&s->found, at->host, FACT_OF_HOST, "mac_vendor") == NULL)
				found_fact(&s->found, at->host, FACT_OF_HOST, "mac_vendor", maker.p, maker.n);
	}
}

static void
tell_makers(struct sweep *s)
{
	struct sought *sought = own == NULL && common == NULL ? NULL : calloc(s->plan.n, sizeof(*sought));
	size_t n = sought == NULL ? 0 : seek(s, sought);

	if (own != NULL)
		look_up(s, own, sought, n);
	if (common != NULL)
		look_up(s, common, sought, n);
	free(sought);
}

/* --- neighbours ------------------------------------------------------------------------------- */

static void
tell_one(void *arg, const struct where *w, const unsigned char *mac, bool fresh)
{
	struct sweep *s = arg;
	uint32_t host;

	if (!plan_find(&s->plan, w, &host))
		return;
	if (fresh)	/* whoever lets nothing in answers ARP and ND all the same */
		found_near(&s->found, host);
	if (found_alive(&s->found, host))
		found_say(&s->found, host, FACT_OF_HOST, "mac_address", "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

void
near_tell(struct sweep *s)
{
	near_each(tell_one, s);
	tell_makers(s);
}
