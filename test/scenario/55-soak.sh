# SPDX-License-Identifier: Apache-2.0
# The soak, short: 5000 jobs under random faults; make soak takes a million. A
# sanitised build is made to soak by hand (make soak SAN=1).
[ -z "${SAN:-}" ] || { echo "it watches memory, and the sanitizers have memory of their own; 33 has the faults"; exit 77; }
JOBS=5000 MINUTES=4 exec bash "$(dirname "$0")/../soak/run.sh"
