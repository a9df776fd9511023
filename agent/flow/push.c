/* SPDX-License-Identifier: Apache-2.0 */
/*
 * push - what the instance says of itself is a reason to ask it for work, and
 * how often to ask without that. Nothing depends on it: a message that is lost
 * costs poll.pushed at most.
 */
#include "config/config.h"
#include "flow/inside.h"
#include "instance/instance.h"
#include "self.h"

static void
on_news(void *arg, enum push_news news)
{
	struct flow *f = arg;

	if (f->closing || f->stopping)
		return;
	if (news == PUSH_DOWN)
		intake_soon(f);		/* the long pause ends, and what was said meanwhile is heard */
	else
		intake_pushed(f);
}

void
pushed_follow(struct flow *f)
{
	bool wanted = f->ag->config->poll.push && self_ready(f->ag->self) && !f->stopping;

	if (wanted || instance_push_is_up(f->ag->instance))
		instance_push(f->ag->instance, wanted ? self_sys_id(f->ag->self) : NULL, on_news, f);
}
