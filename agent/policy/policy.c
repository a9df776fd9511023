/* SPDX-License-Identifier: Apache-2.0 */
/* policy - opened, changed, closed; see policy.h. */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "log.h"
#include "policy/inside.h"
#include "os.h"
#include "xalloc.h"

#define RULES_FILE_MAX (1u << 20)

/* The host of https://HOST[:PORT]/..., the caller's. */
static char *
host_of(const char *url)
{
	const char *at = url == NULL ? NULL : strstr(url, "://");

	if (at == NULL)
		return xstrdup("");
	at += 3;
	if (*at == '[')
		return xstrndup(at + 1, strcspn(at + 1, "]"));
	return xstrndup(at, strcspn(at, ":/?#"));
}

static int
read_rules(struct rules *out, const char *file, struct err *err)
{
	struct buf b;
	int r;

	memset(out, 0, sizeof(*out));
	if (file == NULL || file[0] == '\0')
		return 0;
	buf_init(&b, RULES_FILE_MAX);
	r = os_read_file(&b, file, err);
	if (r == 0 && os_file_only_owner_writes(file) == 0)
		r = err_set(err, E_AUTH, "others than its owner may write it: chmod go-w %s", file);
	if (r == 0)
		r = rules_parse(out, buf_str(&b), b.len, err);
	buf_fini(&b);
	if (r == -E_NONE) {
		log_warn("policy", "%s, which policy.rules names, is not there: no command that a job names is allowed", file);
		return 0;
	}
	return r < 0 ? err_in(err, "policy.rules: %s", file) : 0;
}

static void
replace(char **at, const char *s)
{
	free(*at);
	*at = xstrdup(s == NULL ? "" : s);
}

/* *OUT is the caller's: rules_free(). */
static int
check(struct rules *out, const struct policy_config *cfg, struct err *err)
{
	int r = ranges_check(cfg->allow, err);

	if (r < 0)
		return err_in(err, "policy.allow");
	r = ranges_check(cfg->deny, err);
	if (r < 0)
		return err_in(err, "policy.deny");
	return read_rules(out, cfg->rules_file, err);
}

int
policy_check(const struct policy_config *cfg, struct err *err)
{
	struct rules rules;
	int r = check(&rules, cfg, err);

	if (r == 0)
		rules_free(&rules);
	return r;
}

int
policy_reconfigure(struct policy *p, const struct policy_config *cfg, struct err *err)
{
	struct rules rules;
	char *host;
	int r = check(&rules, cfg, err);

	if (r < 0)
		return r;
	rules_free(&p->rules);
	p->rules = rules;
	p->loopback = cfg->loopback;
	if (cfg->learn)
		log_event(EV_LEARNING, LOG_LV_WARN, "policy", "policy.learn is on: every command a job names runs, and the rule it would need is written to %s",
		    cfg->learned_file);
	p->learn = cfg->learn;
	replace(&p->allow, cfg->allow);
	replace(&p->deny, cfg->deny);
	replace(&p->rules_file, cfg->rules_file);
	replace(&p->learned_file, cfg->learned_file);
	host = host_of(cfg->instance_url);
	if (p->instance_host != NULL && strcmp(p->instance_host, host) != 0)
		p->instances = 0;
	replace(&p->instance_host, host);
	free(host);
	targets_learn_instance(p);
	return 0;
}

int
policy_open(struct policy **out, struct loop *loop, const struct policy_config *cfg, struct err *err)
{
	struct policy *p = xcalloc(1, sizeof(*p));
	int r;

	p->loop = loop;
	r = policy_reconfigure(p, cfg, err);
	if (r < 0) {
		policy_close(p);
		return r;
	}
	*out = p;
	return 0;
}

/* Look-ups on a thread end with the loop: closing is told first (policy_closing()). */
void
policy_close(struct policy *p)
{
	size_t i;

	if (p == NULL)
		return;
	learn_finish(p);
	rules_free(&p->rules);
	for (i = 0; i < p->nlearned; i++)
		free(p->learned[i]);
	free(p->learned);
	free(p->allow);
	free(p->deny);
	free(p->instance_host);
	free(p->rules_file);
	free(p->learned_file);
	free(p);
}

void
policy_closing(struct policy *p)
{
	if (p != NULL)
		p->closing = true;
}
