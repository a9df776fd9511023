# SPDX-License-Identifier: Apache-2.0
# A network that cuts, resets, stalls and dribbles at chosen bytes of request
# and answer; make crash takes many more.
exec bash "$(dirname "$0")/../crash/net.sh" sample
