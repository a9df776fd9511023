# SPDX-License-Identifier: Apache-2.0
# A disk of 8 MB is filled and freed: nothing unsent is lost, no work is fetched
# meanwhile, and the status names it and then is well again.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root to mount a small file system"
mkdir -p "$W/disk"
mount -t tmpfs -o size=8m midd "$W/disk" 2>/dev/null || skip_all "no file system can be mounted here"
lab_init
lab_start
agent_config <<Y
paths: { state: $W/disk/state }
Y
agent_start
equal "$(run_job Echo text=before)" before
lab_kill
dd if=/dev/zero of="$W/disk/filler" bs=64k 2>/dev/null || true
lab_start
job Echo --count 10 text=pressed >/dev/null
full() { ctl status --json | jq -e '.problems[] | select(.what | test("disk"))'; }
wait_for 20 full
rm "$W/disk/filler"
wait_for 40 all_answered 11 Echo
each_once Echo 11
healthy() { ctl status >/dev/null; }
wait_for 20 healthy
agent_stop

# One that begins with hardly any room says so in its log too.
rm -f "$W/disk/state"/*reserve*
dd if=/dev/zero of="$W/disk/filler" bs=64k count=$(($(df -k --output=avail "$W/disk" | tail -n 1) / 64 - 12)) 2>/dev/null
: >"$W/demo/midd.log"
agent_start
wait_for 20 full
has "$(cat "$W/demo/midd.log")" "too little to keep some in reserve"
has "$(ctl status || true)" "make room on the file system"
agent_stop
umount "$W/disk"
pass
