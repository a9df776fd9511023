/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands - may this command run there? Deny rules first, then allow rules,
 * then the commands Discovery itself uses; what fits none is refused, or, in
 * learn mode, allowed and written down as the rule it would need.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "policy/inside.h"
#include "xalloc.h"

/* Topics whose job says what to run. */
static const char *const running[] = {
	"Command", "CommandPipeline", "FileProbe", "MultiProbe", "SSHCommand", "SSHCommandLong", "SCPCommand",
	"SCPRelay", NULL
};

/* What ServiceNow's own Unix discovery runs: it reads, and changes nothing. */
static const char *const discovery[] = {
	"uname -a", "uname", "cat /etc/*release", "cat /proc/cpuinfo", "grep MemTotal /proc/meminfo", "dmidecode",
	"${sudo:dmidecode}", "cat /sys/devices/virtual/dmi/id/product_uuid", "hostname", "hostname -f", "dnsdomainname",
	"uptime", "date", "df -kP", "cat /proc/mounts", "findmnt -l -n -o SOURCE,TARGET", "ls -d /sys/block/*",
	"fdisk -l", "${sudo:fdisk -l}", "multipath -ll", "dmsetup table", "dmsetup ls", "ifconfig -a",
	"ifconfig -a && route -n", "ip address show", "ip address show && ip route", "arp -n", "ip neighbor", "ps -ef",
	"ps awwxo pid,ppid,command", "netstat -an", "netstat -lnp", "ss -lntp", "cat /var/lib/dpkg/status", NULL
};

bool
policy_has_commands(const char *topic)
{
	size_t i;

	for (i = 0; running[i] != NULL; i++)
		if (strcmp(running[i], topic) == 0)
			return true;
	return false;
}

/* --- rules ------------------------------------------------------------------------ */

char *
policy_judged(const struct command_wish *w)
{
	bool path = w->path != NULL && w->path[0] != '\0';

	return xasprintf("%s%s%s%s%s%s%s%s", path ? "path_override=" : "", path ? w->path : "", path ? " " : "",
	    w->as_root ? "${sudo:" : "", w->action == NULL ? "" : w->action, w->action == NULL ? "" : " ", w->command,
	    w->as_root ? "}" : "");
}

/* By "..", a path that a rule names leads to one that it does not. */
static bool
climbs(const struct command_wish *w)
{
	const char *p = w->command;

	if (w->action == NULL)
		return false;
	return p[0] != '/' || strstr(p, "//") != NULL || strstr(p, "/./") != NULL || strstr(p, "/../") != NULL
	    || (strlen(p) > 1 && strcmp(p + strlen(p) - 2, "/.") == 0) || (strlen(p) > 2 && strcmp(p + strlen(p) - 3, "/..") == 0);
}

/* "*", or a list that holds W's address, or "local" for none. */
static bool
targets_fit(const struct rule *r, const struct command_wish *w)
{
	struct address a;

	if (strcmp(r->targets, "*") == 0)
		return true;
	if (w->address[0] == '\0')
		return strcmp(r->targets, "local") == 0;
	return address_parse(&a, w->address) == 0 && ranges_hold(r->targets, &a);
}

/* COMMAND, the caller's; of "${sudo:COMMAND}", as a job may write it itself, what stands inside. */
static char *
inside_sudo(const char *command)
{
	size_t n = strlen(command), skip = strlen("${sudo:");

	if (strncmp(command, "${sudo:", skip) == 0 && command[n - 1] == '}')
		return xstrndup(command + skip, n - skip - 1);
	return xstrdup(command);
}

/* What is denied is denied in every form: as it is judged, as anybody would run it, and a file whatever is done with it. */
static bool
denial_fits(const struct rule *r, const struct command_wish *w, const char *judged)
{
	char *plain = inside_sudo(w->command), *done = xasprintf("%s %s", w->action == NULL ? "" : w->action, plain);
	bool fits = rule_fits(r->pattern, judged, false) || rule_fits(r->pattern, plain, false) ||
	    (w->action != NULL && rule_fits(r->pattern, done, false));

	free(plain);
	free(done);
	return fits;
}

