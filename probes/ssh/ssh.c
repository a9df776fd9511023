/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssh - a command on a Unix host: topic SSHCommand (spec 10.2), its output as it
 * comes; SSHCommandLong, one that goes on without us (detached.c); MultiProbe,
 * several with one login (several.c); UnixFacts, whose
 * command is a script of ours and whose output becomes facts (gather.c); and
 * FileProbe, which has no command but speaks SFTP (file.c). How a run goes is run.c.
 * Logging in is login.c, connections kept for the next job pool.c, a command's
 * course talk.c, its line command.c, becoming root rise.c, the protocol link.c.
 */
#include <midd/probe.h>

#include "link.h"
#include "pool.h"
#include "run.h"

#define LONG_MS 86400000	/* how long an SSHCommandLong may take, unless the job says */

static const struct mid_param ssh_params[] = {
	{ "port", MID_INT, false, "22", "TCP port of the server" },
	{ "name", MID_STRING, false, NULL, "the command, instead of the column name" },
	{ "command_timeout_ms", MID_MS, false, "300000", "how long the command may take (mid.ssh.command_timeout_ms)" },
	{ "channel_timeout_ms", MID_MS, false, "300000", "ended when it says nothing for so long" },
	{ "set_path", MID_BOOL, false, "true", "PATH is " PATH_DEFAULT },
	{ "path_override", MID_STRING, false, NULL, "append:, prepend: or replace: and directories" },
	{ "must_sudo", MID_BOOL, false, "false", "all of it as root, by sudo, dzdo, doas or pbrun" },
	{ "proxy_jump", MID_STRING, false, NULL, "hosts on the way: HOST or HOST:PORT, with commas between" },
	{ "preserve_sudo_environment", MID_BOOL, false, "false", "sudo -E" },
	{ "run_in_terminal", MID_BOOL, false, "false", "with a terminal; standard error joins the output" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_param facts_params[] = {
	{ "port", MID_INT, false, "22", "TCP port of the server" },
	{ "sections", MID_LIST, false, NULL, "which sections, as os,cpu,memory; all when left out" },
	{ "must_sudo", MID_BOOL, false, "false", "read as root, by sudo, dzdo, doas or pbrun" },
	{ "sudo", MID_BOOL, false, "true", "what root alone may run or read: by sudo -n, dzdo -n or doas -n, where they let us without a password" },
	{ "proxy_jump", MID_STRING, false, NULL, "hosts on the way: HOST or HOST:PORT, with commas between" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_param file_params[] = {
	{ "action", MID_STRING, false, "get", "get, put or list" },
	{ "path", MID_STRING, true, NULL, "of the file or folder there, absolute" },
	{ "port", MID_INT, false, "22", "TCP port of the server" },
	{ "encoding", MID_STRING, false, "base64", "get: base64, or text: the bytes as they are, what is no character replaced" },
	{ "offset", MID_INT, false, "0", "get: from this byte on; put: where the content belongs in the file" },
	{ "length", MID_INT, false, "0", "get: no more bytes than these; 0: to the end" },
	{ "content", MID_STRING, false, NULL, "put: what stands in the file, as text" },
	{ "content_base64", MID_STRING, false, NULL, "put: what stands in the file, as base64" },
	{ "size", MID_INT, false, NULL, "put: of the whole, when the content is a piece of it" },
	{ "sha256", MID_STRING, false, NULL, "what the whole must hash to, 64 hex digits; put: needed for a piece" },
	{ "overwrite", MID_BOOL, false, "false", "put: what is there is replaced" },
	{ "mode", MID_STRING, false, NULL, "put: permissions, octal; else those it had, or 0644" },
	{ "channel_timeout_ms", MID_MS, false, "60000", "a connection on which nothing comes for so long is made again" },
	{ "proxy_jump", MID_STRING, false, NULL, "hosts on the way: HOST or HOST:PORT, with commas between" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_param trial_params[] = {
	{ "credential_id", MID_STRING, true, NULL, "the credential to log in by: its id or its name" },
	{ "port", MID_INT, false, "22", "TCP port of the server" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_topic topics[] = {
	{ "SSHCommand", "a command on a Unix host, over SSH", MID_NETWORK, 0, ssh_params },
	{ "SSHCommandLong", "a command that may take hours, and goes on without us", MID_NETWORK | MID_REPEATABLE, LONG_MS, ssh_params },
	{ "MultiProbe", "several commands on a Unix host, with one login", MID_NETWORK, 0, ssh_params },
	{ "UnixFacts", "the inventory of a Unix host, over SSH", MID_NETWORK | MID_REPEATABLE, 0, facts_params },
	{ "FileProbe", "a file of a Unix host fetched or put, or a folder listed, over SFTP", MID_NETWORK | MID_REPEATABLE, 0, file_params },
	{ "SSHCredentialTest", "does this credential log in on this host", MID_NETWORK | MID_REPEATABLE, 0, trial_params },
	{ NULL, NULL, 0, 0, NULL },
};

/* --- the module --------------------------------------------------------------------- */

static int
ssh_engine_open(void **engine, const struct mid_host *h, struct mid_run *run)
{
	*engine = link_library_open() == 0 ? pool_new(h, run) : NULL;
	if (*engine != NULL)
		return 0;
	h->fail(run, MID_INTERNAL, "libssh2 does not start");
	return -1;
}

static void
ssh_engine_close(void *engine)
{
	pool_free(engine);
	link_library_close();
}

static void
ssh_engine_step(void *engine, struct mid_wait *wait)
{
	pool_step(engine, wait);
}

static const struct mid_topic *
ssh_more_topics(const char *exec_dir, const struct mid_host *h, struct mid_run *run)
{
	(void)exec_dir, (void)h, (void)run;
	return topics;
}

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "ssh",
	.version = "1.0",
	.help = "Unix hosts over SSH",
	.flags = MID_NETWORK,
	.map = "linux",
	.open = ssh_open,
	.step = ssh_step,
	.close = ssh_close,
	.cancel = ssh_cancel,
	.engine_open = ssh_engine_open,
	.engine_step = ssh_engine_step,
	.engine_close = ssh_engine_close,
	.more_topics = ssh_more_topics,
};
