/* SPDX-License-Identifier: Apache-2.0 */
/* figures - see figures.h. */
#include "figures.h"

#include <inttypes.h>
#include <stdio.h>

#include "fmt.h"
#include "json.h"
#include "screen.h"

static bool
is_scanning(struct json_object *st)
{
	return json_int(st, "scanned", 0) < json_int(st, "addresses", 0);
}

static void
put_rate(struct screen *sc, struct json_object *st, const char *unit)
{
	int64_t age = json_int(st, "age_ms", 0), behind = json_int(st, is_scanning(st) ? "scanned" : "done", 0);

	if (age > 0 && behind > 0)
		put(sc, PAINT_DIM, ", %.1f%s/s", (double)behind * 1000 / (double)age, unit);
}

static void
put_left(struct screen *sc, struct json_object *st)
{
	char a[FMT_MAX];
	int64_t eta = json_int(st, "eta_ms", -1);

	if (eta >= 0)
		put(sc, PAINT_DIM, ", %s left", fmt_age(a, eta));
}

/* Behind a bar last comes what may be cut at the edge of 80 columns. */
void
figures_put(struct screen *sc, struct json_object *st, bool brief)
{
	char a[FMT_MAX], b[FMT_MAX];
	int64_t failed = json_int(st, "failed", 0);

	if (brief)
		put_left(sc, st);
	put(sc, PAINT_NONE, "%s%s  ", brief ? "  " : "", json_str(st, "step", ""));
	if (json_int(st, "addresses", 0) == 0)	/* it waits, or begins */
		return;
	if (!brief || is_scanning(st))
		put(sc, PAINT_NONE, "%s of %s%s, ", fmt_count(a, json_int(st, "scanned", 0)), fmt_count(b, json_int(st, "addresses", 0)),
		    brief ? "" : " scanned");
	put(sc, PAINT_NONE, "%s found, %s done", fmt_count(a, json_int(st, "found", 0)), fmt_count(b, json_int(st, "done", 0)));
	if (brief)
		put_rate(sc, st, "");
	if (failed > 0)
		put(sc, PAINT_WARN, ", %s without facts", fmt_count(a, failed));
	if (!brief) {
		put_rate(sc, st, is_scanning(st) ? " addresses" : " hosts");
		put_left(sc, st);
	}
}

void
figures_bar(struct screen *sc, struct json_object *st)
{
	int64_t percent = json_int(st, "percent", 0);
	unsigned i, all = sc->width >= 100 ? 20 : 10, full = (unsigned)percent * all / 100;

	fputs("\r\033[K", stdout);
	put(sc, PAINT_NONE, "[");
	for (i = 0; i < all; i++)
		put(sc, i < full ? PAINT_GOOD : PAINT_DIM, "%s", i < full ? (sc->utf8 ? "━" : "#") : (sc->utf8 ? "─" : "-"));
	put(sc, PAINT_NONE, "] %d %%", (int)percent);
	figures_put(sc, st, true);
	fwrite(buf_str(&sc->out), 1, sc->out.len, stdout);
	buf_clear(&sc->out);
	sc->column = 0;
	fflush(stdout);
}
