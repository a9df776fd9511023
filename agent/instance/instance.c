/* SPDX-License-Identifier: Apache-2.0 */
/* instance - see instance.h. Here: opening, closing, reload and status. */
#include "instance/instance.h"

#include <limits.h>
#include <stdlib.h>

#include "instance/inside.h"
#include "instance/link.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

static void
take_over(struct instance *in, const struct instance_config *cfg)
{
	in->batch = cfg->batch;
	free(in->data_source);
	in->data_source = xstrdup(cfg->data_source != NULL ? cfg->data_source : "midd");
}

int
instance_open(struct instance **out, struct loop *loop, const struct instance_config *cfg, struct err *err)
{
	struct link *l;
	struct instance *in;
	int r = link_open(&l, loop, cfg, err);

	if (r < 0)
		return r;
	in = xcalloc(1, sizeof(*in));
	in->loop = loop;
	in->link = l;
	in->since_ms = loop_now(loop);
	in->last_answer_ms = -1;
	in->rtt_ms = -1;
	take_over(in, cfg);
	*out = in;
	return 0;
}

int
instance_reconfigure(struct instance *in, const struct instance_config *cfg, struct err *err)
{
	struct link *l;
	int r = link_open(&l, in->loop, cfg, err);

	if (r < 0)
		return r;
	link_unref(in->link);	/* calls under way hold it until they are answered */
	in->link = l;
	take_over(in, cfg);
	push_link_changed(in);
	return 0;
}

void
instance_close(struct instance *in)
{
	if (in == NULL)
		return;
	in->closing = true;
	request_cancel_all(in);
	ire_cancel_all(in);
	push_close(in);
	link_unref(in->link);
	free(in->data_source);
	free(in);
}

/* The instance's clock goes on with ours of the loop, which nobody sets: a jump is seen at once, and
 * also while no answer comes. */
static int64_t
clock_ahead(const struct instance *in)
{
	if (in->date_s == 0)
		return 0;
	return os_time_ms() / 1000 - in->date_s - (loop_now(in->loop) - in->date_at) / 1000;
}

/* By the instance's clock where that is known: it is the one who judges our certificate. Negative from its end on. */
static int
days_left(const struct instance *in)
{
	const struct link *l = in->link;
	int64_t left, days;

	if (l->cert_end_s == 0)
		return INT_MAX;
	left = l->cert_end_s - os_time_ms() / 1000 + clock_ahead(in);
	days = left < 0 ? -1 + left / 86400 : left / 86400;
	return days > INT_MAX - 1 ? INT_MAX - 1 : (int)days;
}

void
instance_state(struct instance *in, struct instance_state *out)
{
	*out = (struct instance_state){
		.host = in->link->host,
		.connected = in->connected,
		.since_ms = in->since_ms,
		.last_answer_ms = in->last_answer_ms,
		.rtt_ms = in->rtt_ms,
		.tls = in->tls,
		.clock_ahead_s = clock_ahead(in),
		.cert_days = days_left(in),
		.cert_subject = in->link->cert_subject,
		.trouble = in->trouble,
		.trouble_code = in->trouble_code,
		.calls = in->n_calls,
		.failures = in->n_failures,
		.bytes_out = in->bytes_out,
		.bytes_in = in->bytes_in,
	};
	push_state(in, out);
}
