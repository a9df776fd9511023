/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_host - this machine: configuration, files, disk, sandbox, and midd itself. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "doctor.h"
#include "err.h"
#include "fmt.h"
#include "http.h"
#include "json.h"
#include "key.h"
#include "midctl.h"
#include "os.h"
#include "paths.h"
#include "secret.h"

#define CERT_WARN_DAYS 30
#define DAY_S 86400

void
hop_config(struct doctor *d, struct hop *h)
{
	char why[ERR_TEXT_MAX];

	if (access(d->asked->config, F_OK) < 0 && errno == ENOENT)
		hop_bad(h, HOP_BAD, "midctl enroll https://YOUR-INSTANCE writes it; or name another one with --config", "there is no %s yet", d->asked->config);
	else if (access(d->asked->config, R_OK) < 0)
		hop_bad(h, HOP_BAD, "run midctl doctor as root, as an administrator, or as the user midd runs as", "%s: %s", d->asked->config, strerror(errno));
	else if (config_options_of(d->asked, &d->options, why, sizeof(why)) != 0 || d->options == NULL)
		hop_bad(h, HOP_BAD, "mend that line, or name another file with --config; midctl config check tells when it is right", "%s", why);
	else if (!config_is_right(d->asked, why, sizeof(why)))	/* every value can be read, and midd would not start all the same */
		hop_bad(h, HOP_BAD, "mend that line; midctl config check tells when it is right", "%s", why);
	else
		hop_ok(h, "%s and its drop-ins are right", d->asked->config);
}

/* --- files and their modes ------------------------------------------------------------ */

static const struct file_row { const char *option; bool secret, certificate; } file_rows[] = {
	{ "instance.ca", false, false }, { "instance.crl", false, false }, { "instance.cert", false, false },	/* the hops below read them */
	{ "instance.key", true, false }, { "instance.proxy_keytab", true, false }, { "instance.password_file", true, false },
	{ "instance.proxy_password_file", true, false }, { "seal.instance_cert", false, true }, { "creds.vault_ca", false, true },
	{ "creds.vault_token_file", true, false }, { "creds.vault_secret_file", true, false }, { "creds.command", false, false },
	{ "policy.rules", false, false },
};

static bool
file_is_well(const struct file_row *row, const char *path, struct hop *h)
{
	const char *option = row->option;
	struct err err = { 0, "" };
	bool secret = row->secret;
	struct http_cert cert;
	char remedy[300];

	if (access(path, R_OK) < 0 && errno == EACCES && strstr(path, "/midd/credentials") != NULL) {
		hop_bad(h, HOP_WARN, "run midctl doctor as root: systemd reads it as root, and brings it to the service", "%s: %s is not for this user", option, path);
		return false;
	}
	if (access(path, R_OK) < 0) {
		snprintf(remedy, sizeof(remedy), errno == ENOENT ? "put it there, or correct %s" :
		    "let the user midd runs as read it, and nobody else; run midctl doctor as that user or an administrator: %s", option);
		hop_bad(h, HOP_BAD, remedy, "%s: %s: %s", option, path, strerror(errno));
		return false;
	}
	if (secret && !doctor_sealed(path) && os_file_is_private(path) == 0) {
		snprintf(remedy, sizeof(remedy), "%s%.180s%s", os_make_private[0], path, os_make_private[1]);
		hop_bad(h, HOP_BAD, remedy, "%s: others than its owner may read %s", option, path);
		return false;
	}
	if (row->certificate && http_cert_read(&cert, path, &err) < 0) {
		snprintf(remedy, sizeof(remedy), "put a certificate in PEM form there, or correct %s", option);
		hop_bad(h, HOP_BAD, remedy, "%s: %s", option, err.text);
		return false;
	}
	if (secret && secret_lies_open(path)) {
		snprintf(remedy, sizeof(remedy), "midctl protect \"%.260s\"", path);
		hop_bad(h, HOP_WARN, remedy, "%s: %s lies in the clear: a copy of it can be used on any machine", option, path);
		return false;
	}
	return true;
}

/* What root has written with a narrow umask: right for us, and the service does not start. */
static bool
service_reads(const struct doctor *d, const char *option, const char *path, bool secret, struct hop *h)
{
	char remedy[300];

	if (strcmp(d->asked->config, os_layout[PATH_CONFIG].installed) != 0 || strstr(path, "/credentials") != NULL || os_service_may_read(path))
		return true;
	snprintf(remedy, sizeof(remedy), secret ? "put it into /etc/midd/credentials, and write credential:NAME" : "chmod 644 %.200s, and have it in a folder "
	    "that others may enter, such as /etc/midd", path);
	hop_bad(h, HOP_BAD, remedy, "%s: the service, as user midd, may not read %s", option, path);
	return false;
}

