#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An exec probe in POSIX shell. It is told a JSON object on standard input, and
# answers in JSON lines; this one has nothing to ask of what it is told.
set -eu
read -r up idle </proc/uptime
days=$(( ${up%.*} / 86400 ))
printf '{"note":{"name":"seconds","value":"%s"}}\n' "${up%.*}"
printf '{"output":"up %d days, idle %s s over all processors\\n"}\n' "$days" "${idle%.*}"
