# SPDX-License-Identifier: Apache-2.0
# lib - what the scenarios share: a lab, agents, jobs, and ways to look.
# Sourced first. Everything lives in $W, which goes with the shell; a failed
# check prints what the programs said.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${B:=build}"
B=$(cd "$B" && pwd)
W=$(mktemp -d "${TMPDIR:-/tmp}/midd-scenario.XXXXXX")
AGENT=demo			# the agent that agent_* and ctl mean
FAILED=1
export LSAN_OPTIONS=${LSAN_OPTIONS:-} UBSAN_OPTIONS=print_stacktrace=1
export ASAN_OPTIONS=detect_stack_use_after_return=1:handle_abort=1

cleanup() {
	local p
	! declare -F cleanup_more >/dev/null || cleanup_more
	for p in $(cat "$W"/*.pid "$W"/*/*.pid 2>/dev/null); do
		kill -TERM "$p" 2>/dev/null || true
	done
	for p in $(cat "$W"/*.pid "$W"/*/*.pid 2>/dev/null); do
		for _ in $(seq 60); do kill -0 "$p" 2>/dev/null || break; sleep 0.1; done
		kill -KILL "$p" 2>/dev/null || true
	done
	wait 2>/dev/null || true
	for f in "$W"/*.log "$W"/*/midd.log; do
		[ -f "$f" ] || continue
		if grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$f"; then
			echo "a sanitizer spoke in $f:"; grep -nE -A25 'ERROR: |runtime error:' "$f" | head -80
			FAILED=1
		fi
		[ "$FAILED" = 0 ] || { echo "--- $f"; tail -n 60 "$f"; }
	done
	umount "$W"/disk 2>/dev/null || true
	[ -n "${KEEP:-}" ] || rm -rf "$W"
	exit $FAILED
}
trap cleanup EXIT
trap 'echo "failed at ${BASH_SOURCE[0]}:$LINENO: $BASH_COMMAND"' ERR
pass() { FAILED=0; exit 0; }
skip_all() { echo "$*"; trap - EXIT; rm -rf "$W"; exit 77; }
die() { echo "$*"; exit 1; }

# --- looking ---------------------------------------------------------------------

equal() { [ "$1" = "$2" ] || die "expected \"$2\", got \"$1\" (${3:-})"; }
has() { case $1 in *"$2"*) ;; *) die "expected \"$2\" in: $1" ;; esac; }
# wait_for SECONDS COMMAND...: until it is true; a condition, not a sleep. PATIENCE times as long where others run beside it.
wait_for() {
	local left=$(($1 * 20 * ${PATIENCE:-1}))
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ $left -gt 0 ] || die "waited in vain for: $*"
		sleep 0.05
	done
}

# --- the lab -----------------------------------------------------------------------

