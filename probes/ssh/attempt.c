/* SPDX-License-Identifier: Apache-2.0 */
/* attempt - see attempt.h. */
#include "attempt.h"

#include <string.h>

#include "key.h"
#include "keyring.h"
#include "link.h"

static int
by_key(struct attempt *a, struct link *l, struct keyring *ring, const struct mid_credential *c, const char **why)
{
	const char *text = c->field(c, "private_key");
	int r;

	if (a->key == NULL && keyring_take(ring, text == NULL ? "" : text, c->field(c, "passphrase"), &a->key, why) != KEY_READ)
		return LINK_REFUSED;
	r = link_login_key(l, c->field(c, "user"), a->key);
	if (r != LINK_AGAIN)
		attempt_end(a, ring);
	*why = link_why(l);
	return r;
}

int
attempt_step(struct attempt *a, struct link *l, struct keyring *ring, const struct mid_credential *c, const char **why)
{
	const char *user = c->field(c, "user");
	int r;

	*why = "the credential names no user";
	if (user == NULL || user[0] == '\0')
		return LINK_REFUSED;
	if (strcmp(c->type, "ssh_private_key") == 0)
		return by_key(a, l, ring, c, why);
	r = link_login_password(l, user, c->field(c, "password"));
	*why = link_why(l);
	return r;
}

void
attempt_end(struct attempt *a, struct keyring *ring)
{
	keyring_give(ring, a->key);
	a->key = NULL;
}
