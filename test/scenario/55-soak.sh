# SPDX-License-Identifier: Apache-2.0
# The soak, short: 5000 jobs under random faults (a sanitised build: 1000);
# make soak takes a million.
JOBS=$([ -z "${SAN:-}" ] && echo 5000 || echo 1000) MINUTES=4 exec bash "$(dirname "$0")/../soak/run.sh"
