/* SPDX-License-Identifier: Apache-2.0 */
/* options - see options.h. In the order of etc/midd.yaml and the man page. */
#include "options.h"

#include <string.h>

#include "paths.h"

#define AT(member) offsetof(struct config, member)

const struct option config_options[] = {
	{ "name", OPT_TEXT, AT(name), "0", "80", "", 0, true,
	  "Name of this agent on the instance. Empty: the host's name." },

	{ "instance.url", OPT_URL, AT(instance.url), "https", NULL, "", 0, false,
	  "Address of the instance, such as https://acme.example.com. The one option that must be set." },
	{ "instance.ca", OPT_FILE, AT(instance.ca), NULL, NULL, "", 0, false,
	  "PEM file with the authorities that may vouch for the instance. Empty: those of the system." },
	{ "instance.cert", OPT_FILE, AT(instance.cert), NULL, NULL, "", 0, false,
	  "PEM file with our certificate for mutual TLS, followed by its chain." },
	{ "instance.key", OPT_KEY, AT(instance.key), NULL, NULL, "", 0, false,
	  "PEM file with the private key of that certificate, readable by its owner only; on Windows locked to the machine (midctl protect); "
	  "one for a TPM2; or pkcs11:... for one in a token." },
	{ "instance.crl", OPT_FILE, AT(instance.crl), NULL, NULL, "", 0, false,
	  "PEM file with the revocation lists of the authorities of instance.ca; a certificate that they do not cover is refused. Empty: not asked." },
	{ "instance.ocsp", OPT_CHOICE, AT(instance.ocsp), "off required", NULL, "off", 0, false,
	  "required: the instance must staple a good OCSP response to its certificate." },
	{ "instance.user", OPT_TEXT, AT(instance.user), "0", "200", "", 0, false,
	  "User for basic authentication, where mutual TLS can't be had. Warned about in the status." },
	{ "instance.password_file", OPT_FILE, AT(instance.password_file), NULL, NULL, "", 0, false,
	  "File with that user's password, readable by its owner only." },
	{ "instance.proxy", OPT_URL, AT(instance.proxy), "http https socks5", NULL, "", 0, false,
	  "Proxy on the way to the instance, such as http://proxy.example.com:3128 or socks5://...; it looks names up. Without a port: 1080, for https 443. Empty: none." },
	{ "instance.proxy_user", OPT_TEXT, AT(instance.proxy_user), "0", "200", "", 0, false,
	  "User at the proxy." },
	{ "instance.proxy_password_file", OPT_FILE, AT(instance.proxy_password_file), NULL, NULL, "", 0, false,
	  "File with the password at the proxy, readable by its owner only." },
	{ "instance.proxy_login", OPT_CHOICE, AT(instance.proxy_login), "basic ntlm negotiate any", NULL, "basic", 0, false,
	  "How to log in at an HTTP proxy; any: the safest that it offers." },
	{ "instance.proxy_keytab", OPT_FILE, AT(instance.proxy_keytab), NULL, NULL, "", 0, true,
	  "Kerberos keytab of the account that negotiate logs in with, readable by its owner only. Empty: the tickets of midd's user." },
	{ "instance.no_proxy", OPT_TEXT, AT(instance.no_proxy), "0", "1000", "", 0, false,
	  "Hosts that are reached without the proxy: names, domains and networks, separated by commas." },
	{ "instance.proxy_env", OPT_BOOL, AT(instance.proxy_env), NULL, NULL, "false", 0, false,
	  "Where instance.proxy is empty, take https_proxy and no_proxy of the environment." },
	{ "instance.connect", OPT_DURATION, AT(instance.connect_ms), "100ms", "2m", "10s", 0, false,
	  "How long to wait for a connection to the instance." },
	{ "instance.total", OPT_DURATION, AT(instance.total_ms), "1s", "30m", "60s", 0, false,
	  "How long one request to the instance may take in all." },
	{ "instance.batch", OPT_BOOL, AT(instance.batch), NULL, NULL, "true", 0, false,
	  "Send several answers in one request (the instance's Batch API)." },
	{ "instance.version_shown", OPT_TEXT, AT(instance.version_shown), "0", "80", "", 0, false,
	  "Version shown in our record on the instance. Empty: midd and its own version." },

	{ "cert.renew", OPT_BOOL, AT(cert.renew), NULL, NULL, "true", 0, false,
	  "Have our certificate renewed by the instance before it ends, where the instance can do that." },
	{ "cert.new_key", OPT_BOOL, AT(cert.new_key), NULL, NULL, "true", 0, false,
	  "With a new key, of the same kind; one in a token, or encrypted by systemd-creds, stays. false: for the same key." },
	{ "cert.renew_before", OPT_DURATION, AT(cert.renew_before_ms), "0s", "400d", "0s", 0, false,
	  "How long before its end. 0s: when two thirds of its life are over." },

	{ "seal.mode", OPT_CHOICE, AT(seal.mode), "required at-rest off", NULL, "at-rest", 0, true,
	  "Who can open results: required, only the instance (CMS to its certificate); "
	  "at-rest, sealed on this disk and sent as the instance expects; off, as at-rest." },
	{ "seal.instance_cert", OPT_FILE, AT(seal.instance_cert), NULL, NULL, "", 0, true,
	  "PEM file with the instance's sealing certificate; needed when seal.mode is required." },
	{ "seal.rest_key", OPT_FILE, AT(seal.rest_key), NULL, NULL, "", 0, true,
	  "File with the key for what is on this disk; made when absent. Empty: rest.key in paths.state." },

	{ "poll.min", OPT_DURATION, AT(poll.min_ms), "100ms", "1h", "1s", 0, false,
	  "Time between two questions for work while there is work." },
	{ "poll.max", OPT_DURATION, AT(poll.max_ms), "100ms", "1h", "5s", 0, false,
	  "Time between two questions for work after a while without any, while there is no push." },
	{ "poll.push", OPT_BOOL, AT(poll.push), NULL, NULL, "true", 0, false,
	  "Let the instance say at once that there is work (AMB, a request it holds open)." },
	{ "poll.pushed", OPT_DURATION, AT(poll.pushed_ms), "1s", "1h", "40s", 0, false,
	  "Time between two questions for work while push is up and nothing is heard." },
	{ "poll.batch", OPT_COUNT, AT(poll.batch), "1", "1000", "100", 0, false,
	  "Jobs to ask for at once." },

	{ "jobs.interactive", OPT_COUNT, AT(jobs.lane[LANE_INTERACTIVE]), "1", "10000", "10", 0, false,
	  "Slots of the interactive lane: somebody waits for these jobs." },
	{ "jobs.expedited", OPT_COUNT, AT(jobs.lane[LANE_EXPEDITED]), "1", "10000", "20", 0, false,
	  "Slots of the expedited lane." },
	{ "jobs.standard", OPT_COUNT, AT(jobs.lane[LANE_STANDARD]), "1", "10000", "25", 0, false,
	  "Slots of the standard lane." },
	{ "jobs.aging", OPT_DURATION, AT(jobs.aging_ms), "1s", "24h", "1m", 0, false,
	  "A job that has waited this long rises one lane." },
	{ "jobs.per_target", OPT_COUNT, AT(jobs.per_target), "1", "1000", "3", 0, false,
	  "Jobs that may run against one target at once." },
	{ "jobs.deadline", OPT_DURATION, AT(jobs.run_ms), "1s", "24h", "10m", 0, false,
	  "How long a job that names no deadline may run." },
	{ "jobs.waiting_max", OPT_COUNT, AT(jobs.waiting_max), "1", "100000", "500", 0, false,
	  "Jobs taken from the instance that may wait here for a slot." },
	{ "jobs.deaths_max", OPT_COUNT, AT(jobs.deaths_max), "1", "10", "2", 0, false,
	  "A job that has killed its worker this often is put into quarantine." },

	{ "results.page", OPT_SIZE, AT(results.page_bytes), "16 kB", "16 MB", "1 MB", 0, false,
	  "A result larger than this is split into pages." },
	{ "results.max", OPT_SIZE, AT(results.result_max_bytes), "64 kB", "4 GB", "256 MB", 0, false,
	  "The largest result of one job; beyond it the job ends with an error." },
	{ "results.spool_max", OPT_SIZE, AT(results.spool_max_bytes), "1 MB", "1 TB", "2 GB", 0, false,
	  "Undelivered results that may wait on this disk; work is fetched only while there is room." },
	{ "results.disk_min", OPT_SIZE, AT(results.disk_min_bytes), "0 B", "1 TB", "100 MB", 0, false,
	  "No work is fetched while the disk has less room than this." },
	{ "results.retry_min", OPT_DURATION, AT(results.retry_min_ms), "100ms", "1h", "1s", 0, false,
	  "Time before the first new try after a delivery has failed; it doubles from there." },
	{ "results.retry_max", OPT_DURATION, AT(results.retry_max_ms), "1s", "24h", "5m", 0, false,
	  "Longest time between two tries to deliver." },
	{ "results.keep", OPT_DURATION, AT(results.keep_ms), "1h", "400d", "30d", 0, true,
	  "How long ended jobs are remembered, so that none is done twice." },

	{ "workers.max", OPT_COUNT, AT(workers.max), "0", "256", "0", 0, true,
	  "Worker processes at most. 0: one for each processor." },
	{ "workers.runs", OPT_COUNT, AT(workers.runs), "1", "10000", "500", 0, true,
	  "Jobs that may run in one worker at once." },
	{ "workers.idle", OPT_DURATION, AT(workers.idle_ms), "1s", "24h", "30s", 0, true,
	  "A worker without a job goes after this time." },
	{ "workers.hung", OPT_DURATION, AT(workers.hung_ms), "1s", "10m", "30s", 0, true,
	  "A worker that does not answer for this long is killed." },
	{ "workers.memory_max", OPT_SIZE, AT(workers.memory_max_bytes), "0 B", "1 TB", "2 GB", 0, true,
	  "Address space of one worker. 0 B: no limit." },
	{ "workers.program", OPT_FILE, AT(workers.program), NULL, NULL,
	  "/usr/lib/midd/midd-worker", OPTION_PATH(PATH_WORKER), true,
	  "The worker program." },
	{ "workers.probes", OPT_FILES, AT(workers.probes), NULL, NULL,
	  "/usr/lib/midd/probes", OPTION_PATH(PATH_PROBES), true,
	  "Folder with probe modules; several are separated by colons." },
	{ "workers.maps", OPT_FILE, AT(workers.maps), NULL, NULL,
	  "/usr/share/midd/map", OPTION_PATH(PATH_MAPS), true,
	  "Folder with the jq programs that turn facts into CIs." },
	{ "workers.exec", OPT_FILE, AT(workers.exec), NULL, NULL,
	  "/usr/lib/midd/exec", OPTION_PATH(PATH_EXEC), true,
	  "Folder with exec probes: programs that serve a topic each." },

	{ "creds.instance", OPT_BOOL, AT(creds.instance), NULL, NULL, "true", 0, false,
	  "Use the credentials that the instance has sealed to our certificate." },
	{ "creds.external", OPT_CHOICE, AT(creds.external), "none command vault", NULL, "none", 0, false,
	  "Who gives the values of credentials that the instance knows by a name only." },
	{ "creds.command", OPT_FILE, AT(creds.source_command), NULL, NULL, "", 0, false,
	  "Program that gives the values of a credential: one JSON line in, one out." },
	{ "creds.vault_url", OPT_URL, AT(creds.vault_url), "https", NULL, "", 0, false,
	  "Address of a vault that speaks KV version 2, such as https://vault.example.com:8200." },
	{ "creds.vault_ca", OPT_FILE, AT(creds.vault_ca), NULL, NULL, "", 0, false,
	  "PEM file with the authorities that may vouch for the vault. Empty: those of the system." },
	{ "creds.vault_path", OPT_TEXT, AT(creds.vault_path), "1", "200", "secret", 0, false,
	  "Where the KV engine is mounted in the vault." },
	{ "creds.vault_token_file", OPT_FILE, AT(creds.vault_token_file), NULL, NULL, "", 0, false,
	  "File with a token of the vault, readable by its owner only; read again when the vault refuses it." },
	{ "creds.vault_role_id", OPT_TEXT, AT(creds.vault_role_id), "0", "200", "", 0, false,
	  "Role of an AppRole login at the vault, instead of a token." },
	{ "creds.vault_secret_file", OPT_FILE, AT(creds.vault_secret_file), NULL, NULL, "", 0, false,
	  "File with the secret id of that AppRole, readable by its owner only." },
	{ "creds.lock_failures", OPT_COUNT, AT(creds.lock_failures), "1", "1000", "3", 0, false,
	  "Failed tries of one account within creds.lock_window, over all targets; then it is left alone." },
	{ "creds.lock_window", OPT_DURATION, AT(creds.lock_window_ms), "1s", "7d", "30m", 0, false,
	  "The time over which failed tries of an account are counted." },
	{ "creds.affinity", OPT_DURATION, AT(creds.affinity_ms), "1m", "400d", "30d", 0, false,
	  "How long the credential that worked on a target is tried first there." },
	{ "creds.refused", OPT_DURATION, AT(creds.refused_ms), "0s", "7d", "5m", 0, false,
	  "A credential that a target refused is not tried there again for this time." },
	{ "creds.hostkeys", OPT_CHOICE, AT(creds.hostkeys), "tofu strict", NULL, "tofu", 0, false,
	  "Host keys of SSH servers: tofu, the first one seen is kept; strict, only those accepted with midctl hostkeys." },
	{ "creds.debug", OPT_BOOL, AT(creds.debug), NULL, NULL, "false", 0, false,
	  "Tell in every answer which credentials were tried (mid.probe.collect_debug_info)." },

	{ "ssh.kex", OPT_TEXT, AT(ssh.kex), "0", "250", "", 0, false,
	  "Key exchanges for SSH: a list in order; +LIST adds, -LIST leaves out, ^LIST puts first. "
	  "Empty: ours (mid.ssh.algorithms.kex), without DH groups 16, 18 and exchanged ones, which cost 40 ms each." },
	{ "ssh.host_keys", OPT_TEXT, AT(ssh.host_keys), "0", "250", "", 0, false,
	  "Types of host keys for SSH, with + - ^ as in ssh.kex; +ssh-rsa also lets an RSA key log in with SHA-1." },
	{ "ssh.ciphers", OPT_TEXT, AT(ssh.ciphers), "0", "250", "", 0, false,
	  "Ciphers for SSH, with + - ^ as in ssh.kex; CBC modes only when named." },
	{ "ssh.macs", OPT_TEXT, AT(ssh.macs), "0", "250", "", 0, false,
	  "Integrity algorithms for SSH, with + - ^ as in ssh.kex; those of SHA-1 only when named." },

	{ "snmp.packets", OPT_COUNT, AT(snmp.packets), "10", "1000000", "50000", 0, false,
	  "Packets to SNMP agents that all workers together may send in a second." },
	{ "snmp.rate", OPT_COUNT, AT(snmp.rate), "1", "10000", "500", 0, false,
	  "Requests to one SNMP agent in a second; fewer while it seems to suffer." },
	{ "snmp.subnet", OPT_COUNT, AT(snmp.subnet), "1", "10000", "128", 0, false,
	  "Agents of one subnet (/24, /64) that a worker may walk at once; single values are not counted." },

	{ "policy.loopback", OPT_BOOL, AT(policy.loopback), NULL, NULL, "false", 0, false,
	  "Addresses of this host itself (127.0.0.0/8, ::1) are targets like others." },
	{ "policy.allow", OPT_TEXT, AT(policy.allow), "0", "4000", "", 0, false,
	  "Ranges of addresses that may be targets, such as 10.0.0.0/8, fd00::/8. Empty: all that are not denied." },
	{ "policy.deny", OPT_TEXT, AT(policy.deny), "0", "4000", "", 0, false,
	  "Ranges of addresses that are never targets; metadata services, link-local, multicast and the instance never are." },
	{ "policy.rules", OPT_FILE, AT(policy.rules), NULL, NULL, "", 0, false,
	  "File with the rules for commands that jobs name. Empty: only the commands of Discovery itself." },
	{ "policy.learn", OPT_BOOL, AT(policy.learn), NULL, NULL, "false", 0, false,
	  "Let commands that no rule allows run, and write the rules they would need to learned.rules in paths.state." },

	{ "discovery.ways", OPT_TEXT, AT(discovery.ways), "1", "1000", "ssh=UnixFacts, snmp=SnmpFacts", 0, false,
	  "Which topic asks a target for facts, by what it answers on (share/classify.yaml)." },
	{ "discovery.at_once", OPT_COUNT, AT(discovery.at_once), "1", "5000", "100", 0, false,
	  "Targets of one discovery that are asked at once." },
	{ "discovery.per_network", OPT_COUNT, AT(discovery.per_network), "1", "5000", "20", 0, false,
	  "Of them those of one network of 256 addresses." },
	{ "discovery.target_deadline", OPT_DURATION, AT(discovery.target_ms), "1s", "24h", "2m", 0, false,
	  "How long a discovery asks one target, by one of its ways. A target that is silent for so long is not asked a second time." },
	{ "discovery.stale_after", OPT_COUNT, AT(discovery.stale_after), "0", "1000", "3", 0, false,
	  "A target that so many discoveries in a row have looked for and not found is marked absent in the CMDB; never deleted. 0: never." },
	{ "discovery.full", OPT_DURATION, AT(discovery.full_ms), "0s", "400d", "7d", 0, false,
	  "CIs that have not changed are sent again after this time. 0s: each time." },

	{ "cmdb.ire", OPT_BOOL, AT(cmdb.ci_to_ire), NULL, NULL, "true", 0, false,
	  "Send CIs to the Identification and Reconciliation API." },
	{ "cmdb.data_source", OPT_TEXT, AT(cmdb.data_source), "1", "100", "ServiceNow", 0, false,
	  "discovery_source of those CIs: one of the choices the instance has for that column." },

	{ "paths.state", OPT_FILE, AT(paths.state_dir), NULL, NULL,
	  "/var/lib/midd", OPTION_PATH(PATH_STATE), true,
	  "Folder of the store and of the keys midd makes." },
	{ "paths.control", OPT_FILE, AT(paths.control), NULL, NULL,
	  "/run/midd/control", OPTION_PATH(PATH_CONTROL), true,
	  "Socket on which midctl reaches midd." },

	{ "log.level", OPT_CHOICE, AT(log.level), "error warn info debug", NULL, "info", 0, false,
	  "The least important lines that are written." },
	{ "log.format", OPT_CHOICE, AT(log.form), "auto plain journal json", NULL, "auto", 0, false,
	  "Form of a line. auto: journal under systemd, else plain." },

	{ "metrics.listen", OPT_TEXT, AT(metrics.listen), "0", "100", "", 0, true,
	  "Where OpenMetrics figures are served, at /metrics: the path of a socket, or a port of this host such as 127.0.0.1:9464. Empty: nowhere." },

	{ "trace.otlp", OPT_URL, AT(trace.otlp), "http https", NULL, "", 0, true,
	  "Collector that is told of each ended job as OTLP spans (JSON over HTTP), such as http://127.0.0.1:4318; http:// to this host only. Empty: none." },
	{ "trace.ca", OPT_FILE, AT(trace.ca), NULL, NULL, "", 0, true,
	  "PEM file with the authorities that may vouch for the collector. Empty: those of the system." },

	{ "report.stats", OPT_DURATION, AT(report.stats_ms), "10s", "24h", "10m", 0, false,
	  "Time between two reports of statistics to the instance." },
	{ "report.progress", OPT_DURATION, AT(report.progress_ms), "0s", "1h", "10s", 0, false,
	  "Time between two reports of how far a discovery of the instance is. 0s: none." },
	{ "report.refresh", OPT_DURATION, AT(report.refresh_ms), "1s", "10m", "5m", 0, false,
	  "Time between two looks at our record on the instance: is it there, validated, and ours." },
	{ NULL, 0, 0, NULL, NULL, NULL, 0, false, NULL }
};

const struct option *
option_find(const char *key)
{
	const struct option *o;

	for (o = config_options; o->key != NULL; o++)
		if (strcmp(o->key, key) == 0)
			return o;
	return NULL;
}

bool
option_section(const char *key)
{
	const struct option *o;
	size_t n = strlen(key);

	for (o = config_options; o->key != NULL; o++)
		if (strncmp(o->key, key, n) == 0 && o->key[n] == '.')
			return true;
	return false;
}

const char *
option_default(const struct option *o)
{
	return o->path == 0 ? o->dflt : path_default((enum path_of)(o->path - 1));
}
