/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions as POSIX has them, by Oniguruma, which jq needs anyway. */
#include <onigposix.h>
#undef regexec
#define regexec(re, s, n, m, flags) onig_posix_regexec((regex_t *)(uintptr_t)(re), s, n, m, flags)	/* it says const nowhere */
