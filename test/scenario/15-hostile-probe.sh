# SPDX-License-Identifier: Apache-2.0
# A probe that tries to get out of its worker: each attempt is refused.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start

run_job TestHostile >"$W/out"
cat "$W/out"
for what in write exec fork ptrace kill mount unshare listen privileges memory environment inherited; do
	equal "$(grep "^$what " "$W/out")" "$what refused"
done
has "$(tail -n 1 "$W/out")" "32 of 32 calls refused"
has "$(ctl status --json | jq -c .guard)" '"seccomp":true'
equal "$(run_job Echo text=alive)" alive
agent_stop
pass