static bool
text_fits(const struct rule *r, const struct command_wish *w, const char *judged)
{
	if (!r->allow)
		return denial_fits(r, w, judged);
	return (strlen(judged) <= COMMAND_MAX || strcmp(r->pattern, "*") == 0) && rule_fits(r->pattern, judged, true);
}

static bool
fits(const struct rule *r, const struct command_wish *w, const char *judged)
{
	return (strcmp(r->topic, "*") == 0 || strcmp(r->topic, w->topic) == 0) && targets_fit(r, w)
	    && (strcmp(r->tag, "*") == 0 || strcmp(r->tag, w->tag) == 0) && text_fits(r, w, judged);
}

static struct rule *
rule_for(struct policy *p, const struct command_wish *w, const char *judged, bool allow)
{
	size_t i;

	for (i = 0; i < p->rules.n; i++)
		if (p->rules.v[i].allow == allow && fits(&p->rules.v[i], w, judged)) {
			p->rules.v[i].hits++;
			return &p->rules.v[i];
		}
	return NULL;
}

static bool
is_discovery(const struct command_wish *w, const char *judged)
{
	size_t i;
	bool ssh = strncmp(w->topic, "SSHCommand", 10) == 0 || strcmp(w->topic, "MultiProbe") == 0;

	for (i = 0; ssh && discovery[i] != NULL; i++)
		if (strcmp(discovery[i], judged) == 0)
			return true;
	return false;
}

int
policy_would(struct policy *p, const struct command_wish *w, struct err *err)
{
	const char *where = w->address[0] == '\0' ? "this host" : w->address;
	struct rule *r;
	char *judged;
	bool allowed;

	if (climbs(w))
		return err_set(err, E_EXISTS, "policy: a path is absolute, without \".\", \"..\" and \"//\": rules judge it as it is written");
	judged = policy_judged(w);
	r = rule_for(p, w, judged, false);
	allowed = r == NULL && (rule_for(p, w, judged, true) != NULL || is_discovery(w, judged));

	free(judged);
	if (r != NULL)
		return err_set(err, E_EXISTS, "policy: line %d of the rules denies this %s command on %s", r->line, w->topic, where);
	if (allowed)
		return 0;
	return err_set(err, E_AUTH, "policy: no rule allows this %s command%s on %s: add a line to %s, or see policy.learn",
	    w->topic, w->as_root ? " as root (must_sudo: ${sudo:...} in a rule)" : "", where,
	    p->rules_file[0] == '\0' ? "the file policy.rules names" : p->rules_file);
}

int
policy_command(struct policy *p, const struct command_wish *w, struct err *err)
{
	int r = policy_would(p, w, err);

	if (r != -E_AUTH || !p->learn)
		return r < 0 ? -E_AUTH : 0;
	learn(p, w);
	return 0;
}

/* --- what there is -------------------------------------------------------------------- */

static struct json_object *
rule_json(const struct rule *r)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "line", r->line);
	json_put_str(o, "action", r->allow ? "allow" : "deny");
	json_put_str(o, "topic", r->topic);
	json_put_str(o, "targets", r->targets);
	json_put_str(o, "tag", r->tag);
	json_put_str(o, "pattern", r->pattern);
	json_put_int(o, "hits", (int64_t)r->hits);
	return o;
}

struct json_object *
policy_show(const struct policy *p)
{
	struct json_object *o = json_object_new_object(), *rules = json_object_new_array(),
	    *own = json_object_new_array(), *learned = json_object_new_array();
	size_t i;

	for (i = 0; i < p->rules.n; i++)
		json_add_take(rules, rule_json(&p->rules.v[i]));
	for (i = 0; discovery[i] != NULL; i++)
		json_add_take(own, json_object_new_string(discovery[i]));
	for (i = 0; i < p->nlearned; i++)
		json_add_take(learned, json_object_new_string(p->learned[i]));
	json_put_str(o, "file", p->rules_file);
	json_put_bool(o, "learn", p->learn);
	json_put_str(o, "learned_file", p->learned_file);
	json_put_bool(o, "loopback", p->loopback);
	json_put_str(o, "allow", p->allow);
	json_put_str(o, "deny", p->deny);
	json_put_take(o, "rules", rules);
	json_put_take(o, "discovery", own);
	json_put_take(o, "learned", learned);
	return o;
}
