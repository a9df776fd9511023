/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_files - the files of lab/page/ inside the program, byte for byte. The
 * assembler takes them in; the Makefile knows that this file depends on them.
 */
#include "page.h"

#define FILE_OF(name, path) \
	__asm__(".pushsection .rodata\n" \
	    ".global page_" name "_begin\n.hidden page_" name "_begin\n" \
	    ".global page_" name "_end\n.hidden page_" name "_end\n" \
	    "page_" name "_begin:\n.incbin \"" path "\"\n" \
	    "page_" name "_end:\n.byte 0\n.popsection\n")

FILE_OF("html", "lab/page/index.html");
FILE_OF("css", "lab/page/page.css");
FILE_OF("js", "lab/page/page.js");
FILE_OF("graph", "lab/page/graph.js");

extern const char page_html_begin[], page_html_end[];
extern const char page_css_begin[], page_css_end[];
extern const char page_js_begin[], page_js_end[];
extern const char page_graph_begin[], page_graph_end[];

const struct page_file page_files[] = {
	{ "/", "text/html;charset=UTF-8", page_html_begin, page_html_end },
	{ "/page.css", "text/css;charset=UTF-8", page_css_begin, page_css_end },
	{ "/page.js", "text/javascript;charset=UTF-8", page_js_begin,
	  page_js_end },
	{ "/graph.js", "text/javascript;charset=UTF-8", page_graph_begin,
	  page_graph_end },
};
const size_t page_file_count = sizeof(page_files) / sizeof(page_files[0]);
