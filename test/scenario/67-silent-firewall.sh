# SPDX-License-Identifier: Apache-2.0
# A firewall forgets midd's connections and drops what comes on them, without a word to either side. midd notices
# soon after the time for which the instance said that it holds a question, and is back on new ones.
. "$(dirname "$0")/lib.sh"
command -v nft >/dev/null || skip_all "needs nft (apt-get install nftables)"
[ "$(id -u)" -eq 0 ] && [ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
PUSH=true POLL_MAX=10m
push_is() { [ "$(ctl status --json | jq -r .push.state)" = "$1" ]; }
lab_init
lab_start --hold 1
printf 'instance: { total: 2s }\n' | agent_config
agent_start
wait_for 20 push_is up
lab job --agent demo --wait 10 Echo text=before >/dev/null

ports=$(ss -Htn state established "dport = :$LAB_PORT" | awk '{sub(/.*:/, "", $3); print $3}' | paste -sd, -)
[ -n "$ports" ] || die "midd has no connection"
nft -f - <<-N
	table inet forgotten {
	chain out {
		type filter hook output priority 0;
		tcp dport $LAB_PORT tcp sport { $ports } drop
		tcp sport $LAB_PORT tcp dport { $ports } drop
	}
	}
N
wait_for 30 push_is down
has "$(ctl status --json | jq -r .push.why)" "did not answer in time"
wait_for 20 push_is up
lab job --agent demo --wait 20 Echo text=after >/dev/null
each_once Echo 2
agent_stop
pass
