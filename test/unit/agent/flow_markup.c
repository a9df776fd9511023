/* SPDX-License-Identifier: Apache-2.0 */
/* Where XML of a probe may be cut, so that both halves are well-formed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "flow/markup.h"

/* TEXT in pieces of STEP bytes; behind each end of an element at least MORE bytes from the last cut it is cut: pages with | between. */
static const char *
cut(const char *text, size_t step, size_t more)
{
	static char out[2000];
	size_t len = strlen(text), n, piece, begun = 0;
	struct markup m;
	struct buf b;

	markup_init(&m);
	buf_init(&b, sizeof(out) - 1);
	for (; len > 0; text += n, len -= n) {
		piece = len < step ? len : step;
		n = markup_next(&m, text, piece);
		assert_int_equal(buf_put(&b, text, n), 0);
		if (!markup_between(&m) || b.len - begun < more || len == n)
			continue;
		markup_close(&m, &b);
		(void)buf_puts(&b, "|");
		begun = b.len;
		markup_reopen(&m, &b);
	}
	strcpy(out, m.lost ? "lost" : buf_str(&b));
	buf_fini(&b);
	markup_fini(&m);
	return out;
}

static void
open_elements_are_closed_and_opened_again(void **state)
{
	static const char text[] = "<a x='1>2' y=\"<\"><b>text &gt; </b><c/><d>more</d></a>";
	size_t step;

	(void)state;
	for (step = 1; step < sizeof(text); step++) {
		assert_string_equal(cut(text, step, 38), "<a x='1>2' y=\"<\"><b>text &gt; </b><c/></a>|<a x='1>2' y=\"<\"><d>more</d></a>");
		/* Behind each that ends but the last; never inside a value, nor before it. */
		assert_string_equal(cut(text, step, 1), "<a x='1>2' y=\"<\"><b>text &gt; </b></a>|<a x='1>2' y=\"<\"><c/></a>|"
		    "<a x='1>2' y=\"<\"><d>more</d></a>|<a x='1>2' y=\"<\"></a>");
		assert_string_equal(cut(text, step, 1000), text);
	}
}

static void
what_is_no_such_xml_is_lost_and_said(void **state)
{
	static const char *const rows[] = { "</a>", "<a></b>", "<a><ab></a>", "<?x?>", "<!-- -->", "<!DOCTYPE a>", "<>", "<\">b>x<\">", "<a,b>", "< a>",
		"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(cut(rows[i], 3, 1000), "lost");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_elements_are_closed_and_opened_again),
		cmocka_unit_test(what_is_no_such_xml_is_lost_and_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
