#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a host costs over SSH (make bench-ssh RIG=DIR): the production module driven by
# probe_run.c, against one sshd that serves canned answers on many loopback addresses,
# beside others that do the same. The rig (RIG: run.sh, setup.sh, and its minimal client)
# brings the server and the others; it works in a network of its own. Needs root.
set -eu
B=$(cd "${B:-build}" && pwd)
RIG=${RIG:-../shared/bench/ssh}
HOSTS=${HOSTS:-200 1000}
FAN=${FAN:-50}
REPS=${REPS:-3}
[ -x "$RIG/run.sh" ] || { echo "bench-ssh: SKIPPED: name the folder of the rig: RIG=DIR" >&2; exit 0; }
RIG=$(cd "$RIG" && pwd)
gcc -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -O2 -g -Iinclude -o "$B/probe_run" test/bench/probe_run.c -ldl

W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
# The minimal client is built with the libssh2 that midd has.
export BENCH_DIR=$W/rig CPATH=$PWD/build/deps/include LIBRARY_PATH=$PWD/build/deps/lib
"$RIG/setup.sh" >"$W/setup.log" 2>&1 || { cat "$W/setup.log"; exit 1; }

# Label of the rig, who it is, the command that must be there.
script="candidate:midd:true sshfan1cb:minimal_client:true xargs1x:ssh_by_xargs:ssh pssh1:pssh:parallel-ssh
	paramiko1:paramiko:py_paramiko asyncssh1:asyncssh:py_asyncssh ansible_raw1_f50:ansible_raw:ansible-playbook"
channels="candidate:midd:true sshfan12cb:minimal_client:true paramiko12:paramiko:py_paramiko asyncssh12:asyncssh:py_asyncssh
	ansible_raw12_f50:ansible_raw:ansible-playbook"
is_there() {
	case $1 in
	py_*) /usr/bin/python3 -c "import ${1#py_}" 2>/dev/null ;;
	*) command -v "$1" >/dev/null ;;
	esac
}
present() { # ROWS: the labels of those that are there; others are said
	local row label name need
	for row in $1; do
		IFS=: read -r label name need <<<"$row"
		if is_there "$need"; then echo "$label"; else echo "bench-ssh: MISSING: $name (make bench-deps)" >&2; fi
	done
}
# Whoever needs minutes for 200 hosts is not asked for 1,000.
quick() { [ "$1" -le 200 ] && cat || grep -vE 'ansible|pssh|paramiko|asyncssh'; }

