/* SPDX-License-Identifier: Apache-2.0 */
/* parts - see parts.h. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "control.h"
#include "creds/creds.h"
#include "discovery/discovery.h"
#include "err.h"
#include "flow/flow.h"
#include "instance/instance.h"
#include "key.h"
#include "log.h"
#include "loop.h"
#include "metrics/serve.h"
#include "os.h"
#include "pair.h"
#include "policy/policy.h"
#include "renew.h"
#include "seal/seal.h"
#include "secret.h"
#include "self.h"
#include "service.h"
#include "store/store.h"
#include "trace/trace.h"
#include "workers/pool.h"
#include "xalloc.h"

#define ANSWER_MAX (72u << 20)	/* a payload is 64 MB at most; a batch of payloads may be large */
#define CONNECTIONS 8

/* An empty option is none. */
static const char *
given(const char *s)
{
	return s == NULL || s[0] == '\0' ? NULL : s;
}

void
parts_log(struct agent *ag)
{
	enum log_level level = LOG_LV_INFO;
	enum log_form form = LOG_PLAIN;

	(void)log_level_parse(ag->config->log.level, &level);
	if (log_form_parse(ag->config->log.form, &form) < 0)
		form = os_journal_reads_stderr() ? LOG_JOURNAL : LOG_PLAIN;
	log_setup("midd", level, form);
}

static void
tap(void *arg, enum log_level level, const char *sub, const char *text)
{
	struct agent *ag = arg;

	if (level <= LOG_LV_WARN && ag->store != NULL && !ag->closing)
		store_event(ag->store, (int)level, sub, "", text);
}

/* --- the link --------------------------------------------------------------------- */

/* First line of the file. NULL when FILE is none. */
static int
password_of(struct secret *out, const char *file, struct err *err)
{
	int r;

	secret_init(out);
	if (given(file) == NULL)
		return 0;
	r = secret_read_file(out, file, err);
	if (r == 0 && out->data != NULL)
		out->data[strcspn((char *)out->data, "\r\n")] = '\0';
	return r;
}

static int
with_instance_config(struct agent *ag, const struct config *c, const struct pair *p,
    int (*fn)(struct agent *, const struct instance_config *, struct err *), struct err *err)
{
	struct secret password, proxy_password;
	struct instance_config ic = {
		.url = c->instance.url, .ca_file = given(c->instance.ca),
		.cert_file = p->cert, .key_file = given(p->key),
		.crl_file = given(c->instance.crl), .need_staple = strcmp(c->instance.ocsp, "required") == 0,
		.user = given(c->instance.user), .proxy = given(c->instance.proxy),
		.proxy_user = given(c->instance.proxy_user), .proxy_login = c->instance.proxy_login,
		.proxy_keytab = given(c->instance.proxy_keytab), .no_proxy = given(c->instance.no_proxy), .proxy_env = c->instance.proxy_env,
		.connect_ms = (int)c->instance.connect_ms, .total_ms = (int)c->instance.total_ms,
		.answer_max = ANSWER_MAX, .connections_max = CONNECTIONS, .batch = c->instance.batch,
		.data_source = c->cmdb.data_source,
	};
	int r = password_of(&password, c->instance.password_file, err);

	if (r < 0)
		return r;
	r = password_of(&proxy_password, c->instance.proxy_password_file, err);
	if (r == 0) {
		ic.password = (const char *)password.data;
		ic.proxy_password = (const char *)proxy_password.data;
		r = fn(ag, &ic, err);
	}
	secret_fini(&password);
	secret_fini(&proxy_password);
	return r;
}

/* With the pair that counts now. */
static int
with_pair_in_force(struct agent *ag, const struct config *c,
    int (*fn)(struct agent *, const struct instance_config *, struct err *), struct err *err)
{
	struct pair p;
	int r;

	renew_pair(&p, c);
	r = with_instance_config(ag, c, &p, fn, err);
	pair_fini(&p);
	return r;
}

static int
link_try(struct agent *ag, const struct instance_config *ic, struct err *err)
{
	return instance_open(&ag->trial, ag->loop, ic, err);
}

int
parts_try_pair(struct agent *ag, const struct pair *p, struct err *err)
{
	return with_instance_config(ag, ag->config, p, link_try, err);
}

static int
link_open(struct agent *ag, const struct instance_config *ic, struct err *err)
{
	return instance_open(&ag->instance, ag->loop, ic, err);
}

static int
link_change(struct agent *ag, const struct instance_config *ic, struct err *err)
{
	return instance_reconfigure(ag->instance, ic, err);
}

