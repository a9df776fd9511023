/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MIDD_POSIX_STRINGS_H
#define MIDD_POSIX_STRINGS_H
#include <string.h>
#define strcasecmp _stricmp
#define strncasecmp _strnicmp
#endif
