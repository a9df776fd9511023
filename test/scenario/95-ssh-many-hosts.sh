# SPDX-License-Identifier: Apache-2.0
# Many hosts at once (HOSTS, 200; make scale-ssh has 1,000): a real sshd on as many loopback addresses, a job for
# each, all sessions open at the same moment; every answer is its own host's, and comes once.
: "${HOSTS:=200}"
SEAL=at-rest		# so that the lab shows the answers as they are
RULES='allow SSHCommand 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
sed -i '/^ListenAddress/d; s/^MaxStartups.*/MaxStartups 4000/' "$W/sshd.conf"
serve
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/k"
cat "$W/keys/k.pub" >"$W/home/.ssh/authorized_keys"
only key --type ssh_private_key <"$W/keys/k"
cat >>"$W/demo/midd.d/50-test.yaml" <<Y
poll: { batch: 500 }
jobs: { standard: $HOSTS, waiting_max: $HOSTS }
workers: { max: 1, runs: $HOSTS }
Y
agent_stop
agent_start

# Each command says that it is there and waits at the gate; nobody passes before all have come.
mkdir -m 777 "$W/here"
mkfifo -m 666 "$W/gate"
command="set -- \$SSH_CONNECTION; : >$W/here/\$3; read x <$W/gate; printf %s \$3"
for i in $(seq 0 $((HOSTS - 1))); do echo "127.1.$((i / 250)).$((i % 250 + 1))"; done >"$W/hosts"
jq -nRr --arg cmd "$command" --arg url "$LAB_URL/api/now/table/ecc_queue" --arg port "$PORT" --arg lab "$W/lab" '
	inputs | {agent: "mid.server.demo", topic: "SSHCommand", queue: "output", state: "ready", source: ., name: $cmd,
		payload: "<parameters><parameter name=\"port\" value=\"\($port)\"/></parameters>"} | tojson |
	{cacert: "\($lab)/ca.pem", cert: "\($lab)/agents/admin.pem", key: "\($lab)/agents/admin.key", url: $url,
		header: "Content-Type: application/json", data: ., output: "/dev/null"} |
	to_entries | map("\(.key) = \(.value | @json)"), ["silent", "show-error", "fail", "next"] | .[]' <"$W/hosts" | sed '$d' >"$W/jobs"
start=$(date +%s.%N)
curl -K "$W/jobs"
took() { awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN{printf "%.1f s", b - a}'; }
all_here() { [ "$(ls "$W/here" | wc -l)" = "$HOSTS" ]; }
wait_for 240 all_here
worker=$(pgrep -P "$(agent_pid)" midd-worker)
memory() { awk '/^VmHWM/{print $2}' "/proc/$1/status"; }
echo "all logged in after $(took)"
exec 9<>"$W/gate"
yes '' | head -n "$HOSTS" >&9
done_all() { all_answered "$HOSTS" SSHCommand; }
wait_for 240 done_all
echo "all answered after $(took); worker: $(memory "$worker") kB at most, $(awk '{print $14 + $15}' "/proc/$worker/stat") ticks; midd: $(memory "$(agent_pid)") kB"

# Every answer, checked: what it says is the address that was asked for.
each_once SSHCommand "$HOSTS"
lab table ecc_queue "queue=input^topic=SSHCommand^response_toISNOTEMPTY" --fields source,payload --limit 5000 --json |
	jq -r '.[] | "\(.source) \(.payload | capture("<stdout>(?<s>[^<]*)").s)"' | sort >"$W/got"
awk '{print $1, $1}' "$W/hosts" | sort >"$W/expected"
cmp "$W/got" "$W/expected" || die "answers: $(diff "$W/got" "$W/expected" | head)"
equal "$(pgrep -P "$(agent_pid)" midd-worker)" "$worker" "the worker"
equal "$(ctl hostkeys list --json | jq length)" "$HOSTS" "host keys kept"
pass
