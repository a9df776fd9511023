# SPDX-License-Identifier: Apache-2.0
# haproxy before the lab resets each request that is too large for its taste, and says nothing: two results in front
# of the spool never get through. All others do; the two wait, are told, and go when it lets them.
. "$(dirname "$0")/lib.sh"
HAPROXY=$(command -v haproxy || echo /usr/sbin/haproxy)
[ -x "$HAPROXY" ] || skip_all "needs haproxy (apt-get install haproxy)"
lab_init
lab_start
LAB=$LAB_PORT
cat "$W/lab/server.pem" "$W/lab/server.key" >"$W/front.pem"
cat "$W/lab/agents/demo.pem" "$W/lab/agents/demo.key" >"$W/back.pem"
PORT=$((20000 + RANDOM % 12000))	# below those that the system gives away
front_start() { # RULE
	cat >"$W/haproxy.cfg" <<-H
		defaults
		  mode http
		  timeout connect 2s
		  timeout client 60s
		  timeout server 60s
		frontend front
		  bind 127.0.0.1:$PORT ssl crt $W/front.pem
		  $1
		  default_backend lab
		backend lab
		  server a 127.0.0.1:$LAB ssl verify none crt $W/back.pem
	H
	"$HAPROXY" -db -f "$W/haproxy.cfg" >>"$W/haproxy.log" 2>&1 &
	echo $! >"$W/haproxy.pid"
	wait_for 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$PORT" 2>/dev/null
}
front_start "http-request reject if { req.hdr(content-length) -m int gt 100000 }"
printf 'instance: { url: "https://localhost:%s" }\n' "$PORT" | agent_config
agent_start
equal "$(run_job Echo text=warm)" warm
head -c 150000 /dev/urandom | base64 -w0 >"$W/text"
printf '<parameters><parameter name="text" value="%s"/></parameters>' "$(cat "$W/text")" >"$W/payload"
job Echo --count 2 --payload "$W/payload" >/dev/null
two() { [ "$(ctl spool --json | jq .results)" = 2 ]; }
wait_for 20 two
job Echo --count 60 text=small >/dev/null
wait_for 60 all_answered 61 Echo
wait_for 20 two
wait_for 20 grep -q "others get through, but not this one" "$W/demo/midd.log"
ctl status --json >"$W/status" || true
has "$(ctl spool)" " again in "
has "$(jq -r '.problems[] | select(.id == "results-not-taken") | .what, .why' "$W/status")" "2 results are not taken by the instance"

kill "$(cat "$W/haproxy.pid")"
wait "$(cat "$W/haproxy.pid")" || true
front_start "# all may pass"
agent_stop
agent_start
wait_for 30 all_answered 63 Echo
each_once Echo 63
agent_stop
pass
