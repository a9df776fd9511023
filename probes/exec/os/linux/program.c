/* SPDX-License-Identifier: Apache-2.0 */
/* program - see program.h. */
#include "../../program.h"

#include <sys/stat.h>
#include <unistd.h>
#include <stddef.h>

const char *
program_unfit(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || access(path, X_OK) < 0)
		return "is not there or not executable: chmod +x";
	return (st.st_mode & S_IWOTH) != 0 ? "may be changed by everybody: chmod o-w" : NULL;
}
