# SPDX-License-Identifier: Apache-2.0
# haproxy in front of two nodes of the lab, which know nothing of each other's push channels: the balancer's
# cookie keeps midd on one of them. When that node goes, midd goes on at the other one, push too.
. "$(dirname "$0")/lib.sh"
HAPROXY=$(command -v haproxy || echo /usr/sbin/haproxy)
[ -x "$HAPROXY" ] || skip_all "needs haproxy (apt-get install haproxy)"
PUSH=true POLL_MAX=10m
push_is() { [ "$(ctl status --json | jq -r .push.state)" = "$1" ]; }
lab_init
node_start() { # a | b: a lab of its own process, on the same folder
	unset LAB_PORT
	lab_start --hold 1 "${@:2}"
	mv "$W/lab.pid" "$W/$1.pid"
	cp "$W/lab/serve.json" "$W/$1.json"
	printf '%s' "$LAB_PORT" >"$W/$1.port"
}
node_start a
node_start b
cat "$W/lab/server.pem" "$W/lab/server.key" >"$W/front.pem"
cat "$W/lab/agents/demo.pem" "$W/lab/agents/demo.key" >"$W/back.pem"
PORT=$((20000 + RANDOM % 12000))	# below those that the system gives away
cat >"$W/haproxy.cfg" <<-H
	global
	  log stdout format raw local0
	defaults
	  mode http
	  log global
	  log-format "node %s %HM %HP"
	  option redispatch
	  retries 1
	  timeout connect 2s
	  timeout client 60s
	  timeout server 60s
	frontend front
	  bind 127.0.0.1:$PORT ssl crt $W/front.pem
	  default_backend nodes
	backend nodes
	  balance roundrobin
	  cookie NODE insert indirect nocache httponly
	  server a 127.0.0.1:$(cat "$W/a.port") cookie a check inter 200ms fall 1 rise 1 ssl verify none crt $W/back.pem
	  server b 127.0.0.1:$(cat "$W/b.port") cookie b check inter 200ms fall 1 rise 1 ssl verify none crt $W/back.pem
H
"$HAPROXY" -db -f "$W/haproxy.cfg" >"$W/haproxy.log" 2>&1 &
echo $! >"$W/haproxy.pid"
wait_for 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$PORT"
printf 'instance: { url: "https://localhost:%s" }\n' "$PORT" | agent_config
node_of() { sed -n 's/^node \([ab]\) POST \/amb$/\1/p' "$W/haproxy.log" | tail -n1; }
# at NODE COMMAND...: the lab's program asks that node.
at() { cp "$W/$1.json" "$W/lab/serve.json"; lab "${@:2}"; }

agent_start
wait_for 20 push_is up
node=$(node_of)
lines=$(wc -l <"$W/haproxy.log")
for i in 1 2 3; do
	at "$node" job --agent demo --wait 10 Echo text="$i" >/dev/null
done
calls() { [ "$(tail -n +$((lines + 1)) "$W/haproxy.log" | grep -c "^node $node POST /amb")" -ge 3 ]; }
wait_for 20 calls
! tail -n +$((lines + 1)) "$W/haproxy.log" | grep "^node [^$node]" || die "midd left node $node"

kill -KILL "$(cat "$W/$node.pid")"
rm "$W/$node.pid"
moved() { [ "$(node_of)" != "$node" ] && push_is up; }
wait_for 30 moved
at "$(node_of)" job --agent demo --wait 10 Echo text=moved >/dev/null
agent_stop
pass
