/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form - a body of type multipart/form-data: some short texts and one file.
 */
#ifndef LAB_FORM_H
#define LAB_FORM_H
#include <stdbool.h>
#include <stddef.h>

#include "http.h"

struct form {
	struct pairs texts;
	const char *file;		/* borrowed from the body */
	size_t file_len;
	char *file_name, *file_type;
};
/* TYPE: the header Content-Type with its boundary. False when BODY is no such
 * form, or has no file; form_fini() either way. */
bool form_read(struct form *f, const char *type, const char *body, size_t len);
const char *form_text(const struct form *f, const char *name);	/* or "" */
void form_fini(struct form *f);
#endif