/* Each file that an option comes from. */
static bool
service_reads_config(const struct doctor *d, struct hop *h)
{
	size_t i, n = json_object_array_length(d->options), len;
	char path[1000], before[1000] = "";
	const char *origin, *colon;

	for (i = 0; i < n; i++) {
		origin = json_str(json_object_array_get_idx(d->options, i), "origin", "");
		colon = strrchr(origin, ':');
		len = colon != NULL ? (size_t)(colon - origin) : 0;
		snprintf(path, sizeof(path), "%.*s", (int)len, origin);
		if (path[0] != '/' || strcmp(path, before) == 0)
			continue;
		if (!service_reads(d, "configuration", path, false, h))
			return false;
		memcpy(before, path, sizeof(before));
	}
	return service_reads(d, "configuration", d->asked->config, false, h);
}

void
hop_files(struct doctor *d, struct hop *h)
{
	const char *path;
	int n = 0;
	size_t i;

	if (!service_reads_config(d, h))
		return;

	for (i = 0; i < sizeof(file_rows) / sizeof(file_rows[0]); i++) {
		path = doctor_option(d, file_rows[i].option);
		if (path[0] == '\0' || key_in_token(path))
			continue;
		if (!file_is_well(&file_rows[i], path, h) || !service_reads(d, file_rows[i].option, path, file_rows[i].secret, h))
			return;
		n++;
	}
	hop_ok(h, "%d files of the configuration can be read, secrets by their owner only", n);
}

void
hop_certificate(struct doctor *d, struct hop *h)
{
	const char *path = doctor_option(d, "instance.cert");
	struct http_cert c;
	struct err err = { 0, "" };
	char age[FMT_MAX];
	int64_t days;

	if (path[0] == '\0') {
		if (doctor_option(d, "instance.user")[0] == '\0')
			hop_bad(h, HOP_BAD, "set instance.cert and instance.key (or instance.user and instance.password_file)", "no login is configured");
		else
			hop_bad(h, HOP_WARN, "set instance.cert and instance.key: mutual TLS is safer", "a password is used instead of a certificate");
		return;
	}
	/* A renewed one, where we may read it; the visit shows the same. */
	pair_fini(&d->pair);
	pair_in_force(&d->pair, doctor_option(d, "paths.state"), path, doctor_option(d, "instance.key"));
	if (http_cert_read(&c, d->pair.cert, &err) < 0) {
		hop_bad(h, HOP_BAD, "put a certificate in PEM form there", "%s", err.text);
		return;
	}
	days = (c.not_after_s - os_time_ms() / 1000) / DAY_S;
	if (c.not_after_s < os_time_ms() / 1000)
		hop_bad(h, HOP_BAD, "midctl enroll URL gets a new one; or put one and its key where instance.cert and instance.key say, and restart midd", "%s expired %s ago", c.subject,
		    fmt_age(age, (os_time_ms() / 1000 - c.not_after_s) * 1000));
	else if (days < CERT_WARN_DAYS)
		hop_bad(h, HOP_WARN, "renew it now: midctl enroll URL gets a new one; or put one and its key where instance.cert and instance.key say, and restart midd",
		    "%s expires in %lld day%s", c.subject, (long long)days, days == 1 ? "" : "s");
	else
		hop_ok(h, "%s, %lld days left", c.subject, (long long)days);
	d->expired = c.not_after_s < os_time_ms() / 1000;
}

/* --- the disk ----------------------------------------------------------------------- */

/* The nearest folder above PATH that is there. */
static void
existing(char *path)
{
	char *slash;

	while (path[0] != '\0' && access(path, F_OK) < 0 && (slash = strrchr(path, '/')) != NULL)
		*slash = '\0';
}

void
hop_disk(struct doctor *d, struct hop *h)
{
	int64_t min = doctor_size(doctor_option(d, "results.disk_min")), left;
	char dir[1000], a[FMT_MAX], b[FMT_MAX], remedy[300];

	snprintf(dir, sizeof(dir), "%s", doctor_option(d, "paths.state"));
	existing(dir);
	left = os_disk_free(dir[0] ? dir : "/");
	snprintf(remedy, sizeof(remedy), "make room on the file system of %.160s (df -h), or move paths.state", dir);
	if (left < 0)
		hop_bad(h, HOP_BAD, "check that paths.state names a folder that can be reached", "%s: %s", dir, strerror(errno));
	else if (left < min || left == 0)
		hop_bad(h, HOP_BAD, remedy, "%s free at %s, less than results.disk_min (%s): no work is fetched", fmt_bytes(a, left), dir, fmt_bytes(b, min));
	else if (left < 2 * min)
		hop_bad(h, HOP_WARN, remedy, "%s free at %s; from %s on no work is fetched", fmt_bytes(a, left), dir, fmt_bytes(b, min));
	else
		hop_ok(h, "%s free at %s", fmt_bytes(a, left), dir);
}