static int
change_pair(struct agent *ag, const struct config *c, struct err *err)
{
	struct pair p;
	int r;

	renew_pair(&p, c);
	r = with_instance_config(ag, c, &p, link_change, err);
	if (r == 0 && p.cert != NULL)
		r = seal_change_ours(ag->seal, p.cert, p.key, err);
	pair_fini(&p);
	return r;
}

static struct policy_config
policy_of(const struct config *c, const char *learned)
{
	struct policy_config pc = {
		.loopback = c->policy.loopback, .allow = c->policy.allow, .deny = c->policy.deny,
		.instance_url = c->instance.url, .rules_file = c->policy.rules, .learned_file = learned,
		.learn = c->policy.learn,
	};

	return pc;
}

/* A reload that is refused must not leave half of a policy behind. */
int
parts_reconfigure(struct agent *ag, struct config *now, struct err *err)
{
	char *learned = xasprintf("%s/learned.rules", ag->config->paths.state_dir);
	struct policy_config pc = policy_of(now, learned);
	int r = policy_check(&pc, err);

	if (r == 0)
		r = change_pair(ag, now, err);
	if (r == 0)
		r = policy_reconfigure(ag->policy, &pc, err);
	free(learned);
	return r;
}

int
parts_change_pair(struct agent *ag, struct err *err)
{
	return change_pair(ag, ag->config, err);
}

/* --- one part a function, in the order of their opening ------------------------------- */

/* A copy of the configuration elsewhere would begin with an empty store. */
static void
tell_where(const char *dir)
{
	char *full = os_real_path(dir);

	log_warn("midd", "paths.state is relative, to the file that says it: the store is in %s; write that, so that it stays the same wherever the file is",
	    full != NULL ? full : dir);
	free(full);
}

static int
open_config(struct agent *ag, struct err *err)
{
	int r = config_load(&ag->config, ag->config_file, err);

	if (r < 0)
		return r;
	parts_log(ag);
	ag->queue_name = xasprintf("mid.server.%s", ag->config->name);
	r = os_mkdirs(ag->config->paths.state_dir, 0700, err);
	if (r < 0)
		return err_in(err, "paths.state");
	if (ag->config->paths.state_relative)
		tell_where(ag->config->paths.state_dir);
	return 0;
}

static int
open_seal(struct agent *ag, struct err *err)
{
	const struct config *c = ag->config;
	char *dflt = xasprintf("%s/rest.key", c->paths.state_dir);
	struct seal_config sc = {
		.instance_cert = given(c->seal.instance_cert),
		.rest_key_file = given(c->seal.rest_key) != NULL ? c->seal.rest_key : dflt,
	};
	int r = seal_mode_parse(c->seal.mode, &sc.mode);
	struct pair p;

	renew_pair(&p, c);
	sc.cert_file = p.cert;
	sc.key_file = given(p.key);
	if (r == 0)
		r = seal_open(&ag->seal, &sc, err);
	pair_fini(&p);
	free(dflt);
	return r;
}

/* With another key than it was sealed with, all that waits in the store would be answered as lost, and go. */
static int
check_rest_key(struct agent *ag, struct err *err)
{
	char id[17], *was = store_get_now(ag->store, "rest_key");
	bool other;

	seal_rest_id(ag->seal, id);
	other = was != NULL && strcmp(was, id) != 0;
	free(was);
	if (other && store_waits_now(ag->store))
		return err_set(err, E_AUTH, "the store in %s holds jobs or results that were sealed with another key than that in %s: "
		    "put the old key back; only if it is lost for good, remove midd.db, and all that waits in it",
		    ag->config->paths.state_dir, seal_rest_file(ag->seal));
	if (other)
		log_warn("seal", "%s is another key than before: credentials added here (midctl creds add) must be added again", seal_rest_file(ag->seal));
	store_set(ag->store, "rest_key", id, NULL, NULL);
	return 0;
}

static int
open_store(struct agent *ag, struct err *err)
{
	const struct config *c = ag->config;
	char *path = xasprintf("%s/midd.db", c->paths.state_dir);
	struct store_config sc = {
		.path = path, .size_max = c->results.spool_max_bytes, .keep_done_ms = c->results.keep_ms,
	};
	int r = store_open(&ag->store, ag->loop, &sc, &ag->store_note, err);

	free(path);
	if (r == 0 && ag->store_note != NULL)
		log_event(EV_STORE_DAMAGED, LOG_LV_ERR, "store", "%s", ag->store_note);
	if (r == 0)
		log_set_tap(tap, ag);
	return r == 0 ? check_rest_key(ag, err) : r;
}

