/* SPDX-License-Identifier: Apache-2.0 */
/* completion - one function a shell; each prints a script for it. */
#ifndef MIDCTL_COMPLETION_H
#define MIDCTL_COMPLETION_H

void completion_zsh(void);
void completion_fish(void);
void completion_powershell(void);

#endif