/* --- the sandbox ----------------------------------------------------------------------- */

void
judge_sandbox(const struct os_guard_state *g, struct hop *h)
{
	if (g->limits_only)
		hop_bad(h, HOP_WARN, "there is none to be had here: give the account that midd runs as no right that it does not need", "%s", g->missing);
	else if (!g->seccomp || !g->no_new_privs)
		hop_bad(h, HOP_BAD, "the kernel needs CONFIG_SECCOMP_FILTER; in a container, let its own filter allow seccomp(2)",
		    "workers run without seccomp: %s", g->missing);
	else if (g->landlock_abi == 0)
		hop_bad(h, HOP_WARN, "boot a kernel from 5.13 on with Landlock in its lsm= list, or let the container allow landlock_create_ruleset(2)",
		    "no Landlock: workers may read what midd's user may: %s", g->missing);
	else if (g->missing[0] != '\0')
		hop_bad(h, HOP_WARN, "a newer kernel has it", "%s", g->missing);
	else
		hop_ok(h, "no_new_privs, seccomp, Landlock %d, limits", g->landlock_abi);
}

void
hop_sandbox(struct doctor *d, struct hop *h)
{
	const struct os_guard_want want = { .may_connect = true, .files_max = 64, .tell = -1 };
	struct os_guard_state g;

	(void)d;
	fflush(NULL);
	if (os_guard_try(&want, &g))
		judge_sandbox(&g, h);
	else
		hop_bad(h, HOP_BAD, "look into dmesg for what ended the process", "a process ended while it closed its sandbox");
}

/* --- midd ---------------------------------------------------------------------------- */

static int
modules_in(const char *dir)
{
	DIR *folder = opendir(dir);
	struct dirent *e;
	size_t n, suffix = strlen(os_module_suffix);
	int found = 0;

	if (folder == NULL)
		return -1;
	while ((e = readdir(folder)) != NULL) {
		n = strlen(e->d_name);
		found += n > suffix && strcmp(e->d_name + n - suffix, os_module_suffix) == 0;
	}
	closedir(folder);
	return found;
}

void
hop_workers(struct doctor *d, struct hop *h)
{
	const char *program = doctor_option(d, "workers.program"), *p = doctor_option(d, "workers.probes");
	char dir[1000];
	int n, all = 0;

	if (access(program, X_OK) < 0) {
		hop_bad(h, HOP_BAD, "install the package midd again, or correct workers.program", "%s: %s", program, strerror(errno));
		return;
	}
	for (; *p != '\0'; p += strcspn(p, os_list_separator), p += *p == os_list_separator[0]) {
		snprintf(dir, sizeof(dir), "%.*s", (int)strcspn(p, os_list_separator), p);
		n = modules_in(dir);
		if (n < 0) {
			hop_bad(h, HOP_BAD, "correct workers.probes, or install the probes", "%s: %s", dir, strerror(errno));
			return;
		}
		all += n;
	}
	if (access(doctor_option(d, "workers.maps"), R_OK) < 0)
		hop_bad(h, HOP_WARN, "install the package midd again, or correct workers.maps", "%s: %s: what is found becomes no CIs",
		    doctor_option(d, "workers.maps"), strerror(errno));
	else if (!os_library_possible)
		hop_ok(h, "%s, and its probes in it", program);
	else if (all == 0)
		hop_bad(h, HOP_BAD, "install probes (packages midd-probe-*), or correct workers.probes", "no probe module in %s", doctor_option(d, "workers.probes"));
	else
		hop_ok(h, "%s, %d modules", program, all);
}

void
hop_midd(struct doctor *d, struct hop *h)
{
	struct json_object *problems = json_arr(d->status, "problems"), *first;
	const char *command;
	char age[FMT_MAX], remedy[300];

	if (d->status == NULL && d->status_code == E_AUTH)
		hop_bad(h, HOP_WARN, "run midctl as root, as an administrator, or as the user midd runs as", "its socket is not for us");
	else if (d->status == NULL)
		hop_bad(h, HOP_WARN, d->options == NULL ? "see config above" : os_service_down(), "midd is not running");
	else if (problems != NULL && json_object_array_length(problems) > 0) {
		first = json_object_array_get_idx(problems, 0);
		command = json_str(first, "command", "midctl status");
		if (strcmp(command, "midctl doctor") == 0)
			snprintf(remedy, sizeof(remedy), "see what is not ok above; if all is, midctl log tells more");
		else
			snprintf(remedy, sizeof(remedy), "%s tells more", command);
		hop_bad(h, strcmp(json_str(d->status, "health", ""), "problem") == 0 ? HOP_BAD : HOP_WARN, remedy, "%s%s%s",
		    json_str(first, "what", "?"), json_str(first, "why", "")[0] ? ": " : "", json_str(first, "why", ""));
	} else
		hop_ok(h, "up %s, healthy", fmt_age(age, json_int(d->status, "up_ms", 0)));
}

