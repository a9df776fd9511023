/* SPDX-License-Identifier: Apache-2.0 */
/* status - the screen of midctl status, drawn from the JSON that midd gives. */
#ifndef MIDCTL_STATUS_H
#define MIDCTL_STATUS_H

struct json_object;
struct screen;

void status_draw(struct screen *sc, struct json_object *st);
int status_exit(struct json_object *st);	/* healthy 0, partial 5, problem 1 */

#endif
