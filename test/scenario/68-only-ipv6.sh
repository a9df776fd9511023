# SPDX-License-Identifier: Apache-2.0
# A network without IPv4, not even on loopback: midd finds the instance by name and by address, has push, and
# runs jobs.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] && [ "$(ip -o link | wc -l)" = 1 ] && mountpoint -q /etc || skip_all "needs a network and an /etc of its own: run it by test/run.sh"
PUSH=true POLL_MAX=10m
push_is() { [ "$(ctl status --json | jq -r .push.state)" = "$1" ]; }
ip addr flush dev lo scope host
ip addr add ::1/128 dev lo 2>/dev/null || true
ip addr add fd00:7::1/128 dev lo
ip addr add fd00:7::2/128 dev lo
! ping -4 -c 1 127.0.0.1 >/dev/null 2>&1 || die "there is IPv4"
printf '::1 localhost\nfd00:7::1 instance.example.com\n' >/etc/hosts
lab_init --host localhost --host instance.example.com --host fd00:7::1
lab_spawn() {
	"$B/bin/midlab" serve "$W/lab" --listen "[::]:0" --hold 1 >>"$W/lab.log" 2>&1 &
	echo $! >"$W/lab.pid"
	wait_for 20 test -s "$W/lab/serve.json"
	LAB_URL=$(jq -r .url "$W/lab/serve.json")
	LAB_PORT=${LAB_URL##*:}
}
lab_spawn
for host in instance.example.com "[fd00:7::1]"; do
	printf 'instance: { url: "https://%s:%s" }\n' "$host" "$LAB_PORT" | agent_config
	agent_start
	wait_for 20 push_is up
	lab job --agent demo --wait 10 Echo text="$host" >/dev/null
	has "$(run_job LocalInventory sections=addresses)" "fd00:7::1"
	agent_stop
done
each_once Echo 2
pass