lab() { "$B/bin/midlab" -d "$W/lab" "$@"; }
lab_init() { "$B/bin/midlab" init "$W/lab" "$@" >"$W/init.log" 2>&1 || { cat "$W/init.log"; false; }; }
lab_start() {
	rm -f "$W/lab/serve.json"
	"$B/bin/midlab" serve "$W/lab" --listen "127.0.0.1:${LAB_PORT:-0}" "$@" >>"$W/lab.log" 2>&1 &
	echo $! >"$W/lab.pid"
	wait_for 20 test -s "$W/lab/serve.json"
	LAB_URL=$(jq -r .url "$W/lab/serve.json")
	LAB_PORT=${LAB_URL##*:}
}
lab_stop() { kill -TERM "$(cat "$W/lab.pid")"; wait "$(cat "$W/lab.pid")" 2>/dev/null || true; rm -f "$W/lab.pid"; }
lab_kill() { kill -KILL "$(cat "$W/lab.pid")"; wait "$(cat "$W/lab.pid")" 2>/dev/null || true; rm -f "$W/lab.pid"; }

# --- agents --------------------------------------------------------------------------

# agent_config [NAME]: further YAML on standard input, appended as a drop-in.
agent_config() {
	local name=${1:-$AGENT} d
	d=$W/${2:-$name}
	mkdir -p "$d/midd.d"
	cat >"$d/midd.yaml" <<-Y
		name: $name
		instance:
		  url: $LAB_URL
		  ca: $W/lab/ca.pem
		  cert: $W/lab/agents/$name.pem
		  key: $W/lab/agents/$name.key
		seal:
		  mode: ${SEAL:-required}
		  instance_cert: $W/lab/seal.pem
		poll:
		  min: 100ms
		  max: ${POLL_MAX:-500ms}
		  push: ${PUSH:-false}	# the scenarios of push say true
		results:
		  disk_min: 0 B
		  retry_min: 100ms
		  retry_max: 1s
		workers:
		  probes: $B/probes:$B/test/probes
		paths:
		  state: $d/state
		  control: $d/control
		log:
		  level: debug
	Y
	[ -t 0 ] || cat >"$d/midd.d/50-test.yaml"
	[ -s "$d/midd.d/50-test.yaml" ] || rm -f "$d/midd.d/50-test.yaml"
}
agent_spawn() {
	local d=$W/${1:-$AGENT}
	"$B/bin/midd" --config "$d/midd.yaml" >>"$d/midd.log" 2>&1 &
	echo $! >"$d/midd.pid"
}
agent_start() {
	[ -f "$W/${1:-$AGENT}/midd.yaml" ] || agent_config "${1:-$AGENT}" </dev/null
	agent_spawn "${1:-$AGENT}"
	wait_for 30 ctl_of "${1:-$AGENT}" version
}
agent_pid() { cat "$W/${1:-$AGENT}/midd.pid"; }
agent_kill() { kill -KILL "$(agent_pid "$@")"; wait "$(agent_pid "$@")" 2>/dev/null || true; rm -f "$W/${1:-$AGENT}/midd.pid"; }
# Exit status of the agent, which must come within 10 s of SIGTERM.
agent_stop() {
	local pid status=0
	pid=$(agent_pid "$@")
	kill -TERM "$pid"
	timeout 12 tail --pid="$pid" -f /dev/null || die "midd did not stop within 10 s"
	wait "$pid" || status=$?
	rm -f "$W/${1:-$AGENT}/midd.pid"
	return $status
}
ctl_of() { local n=$1; shift; "$B/bin/midctl" --control "$W/$n/control" "$@"; }
ctl() { ctl_of "$AGENT" "$@"; }

# --- enrolling ------------------------------------------------------------------------

# enroll_token FILE OPTION...: a token of the lab in FILE, which nobody else may read.
enroll_token() { (umask 077; lab enroll token "${@:2}" | sed -n 's/^token *//p' >"$1"); }
# enroll_begin COMMAND...: beside us; comes back when its request waits for a person's yes, $W/id.
enroll_begin() {
	"$@" <&0 >"$W/enroll.log" 2>&1 &
	echo $! >"$W/enroll.pid"
	wait_for 30 enroll_waits
}
enroll_waits() { lab enroll list --json | jq -er '.[] | select(.state == "pending") | .sys_id' >"$W/id"; }
# The yes; the command must end with a login.
enroll_approve() {
	lab enroll approve "$(cat "$W/id")" >/dev/null
	wait "$(cat "$W/enroll.pid")" || die "$(cat "$W/enroll.log")"
	rm "$W/enroll.pid"
	has "$(cat "$W/enroll.log")" "login    good"
}

# --- a web server in between -------------------------------------------------------------

# nginx_start: with the server block on standard input, in place of the one that runs.
nginx_start() {
	nginx_stop
	{
		echo "pid $W/nginx.pid; error_log $W/nginx.log; events {} http { access_log off;"
		echo "client_body_temp_path $W/b; proxy_temp_path $W/p; fastcgi_temp_path $W/f; uwsgi_temp_path $W/u; scgi_temp_path $W/s;"
		cat
		echo "}"
	} >"$W/nginx.conf"
	nginx -c "$W/nginx.conf" -e "$W/nginx.log" || die "nginx: $(cat "$W/nginx.log")"
	wait_for 10 test -s "$W/nginx.pid"
}
nginx_stop() { [ ! -s "$W/nginx.pid" ] || { kill "$(cat "$W/nginx.pid")"; wait_for 10 test ! -e "$W/nginx.pid"; }; }

# With -e, no input is no yes: jq 1.6 ends with 0 then.
jq() {
	local said
	[[ " $1" == " -e"* ]] || { command jq "$@"; return; }
	said=$(command jq "$@") || return
	[ -n "$said" ] && echo "$said"
}

# --- jobs -------------------------------------------------------------------------------

# job TOPIC ...: prints its sys_id.   run_job TOPIC ...: waits and prints the opened result.
job() { lab job --agent "$AGENT" "$@"; }
run_job() { lab job --agent "$AGENT" --wait 60 "$@"; }
answers() { lab table ecc_queue "queue=input^response_to=$1" --json | jq length; }
job_state() { lab table ecc_queue "sys_id=$1" --fields state --json | jq -r '.[0].state'; }
outputs_in() { lab table ecc_queue "queue=output^state=$1^topic=${2:-Echo}" --fields sys_id --limit 5000 --json | jq length; }
all_answered() { [ "$(outputs_in processed "$2")" -ge "$1" ]; }
# each_once TOPIC N: N outputs, each with exactly one answer (its first page).
each_once() {
	local got
	got=$(lab table ecc_queue "queue=input^topic=$1^response_toISNOTEMPTY" --fields response_to,payload --limit 20000 --json |
		jq -r '[.[] | select((.payload | test("page=\"1\"")) or (.payload | test("page=") | not)) | .response_to] | group_by(.) | map(length) | "\(length) \(max)"')
	equal "$got" "$2 1" "jobs answered and most answers to one"
}
