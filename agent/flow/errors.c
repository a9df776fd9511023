/* SPDX-License-Identifier: Apache-2.0 */
/* errors - see errors.h. */
#include "flow/errors.h"

#include <stddef.h>
#include <string.h>

static const struct error_class classes[] = {
	{ CLASS_OK, "ok", NULL, 0, 0, false, "" },
	{ CLASS_BAD_PARAM, "bad-param", "BAD_PARAMETER", 0, 0, false,
	    "mend the job on the instance: the sentence names the parameter" },
	{ CLASS_UNREACHABLE, "unreachable", "CONNECTION_FAILED", 1, 2000, true,
	    "check route, firewall and name of the target" },
	{ CLASS_TIMEOUT, "timeout", "CONNECTION_TIMEOUT", 1, 2000, true,
	    "the target is slow or silent: raise the job's time-out or look at the target" },
	{ CLASS_AUTH, "auth", "AUTHENTICATION_FAILED", 0, 0, false,
	    "the target refused the credential" },
	{ CLASS_NO_CREDENTIAL, "no-credential", "NO_CREDENTIALS", 0, 0, false,
	    "give a credential for this target" },
	{ CLASS_PERMISSION, "permission", "PERMISSION_DENIED", 0, 0, false,
	    "the account may log in but not do this" },
	{ CLASS_TARGET, "target", "TARGET_ERROR", 0, 0, false, "the target answered with an error" },
	{ CLASS_POLICY, "policy", "FORBIDDEN_BY_POLICY", 0, 0, false, "our policy forbids it" },
	{ CLASS_UNSUPPORTED, "unsupported", "UNSUPPORTED", 0, 0, false,
	    "no probe of this agent serves that: midctl probes" },
	{ CLASS_TOO_BIG, "too-big", "TOO_BIG", 0, 0, false, "a limit was reached: results.max" },
	{ CLASS_CANCELLED, "cancelled", "CANCELLED", 0, 0, false, "somebody cancelled it" },
	{ CLASS_INTERNAL, "internal", "INTERNAL_ERROR", 0, 0, false, "a mistake in the probe: midctl log" },
	{ CLASS_INTERRUPTED, "interrupted", "INTERRUPTED", 0, 0, false,
	    "the agent stopped in the middle; start it again from the instance if that is safe" },
	{ CLASS_POISON, "quarantined", "QUARANTINED", 0, 0, false,
	    "it killed its worker: midctl job show, then midctl job retry" },
};

const struct error_class *
error_class(int class)
{
	if (class < 0 || (size_t)class >= sizeof(classes) / sizeof(classes[0]))
		class = CLASS_INTERNAL;
	return &classes[class];
}

const char *
error_without_class(int class, const char *message)
{
	const char *name = error_class(class)->name;
	size_t n = strlen(name);

	return strncmp(message, name, n) == 0 && strncmp(message + n, ": ", 2) == 0 ? message + n + 2 : message;
}
