/* SPDX-License-Identifier: Apache-2.0 */
/* err - see err.h. */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
	"ok", "bad", "full", "none", "again", "os", "net", "tls", "auth",
	"peer", "exists", "damaged", "cancelled", "internal",
};

int
err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err != NULL) {
		err->code = code;
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
	}
	return -code;
}

int
err_os(struct err *err, const char *fmt, ...)
{
	int e = errno;
	int code = (e == ENOSPC || e == EDQUOT) ? E_FULL : E_OS;
	size_t n;
	va_list ap;

	if (err != NULL) {
		err->code = code;
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
		n = strlen(err->text);
		snprintf(err->text + n, sizeof(err->text) - n, ": %s", strerror(e));
	}
	errno = e;
	return -code;
}

int
err_in(struct err *err, const char *fmt, ...)
{
	char was[ERR_TEXT_MAX];
	size_t n;
	va_list ap;

	if (err == NULL)
		return -E_INTERNAL;
	memcpy(was, err->text, sizeof(was));
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s", was);
	return -err->code;
}

const char *
err_name(int code)
{
	if (code < 0)
		code = -code;
	if ((size_t)code >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[code];
}