/* What others have put there is theirs to change; ours (seal.rest_key) locks itself. */
static void
tell_open_secrets(const struct config *c)
{
	const char *const files[] = {
		c->instance.key, c->instance.password_file, c->instance.proxy_password_file,
		c->creds.vault_token_file, c->creds.vault_secret_file,
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (given(files[i]) != NULL && !key_in_token(files[i]) && secret_lies_open(files[i]))
			log_warn("midd", "%s lies in the clear: a copy of it can be used on any machine; midctl protect \"%s\" locks it to this one",
			    files[i], files[i]);
}

static int
open_instance(struct agent *ag, struct err *err)
{
	tell_open_secrets(ag->config);
	return with_pair_in_force(ag, ag->config, link_open, err);
}

static void
pool_room(void *arg)
{
	struct agent *ag = arg;

	if (ag->flow != NULL)
		flow_room(ag->flow);
}

/* Those that midd serves itself: jobs that make jobs, and may be gone on with. */
static const char *const own_topics[] = { DISCOVERY_TOPIC, NULL };

static int
open_pool(struct agent *ag, struct err *err)
{
	const struct config *c = ag->config;
	struct pool_config pc = {
		.paths = {
			.program = c->workers.program, .probe_dir = c->workers.probes,
			.map_dir = c->workers.maps, .exec_dir = c->workers.exec,
			.memory_max = (uint64_t)c->workers.memory_max_bytes,
		},
		.workers_max = (unsigned)c->workers.max, .runs_max = (unsigned)c->workers.runs,
		.idle_ms = c->workers.idle_ms, .hung_ms = c->workers.hung_ms,
		.room = pool_room, .room_arg = ag, .own_topics = own_topics,
	};

	return pool_open(&ag->pool, ag->loop, &pc, ag->workers_ready, ag, err);
}

static int
open_loop(struct agent *ag, struct err *err)
{
	int r = loop_open(&ag->loop, err);

	if (r == 0)
		ag->started_at = loop_now(ag->loop);
	return r;
}

int
parts_check(const struct config *c, struct err *err)
{
	char *learned = xasprintf("%s/learned.rules", c->paths.state_dir);
	struct policy_config pc = policy_of(c, learned);
	int r = policy_check(&pc, err);

	free(learned);
	return r;
}

static int
open_policy(struct agent *ag, struct err *err)
{
	char *learned = xasprintf("%s/learned.rules", ag->config->paths.state_dir);
	struct policy_config pc = policy_of(ag->config, learned);
	int r = policy_open(&ag->policy, ag->loop, &pc, err);

	free(learned);
	return r;
}

static int
open_creds(struct agent *ag, struct err *err)
{
	return creds_open(&ag->creds, ag, err);
}

static int
open_discovery(struct agent *ag, struct err *err)
{
	(void)err;
	discovery_open(&ag->discovery, ag);
	return 0;
}

static int
open_self(struct agent *ag, struct err *err)
{
	(void)err;
	self_open(&ag->self, ag);
	renew_open(&ag->renew, ag);
	return 0;
}

static int
open_trace(struct agent *ag, struct err *err)
{
	return trace_open(&ag->trace, ag, err);
}

int
parts_open(struct agent *ag, void (*ready)(void *arg, int r, const struct err *err), struct err *err)
{
	static int (*const parts[])(struct agent *, struct err *) = {
		open_config, open_seal, open_loop, open_store, open_policy, open_instance, open_creds,
		open_discovery, open_trace, open_self, open_pool,
	};
	size_t i;
	int r = 0;

	ag->workers_ready = ready;
	for (i = 0; r == 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
		r = parts[i](ag, err);
	return r;
}

/* First everybody learns that completions mean nothing any more; then those who give them end. */
void
parts_close(struct agent *ag)
{
	ag->closing = true;
	service_close(ag);
	log_set_tap(NULL, NULL);
	control_stop(ag->control);
	metrics_stop(ag->metrics);
	if (ag->flow != NULL)
		flow_closing(ag->flow);
	if (ag->self != NULL)
		self_closing(ag->self);
	if (ag->renew != NULL)
		renew_closing(ag->renew);
	trace_closing(ag->trace);
	policy_closing(ag->policy);
	creds_closing(ag->creds);
	instance_close(ag->instance);
	pool_close(ag->pool);
	store_close(ag->store);
	if (ag->loop != NULL)
		loop_finish(ag->loop);
	flow_close(ag->flow);
	discovery_close(ag->discovery);
	trace_close(ag->trace);
	renew_close(ag->renew);
	self_close(ag->self);
	creds_close(ag->creds);
	policy_close(ag->policy);
	seal_close(ag->seal);
	loop_close(ag->loop);
	config_free(ag->config);
	free(ag->store_note);
	free(ag->queue_name);
}
