# SPDX-License-Identifier: Apache-2.0
# kill -9 of the agent at 24 points of a run of 30 jobs; make crash takes
# them all, and a sanitised build, which is slow, six.
exec bash "$(dirname "$0")/../crash/kill.sh" sample "${POINTS:-$([ -z "${SAN:-}" ] && echo 24 || echo 6)}"
