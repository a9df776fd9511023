# SPDX-License-Identifier: Apache-2.0
# Canaries: the agent's private key, the key at rest and the plain text of a
# sealed job are looked for in everything midd writes, shows or leaves to be
# read: log, store, arguments, environment, control answers, a worker's memory.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/canaries.sh"
lab_init
lab_start
agent_start
PLAIN=canary-$RANDOM$RANDOM$RANDOM-plain
equal "$(run_job Echo text=$PLAIN)" "$PLAIN"
id=$(job Echo text="$PLAIN" delay_ms=60000)
running() { [ "$(ctl status --json | jq '[.lanes[].running] | add')" -ge 1 ]; }
wait_for 20 running

# A line a canary: what it is, and its bytes in hex.
{
	grep -v -- ----- "$W/lab/agents/demo.key" | while read -r line; do
		[ ${#line} -lt 24 ] || echo "the private key (PEM) $(printf %s "$line" | hex)"
	done
	scalar=$(openssl ec -in "$W/lab/agents/demo.key" -text -noout 2>/dev/null | sed -n '/^priv:/,/^pub:/p' | grep '^ ' | tr -d ' :\n')
	[ -z "$scalar" ] || echo "the private key (number) $scalar"
	rest=$(find "$W/demo/state" -name '*.key' | head -n 1)
	[ -z "$rest" ] || echo "the key at rest $(hex <"$rest")"
	echo "the plain text of a job $(printf %s "$PLAIN" | hex)"
} >"$W/canaries"
[ "$(grep -c private "$W/canaries")" -ge 2 ] || die "no private key to look for"
grep -q "at rest" "$W/canaries" || die "no key at rest to look for: $(find "$W/demo/state" -type f)"

pids="$(agent_pid) $(pgrep -P "$(agent_pid)")"
look "" "$W/demo/midd.log"
# shellcheck disable=SC2046
look "" $(find "$W/demo/state" -type f ! -name '*.key')
for p in $pids; do
	look "" "/proc/$p/cmdline" "/proc/$p/environ"
	grep -qE 'Max core file size +0 +0' "/proc/$p/limits" || die "process $p may leave a core"
done
for c in "status --json" "jobs --json" "job show $id --json" "probes --json" "spool --json" "log --json" "metrics" "version --json" \
	"--config $W/demo/midd.yaml config show --origin"; do
	# shellcheck disable=SC2086
	ctl $c >>"$W/control.txt" || true
done
[ -s "$W/control.txt" ] || die "no control answers to look through"
look "" "$W/control.txt"
# A worker has the job it runs, and never a key of the agent.
if [ "$(id -u)" -eq 0 ] && [ -z "${SAN:-}" ]; then
	for p in $(pgrep -P "$(agent_pid)"); do
		look "the plain text of a job" "/proc/$p/mem"
	done
	# The look itself can find something: midd has its own TLS key, or the text of the job it waits for.
	python3 "$W/find.py" "$W/canaries" "" "/proc/$(agent_pid)/mem" "/proc/$(pgrep -P "$(agent_pid)" | head -n 1)/mem" | grep -q . ||
		die "nothing is found in memory, not even what must be there: the look is blind"
fi
ctl job cancel "$id" >/dev/null
agent_stop
pass