# What the median of the rig's lines says, and how many times midd that is.
table() { # ROWS FILE
	local row label name need
	printf '  %-16s %8s %8s %9s %9s %7s\n' '' 'cpu ms' 'wall s' 'peak MiB' 'answered' 'x midd'
	for row in $1; do
		IFS=: read -r label name need <<<"$row"
		jq -rs --arg l "$label" --arg name "${name//_/ }" '
			def mid(f): map(f) | sort | .[length / 2 | floor];
			def cpu: mid(.cpu_s * 1000 / .n);
			(map(select(.label == "candidate")) | cpu) as $ours | map(select(.label == $l)) | select(length > 0) |
			[$name, cpu, mid(.wall_s), mid(.peak_pss_kb) / 1024, mid(.okhosts), cpu / $ours] | @tsv' "$2"
	done | awk -F'\t' '{printf "  %-16s %8.2f %8.2f %9.1f %9d %7.1f\n", $1, $2, $3, $4, $5, $6}'
}
rig() { # HOSTS ROWS COMMAND
	CANDIDATE=$3 OUT=$W/out "$RIG/run.sh" -n "$1" -m canned -f "$FAN" -r "$REPS" $(present "$2" | quick "$1") >/dev/null
	table "$2" "$W/out"
	rm -f "$W/out"
}
run="$B/probe_run $B/probes/ssh.so share/exec"
commands=$(awk '{printf " '\''command_%d=%s'\''", NR, $0}' "$BENCH_DIR/cmds.txt")

for n in $HOSTS; do
	echo "$n hosts, $FAN at once, twelve commands as one script (SSHCommand):"
	rig "$n" "$script" "$run SSHCommand {hosts} {port} root@{key} {fan} set_path=false name=@{script}"
	echo "$n hosts, $FAN at once, twelve commands by a channel each (MultiProbe):"
	rig "$n" "$channels" "$run MultiProbe {hosts} {port} root@{key} {fan} set_path=false $commands"
done

# --- what only midd can be asked ----------------------------------------------------------

ours() { # HOSTS AT-ONCE COMMAND-OF-THE-SERVER TOPIC [NAME=VALUE...]: the rounds, one JSON line each
	sed "s#^ForceCommand.*#ForceCommand $3#" "$BENCH_DIR/canned.conf" >"$W/conf"
	port=$(awk '/^Port/{print $2}' "$W/conf")
	unshare -nm --propagation private bash -c 'ip link set lo up; mount --bind /dev/null /root/.bashrc; ulimit -n 8192
		/usr/sbin/sshd -D -f "$0" & trap "kill $!" EXIT
		until (: </dev/tcp/127.0.0.1/'"$port"') 2>/dev/null; do sleep 0.02; done
		"$@"' "$W/conf" $run "$4" "$BENCH_DIR/hosts.$1" "$port" "root@$BENCH_DIR/id_ed25519" "$2" "${@:5}"
}
of() { jq -rs ".[$2 - 1].$3" <<<"$1"; }

echo "a second job on a connection of the pool, 200 hosts (SSHCommand true):"
got=$(ROUNDS=2 ours 200 50 /bin/true SSHCommand set_path=false name=true)
printf '  first job %.2f ms, second %.2f ms, %d and %d of 200 answered\n' "$(of "$got" 1 cpu_ms)" "$(of "$got" 2 cpu_ms)" "$(of "$got" 1 ok)" "$(of "$got" 2 ok)"

echo "memory, all sessions at once (SSHCommand, the server sleeps 20 s):"
few=$(ours 10 10 "/bin/sleep 1" SSHCommand set_path=false name=true)
many=$(ours 200 200 "/bin/sleep 20" SSHCommand set_path=false name=true)
awk -v a="$(of "$few" 1 peak_kb)" -v b="$(of "$many" 1 peak_kb)" -v n="$(of "$many" 1 ok)" 'BEGIN{printf "  %.0f kB a session (%d answered)\n", (b - a) / 190, n}'

# The answer to our script on this host, for the mark that probe_run's constant random makes; then told, or only taken.
facts=$W/facts
cat >"$W/record" <<-R
	#!/bin/bash
	sh -c "\$SSH_ORIGINAL_COMMAND" >"$facts" 2>/dev/null
R
chmod +x "$W/record"; chmod 755 "$W"
ours 1 1 "$W/record" UnixFacts >/dev/null 2>&1 || true
echo "the facts of one host, $(stat -c %s "$facts") bytes of it (UnixFacts, 200 hosts):"
told=$(ours 200 50 "cat $facts" UnixFacts)
taken=$(ours 200 50 "cat $facts" SSHCommand set_path=false name=true)
printf '  %.2f ms in all, of which reading and telling them %.2f ms; %d of 200 answered\n' "$(of "$told" 1 cpu_ms)" \
	"$(awk -v a="$(of "$told" 1 cpu_ms)" -v b="$(of "$taken" 1 cpu_ms)" 'BEGIN{print a - b}')" "$(of "$told" 1 ok)"

echo "a gigabyte from one host (SSHCommand):"
got=$(ours 1 1 "head -c 1000000000 /dev/zero" SSHCommand set_path=false name=true)
printf '  %.0f MB/s, %.2f s of processor time, at most %.0f MB of memory\n' "$(awk -v s="$(of "$got" 1 seconds)" 'BEGIN{print 1000 / s}')" \
	"$(awk -v c="$(of "$got" 1 cpu_ms)" 'BEGIN{print c / 1000}')" "$(awk -v k="$(of "$got" 1 peak_kb)" 'BEGIN{print k / 1024}')"