void
hop_spool(struct doctor *d, struct hop *h)
{
	struct json_object *sp = json_get(d->status, "spool");
	int64_t n = json_int(sp, "results", 0), bytes = json_int(sp, "bytes", 0), max = json_int(sp, "max_bytes", 0);
	char a[FMT_MAX], b[FMT_MAX];

	if (sp == NULL)
		hop_bad(h, HOP_SKIPPED, "", "only a running midd knows");
	else if (max > 0 && bytes >= max / 10 * 9)
		hop_bad(h, HOP_BAD, "midctl spool tells why they wait; results.spool_max may be raised", "%s results of %s wait, nearly all there is room for",
		    fmt_count(a, n), fmt_bytes(b, bytes));
	else if (json_str(sp, "trouble", "")[0] != '\0')
		hop_bad(h, HOP_BAD, "see disk above; midctl log tells more", "%s", json_str(sp, "trouble", ""));
	else
		hop_ok(h, "%s results wait", fmt_count(a, n));
}

/* --- the helpers: midd-raw(8), midd-facts(8) ------------------------------------------- */

#define HELPER_MS 5000

/* What each is asked, and which byte at which place of its answer shows that it is at work (include/midd/raw.h); no
 * packet goes anywhere for it. Both are a choice, so none is missed. */
static const struct helper {
	const char *name, *word;
	size_t at;
	char byte;
	const char *on, *off, *switch_on;
} helpers[] = {
	{ "raw", "targets 192.0.2.1-192.0.2.1\n", 6, 'g', "midd-raw asks for scans",
	    "midd-raw is off: scans connect and ping", " (systemctl enable --now midd-raw.socket)" },
	{ "facts", "facts\n", 32, '\n', "midd-facts tells what only root may read",
	    "midd-facts is off: such facts are marked", " (systemctl enable --now midd-facts.socket)" },
};

static bool
helper_answers(const struct helper *he, intptr_t fd)
{
	char said[64];

	return os_local_write(fd, he->word, strlen(he->word)) > 0 && os_local_wait(fd, false, HELPER_MS) > 0 &&
	    os_local_read(fd, said, sizeof(said)) > (ssize_t)he->at && said[he->at] == he->byte;
}

/* Its socket is beside the control socket. False: it is there and of no use, and H says so. */
static bool
helper_is_well(const struct doctor *d, const struct helper *he, struct hop *h, const char **is)
{
	const char *control = doctor_option(d, "paths.control"), *slash = strrchr(control, '/');
	struct err err = { 0, "" };
	char path[1000], remedy[200];
	intptr_t fd;
	int r;

	snprintf(path, sizeof(path), "%.*s%s.sock", slash == NULL ? 0 : (int)(slash + 1 - control), control, he->name);
	*is = he->off;
	if (access(path, F_OK) < 0)
		return true;
	r = os_local_connect(&fd, path, &err);
	if (r < 0) {
		snprintf(remedy, sizeof(remedy), "systemctl restart midd-%s.socket", he->name);
		hop_bad(h, HOP_WARN, remedy, "midd-%s: %s: %s", he->name, path, r == -E_AUTH ? "not for this user" : "nobody listens there");
		return false;
	}
	*is = he->on;
	if (!helper_answers(he, fd)) {
		snprintf(remedy, sizeof(remedy), "journalctl -u 'midd-%s@*' says why; midd does without it meanwhile", he->name);
		hop_bad(h, HOP_WARN, remedy, "midd-%s ends without an answer, or four of it are at work", he->name);
		r = -E_NONE;
	}
	os_local_close(fd);
	return r == 0;
}

void
hop_helpers(struct doctor *d, struct hop *h)
{
	const char *is[2], *how[2] = { "", "" };
	size_t i;

	if (!os_has_helpers) {
		hop_bad(h, HOP_SKIPPED, "", "this system needs none");
		return;
	}
	for (i = 0; i < 2; i++) {
		if (!helper_is_well(d, &helpers[i], h, &is[i]))
			return;
		if (is[i] == helpers[i].off && os_has_manager())
			how[i] = helpers[i].switch_on;
	}
	hop_ok(h, "%s%s; %s%s", is[0], how[0], is[1], how[1]);
}
