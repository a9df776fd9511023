/* SPDX-License-Identifier: Apache-2.0 */
/* os_term - the console of Windows; see os.h. */
#include "os.h"

#include "os_win.h"

bool
os_term_utf8(void)
{
	return GetConsoleOutputCP() == CP_UTF8;
}

bool
os_term_size(unsigned *columns, unsigned *rows)
{
	CONSOLE_SCREEN_BUFFER_INFO i;

	if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &i))
		return false;
	*columns = (unsigned)(i.srWindow.Right - i.srWindow.Left + 1);
	*rows = (unsigned)(i.srWindow.Bottom - i.srWindow.Top + 1);
	return true;
}

bool
os_term_echo(bool on)
{
	HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
	DWORD mode;

	if (!GetConsoleMode(in, &mode))
		return false;
	return SetConsoleMode(in, on ? mode | ENABLE_ECHO_INPUT : mode & ~(DWORD)ENABLE_ECHO_INPUT) != 0;
}
