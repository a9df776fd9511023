# SPDX-License-Identifier: Apache-2.0
# dropbear, the SSH server of routers and other small devices, ends the connection when a command line
# is long: a long one goes to a shell's input, and facts are told, commands end and sudo asks as elsewhere.
RULES='allow * 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
command -v dropbear >/dev/null && command -v dropbearkey >/dev/null || skip_all "there is no dropbear (apt-get install dropbear-bin)"
printf canary-password | only password --type ssh_password
dropbearkey -t ed25519 -f "$W/keys/db" >/dev/null 2>&1
dropbear -F -E -r "$W/keys/db" -P "$W/db.pid" -p "127.0.0.6:$PORT" 2>"$W/db.log" &
drop_bear() { kill "$(cat "$W/db.pid")"; drop_account; }
trap drop_bear EXIT
wait_for 10 bash -c ": </dev/tcp/127.0.0.6/$PORT"
HOST=127.0.0.6

run_job UnixFacts --source 127.0.0.6 port="$PORT" sections=os,cpu >"$W/facts"
equal "$(jq -r .os.kernel_name "$W/facts")" Linux
equal "$(jq .cpu.logical_online "$W/facts")" "$(nproc --all)"
long=$(head -c 20000 /dev/zero | tr '\0' y)
equal "$(ssh_job name="echo $long | wc -c; cat; echo \"it's\" !; exit 0" | tr '\n' ' ')" "20001 it's ! "
equal "$(ssh_job name="echo short; cat")" short
has "$(ssh_job name="echo begun $long; sleep 60" command_timeout_ms=1500 2>&1 || true)" "it took too long"
has "$(error_of name="echo $long" must_sudo=true)" "127.0.0.6"
agent_stop
pass
