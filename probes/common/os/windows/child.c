/* SPDX-License-Identifier: Apache-2.0 */
/* child - see child.h. The host carries what a child says to a socket, and closes that behind the last byte. */
#include <sys/socket.h>

#include "child.h"

#include <ctype.h>

ssize_t child_read(intptr_t fd, void *p, size_t n) { return recv((int)fd, p, n, 0); }
ssize_t child_write(intptr_t fd, const void *p, size_t n) { return send((int)fd, p, n, 0); }
void child_close(intptr_t fd) { close((int)fd); }

bool
child_may_say_more(const struct mid_child *c)
{
	(void)c;
	return true;
}

bool
child_is_absolute(const char *program)
{
	return isalpha((unsigned char)program[0]) && program[1] == ':' && (program[2] == '/' || program[2] == '\\');
}
