/* SPDX-License-Identifier: Apache-2.0 */
/* hostkey - the server's key, as a question to midd, who judges it. */
#ifndef MID_SSH_HOSTKEY_H
#define MID_SSH_HOSTKEY_H

struct link;

/* "HOST PORT TYPE BASE64", the caller's; NULL and *WHY. */
char *hostkey_question(struct link *l, const char *host, int port, const char **why);

#endif
