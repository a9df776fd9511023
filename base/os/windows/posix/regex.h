/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions as POSIX has them, by Oniguruma, which jq needs anyway. */
#include <onigposix.h>
