/* SPDX-License-Identifier: Apache-2.0 */
/* psrinfo - the processors of Solaris: psrinfo -v lists the virtual ones, psrinfo -vp the chips; see formats.h. */
#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "formats/cut.h"
#include "formats/formats.h"

/* "The sparcv9 processor operates at 1000 MHz," */
bool
read_psrinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word, type, speed;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (!cut_at(line, " processor operates at ", &type, &speed) || !str_word(&type, &word) || !str_word(&speed, &word)
		    || (o = out_item(top)) == NULL)
			continue;
		put_value(o, str_of("type"), AS_TEXT, str_trim(type));
		put_value(o, str_of("speed"), AS_TEXT, word);
		any = true;
	}
	return any;
}

/* "UltraSPARC-T2 (chipid 0, clock 1165 MHz)" */
static void
put_chip(struct json_object *o, struct str line)
{
	struct str type, inside, before, speed, word;

	if (!cut_at(line, "(", &type, &inside))
		return;
	put_value(o, str_of("type"), AS_TEXT, str_trim(type));
	if (cut_at(inside, "clock ", &before, &speed) && str_word(&speed, &word))
		put_value(o, str_of("speed"), AS_TEXT, word);
}

/* "Intel(r) Xeon(r) CPU           E5410  @ 2.33GHz": the brand without its ornaments, in place of "x86". */
static void
put_brand(struct json_object *o, struct str line)
{
	char brand[120] = "";
	size_t n = 0;
	struct str word;

	while (str_word(&line, &word) && !str_eq(word, "@")) {
		if (str_eq(word, "CPU") || str_starts(word, "Intel(") || str_starts(word, "AMD"))
			continue;
		if (word.n > 3 && word.p[word.n - 1] == ')' && word.p[word.n - 3] == '(')
			word.n -= 3;
		if (n + word.n + 2 > sizeof(brand))
			return;
		if (n > 0)
			brand[n++] = ' ';
		memcpy(brand + n, word.p, word.n);
		n += word.n;
		brand[n] = '\0';
	}
	if (n > 0)
		put_value(o, str_of("type"), AS_TEXT, str_of(brand));
}

/* The number in front of " virtual processor", behind which it may say how many cores: "8 cores and 32 virtual processors". */
static void
put_count(struct json_object *o, struct str has)
{
	struct str words, after, word, number = { "", 0 };

	if (!cut_at(has, " virtual processor", &words, &after))
		return;
	while (str_word(&words, &word))
		number = word;
	put_value(o, str_of("count"), AS_INT, number);
}

/* "The physical processor has 32 virtual processors (0-31)", then the chip, then its brand where it has one. */
bool
read_psrinfo_chips(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, before, rest;
	int below = 0;

	(void)f;
	while (str_line(&text, &line)) {
		if (cut_at(line, "physical processor has ", &before, &rest)) {
			o = out_item(top);
			if (o != NULL)
				put_count(o, rest);
			below = 0;
		} else if (cut_at(line, "The core has ", &before, &rest)) {
			continue;
		} else if (o != NULL && str_trim(line).n > 0 && below++ == 0) {
			put_chip(o, line);
		} else if (o != NULL && below == 2 && str_trim(line).n > 0) {
			put_brand(o, line);
		}
	}
	return o != NULL;
}
