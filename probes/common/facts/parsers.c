/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parsers - every parser by name: the fuzzer walks it, and so do the tests.
 */
#include "facts/parsers.h"

const struct facts_parser facts_parsers[] = {
	{ "os-release", parse_os_release },
	{ NULL, NULL },
};
