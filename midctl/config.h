/* SPDX-License-Identifier: Apache-2.0 */
/* config - what midd would read, asked of the midd program itself. */
#ifndef MIDCTL_CONFIG_H
#define MIDCTL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct asked;
struct json_object;

/* As midctl config check has it; else WHY not. */
bool config_is_right(const struct asked *a, char *why, size_t size);
/* [{option, value, origin, ...}], the caller's; or NULL and the sentence in WHY. Gives an exit_status. */
int config_options_of(const struct asked *a, struct json_object **list, char *why, size_t size);

#endif
