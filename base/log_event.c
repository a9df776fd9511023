/* SPDX-License-Identifier: Apache-2.0 */
/* log_event - see log_event.h. */
#include "log_event.h"

#include <stddef.h>

static const struct {
	const char *name, *id;
} rows[] = {
	[EV_UP] = { "up", "a9f34e1d265654d4a341a7bc35b1c024" },
	[EV_STOPPING] = { "stopping", "71ead17b084554438e7b1bf5a9636710" },
	[EV_NO_START] = { "no-start", "0c785bb389ab57de9d04ddbf19384fab" },
	[EV_RELOAD_REFUSED] = { "reload-refused", "ed8e98852f825166a0407eb3240ebb92" },
	[EV_NEEDS_RESTART] = { "needs-restart", "e16113eb2aa256c9993aaeeb1647da7d" },
	[EV_NO_PROGRESS] = { "no-progress", "6d579a38a7465567853b05a79324e829" },
	[EV_NO_WORK] = { "no-work", "a913b018189b5f739a21ad1bf5019358" },
	[EV_NOT_DELIVERED] = { "not-delivered", "df57c654ff045b5db213ec26b2eedef0" },
	[EV_SELF] = { "self", "2c8a0f9aba2f59edbdf6b11d290aa314" },
	[EV_CERT_EXPIRED] = { "cert-expired", "0b0ee841364d5f11b6a23403671984bc" },
	[EV_CERT_ENDS] = { "cert-ends", "f504c3a6465d5e3e80137d7dd7712322" },
	[EV_CERT_RENEWED] = { "cert-renewed", "98dcc8cebcc24db3a25c3578a619c138" },
	[EV_CERT_NOT_RENEWED] = { "cert-not-renewed", "fea8aa2c170441aeaad8fd1b975597a1" },
	[EV_PASSWORD] = { "password", "12e27ac3d6bb5af28992757aa66fa67f" },
	[EV_REFUSED_RESULT] = { "refused-result", "3121e646cb6e5ad483942ba610a88706" },
	[EV_REFUSED_CIS] = { "refused-cis", "482b714580545bef1a2a766ff35d45c6" },
	[EV_STORE_DAMAGED] = { "store-damaged", "a32bafc9bc9650e4b2d0aab061a87ebe" },
	[EV_DISK_FULL] = { "disk-full", "365ebd12acc75147ab6ecf33cc217300" },
	[EV_DISK_ROOM] = { "disk-room", "350493a382b058b29f50af2e6c5175ac" },
	[EV_QUARANTINE] = { "quarantine", "bf337f29d9f9555eae77f9463c3c6867" },
	[EV_INTERRUPTED] = { "interrupted", "8188ba77ecab58e7978e13bbe30ba215" },
	[EV_JOB_FAILED] = { "job-failed", "abfd0a48040159ba8972e4fdeb1d3219" },
	[EV_POLICY] = { "policy", "6229edb60e1a59578393568bee2fd629" },
	[EV_LEARNING] = { "learning", "6bbd823981835d8ea6693ce108a99941" },
	[EV_SCRIPT] = { "script", "eaad8b0bf00d5b0e9c9b9722331a842c" },
	[EV_HOSTKEY] = { "hostkey", "7930cbfaff3355daae62f98452568741" },
	[EV_NO_GUARD] = { "no-guard", "a7337f2e8f3b5da9b65cff6fcb876310" },
	[EV_WORKER_ENDED] = { "worker-ended", "ad23e9265f355927b4e4cad1bdca9321" },
	[EV_NO_WORKERS] = { "no-workers", "3b0dc0d64ae950dca4724833902186ae" },
	[EV_FORBIDDEN_CALL] = { "forbidden-call", "864bc8470b9253d38b73e247216a7f23" },
	[EV_PAUSED] = { "paused", "2e2fbeafac0e5dc2985bd096e9a1a6e7" },
	[EV_RESUMED] = { "resumed", "4c411c1e84a35c289ffc4c36a8905ec0" },
	[EV_PUSH] = { "push", "eaf9d383b4504637ba91214260474628" },
};

const char *
log_event_id(enum log_event ev)
{
	return ev <= EV_NONE || ev >= EV_END ? NULL : rows[ev].id;
}

const char *
log_event_name(enum log_event ev)
{
	return ev <= EV_NONE || ev >= EV_END ? NULL : rows[ev].name;
}
