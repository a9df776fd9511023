/* SPDX-License-Identifier: Apache-2.0 */
/* ports - see ports.h. */
#include "ports.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "oid.h"
#include "value.h"

#define IF "1.3.6.1.2.1.2.2.1."
#define NAME_MAX_SEEN 160u

enum { ETHERNET = 6, GIGABIT = 117, NOT_PRESENT = 6 };

/* ifType: layers of lines (DS1, E1, ISDN, SONET, ATM), and of calls. */
static const unsigned char layers[] = {
	18, 30, 39, 49, 63, 77, 81, 100, 101, 102, 103, 104, 134, 152, 153, 166, 169,
};

/* ifDescr, without capitals. */
static const char *const helpers[] = {
	"*voip-null*", "*virtual-[at]*", "unrouted *", "*eobc*", "*-atm*", "*async*", "plip*", "lp[0-9]*", "faith0", "*-physical*",
	"*-signalling*", "*isatap*", "ras *", "*qos packet*", "span [rs]p*", "*sslvpn*", "pppoe-*", "ng[0-9]*", "sl[0-9]", "*virtual switch extension*",
	"*virtual vmware switch*", "virtual interface: vmk*", "virtual interface", "lsi", "npi[0-9]", "loop[0-9]",
};

static bool
cell(const struct table *t, const char *column, uint32_t index, struct varbind *vb)
{
	struct oid o;

	return oid_parse(column, &o) == 0 && oid_append(&o, &index, 1) == 0 && table_get(t, o.id, o.n, vb);
}

/* Without capitals, and without blanks in front. */
static void
name_of(const struct varbind *vb, char *out, size_t room)
{
	char *c;

	value_text(vb, out, room);
	for (c = out; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	memmove(out, out + strspn(out, " "), strlen(out + strspn(out, " ")) + 1);
}

static bool
is_helper(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++)
		if (fnmatch(helpers[i], name, 0) == 0)
			return true;
	return false;
}

/* Linux shows a spare device of each kind of tunnel, at the end of nothing: gre0@NONE. */
static bool
is_spare(const struct table *t, uint32_t index)
{
	char alias[NAME_MAX_SEEN];
	struct varbind vb;

	if (!cell(t, "1.3.6.1.2.1.31.1.1.1.18", index, &vb))
		return false;
	name_of(&vb, alias, sizeof(alias));
	return fnmatch("*@none", alias, 0) == 0;
}

static bool
is_none(const struct table *t, uint32_t index, const struct varbind *descr)
{
	char name[NAME_MAX_SEEN];
	struct varbind vb;

	if (cell(t, IF "8", index, &vb) && vb.integer == NOT_PRESENT)
		return true;
	if (cell(t, IF "3", index, &vb) && vb.integer > 0 && vb.integer < 256 && memchr(layers, (int)vb.integer, sizeof(layers)) != NULL)
		return true;
	name_of(descr, name, sizeof(name));
	return is_helper(name) || is_spare(t, index);
}

unsigned
ports_none(const struct table *t)
{
	static const char *const columns[] = { IF "2", IF "8", IF "3" };	/* the first that there is: one has no ifDescr */
	struct varbind vb;
	unsigned n = 0, c;
	bool any = false;
	struct oid o;
	size_t i;

	for (c = 0; c < sizeof(columns) / sizeof(columns[0]) && !any; c++) {
		if (oid_parse(columns[c], &o) < 0)
			continue;
		for (i = table_lower(t, o.id, o.n); table_below(t, i, o.id, o.n, &vb); i++, any = true)
			n += vb.oid_n == o.n + 1 && is_none(t, vb.oid[o.n], &vb);
	}
	return n;
}

unsigned
ports_ethernet(const struct table *t)
{
	struct varbind vb;
	unsigned n = 0;
	struct oid o;
	size_t i;

	if (oid_parse(IF "3", &o) < 0)
		return 0;
	for (i = table_lower(t, o.id, o.n); table_below(t, i, o.id, o.n, &vb); i++)
		n += vb.integer == ETHERNET || vb.integer == GIGABIT;
	return n;
}
