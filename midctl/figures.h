/* SPDX-License-Identifier: Apache-2.0 */
/* figures - how far a discovery is, in words and as a bar. */
#ifndef MIDCTL_FIGURES_H
#define MIDCTL_FIGURES_H

#include <stdbool.h>

struct json_object;
struct screen;

/* ST is what the verb "discovery" says of it. BRIEF: behind a bar, the scan only while it runs. */
void figures_put(struct screen *sc, struct json_object *st, bool brief);
/* In place of the line that stands there. */
void figures_bar(struct screen *sc, struct json_object *st);

#endif
