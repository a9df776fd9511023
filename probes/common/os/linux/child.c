/* SPDX-License-Identifier: Apache-2.0 */
/* child - see child.h. */
#include "child.h"

#include <unistd.h>

ssize_t child_read(intptr_t fd, void *p, size_t n) { return read((int)fd, p, n); }
ssize_t child_write(intptr_t fd, const void *p, size_t n) { return write((int)fd, p, n); }
void child_close(intptr_t fd) { close((int)fd); }

bool
child_may_say_more(const struct mid_child *c)
{
	return !c->exited;
}

bool
child_is_absolute(const char *program)
{
	return program[0] == '/';
}
