# SPDX-License-Identifier: Apache-2.0
# A discovery of hundreds of single addresses ends as any other: the text of its ranges is longer than a column of a job is
# kept. One that would ask more addresses than it can, or forget what it was to leave out, is refused and says why.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_config <<-Y
	policy: { loopback: true }
Y
agent_start

ranges=$(for i in $(seq 250); do printf '127.3.%d.1 127.4.%d.1 ' "$i" "$i"; done)
id=$(ctl discover $ranges --ports ssh --json | jq -r .id)
ended() { ctl discovery "$id" --json | jq -e .ended; }
wait_for 20 ended
has "$(ctl jobs --json | jq -c --arg id "$id" '.[] | select(.id == $id)')" '"ok"'

# discover_error RANGES EXCLUDE: what the instance hears.
discover_error() { lab job Discover "ranges=$1" "exclude=$2" --agent "$AGENT" --wait 30 2>&1 || true; }
has "$(discover_error 1.0.0.0-9.255.255.255 "")" "150994944 addresses, and one discovery asks 33554432 at most"
has "$(discover_error 127.3.0.0/24 "$(for i in $(seq 7000); do printf '127.3.0.1 '; done)")" "more than 60 kB"
pass
