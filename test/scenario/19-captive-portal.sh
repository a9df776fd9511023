# SPDX-License-Identifier: Apache-2.0
# A captive portal answers in the instance's place, in each way that portals have: it is named as such, in status and by
# the doctor, no job is lost, and when it lets us through all goes on by itself.
. "$(dirname "$0")/lib.sh"
command -v nginx >/dev/null || skip_all "needs nginx (apt-get install nginx-light)"
lab_init
lab_start
PORT=$((20000 + RANDOM % 12000))	# below those that the system gives away
"$B/bin/midlab" cert "$W/lab" portal --server --host login.example.com >/dev/null
# portal CERTIFICATE DIRECTIVE: nginx in the instance's place. In a "location /" of its own each time.
portal() {
	nginx_start <<-N
		server {
		  listen 127.0.0.1:$PORT $([ "$1" = none ] || echo ssl);
		  $([ "$1" = none ] || printf 'ssl_certificate %s.pem; ssl_certificate_key %s.key;' "$W/lab/$1" "$W/lab/$1")
		  location / { $2; }
		}
	N
}
through="proxy_pass https://127.0.0.1:$LAB_PORT; proxy_ssl_certificate $W/lab/agents/demo.pem; proxy_ssl_certificate_key $W/lab/agents/demo.key"
printf 'instance: { url: "https://localhost:%s" }\n' "$PORT" | agent_config
portal server "$through"
agent_start
healthy() { ctl status; }
wait_for 20 healthy
says() { case $(ctl status --json | jq -r '.instance.trouble + (.problems[].why // "")') in *"$1"*) ;; *) false ;; esac; }
doctor() { timeout 60 "$B/bin/midctl" --control "$W/demo/control" --config "$W/demo/midd.yaml" doctor --json | jq -r '.[] | select(.state == "bad") | "\(.what) -> \(.remedy)"'; }
while IFS='|' read -r cert how word; do
	portal "$cert" "$how"
	wait_for 20 says "$word"
	has "$(doctor)" "$(case $how in *511*) echo portal ;; *30*) echo "login.example.com" ;; *200*) echo "login page" ;; *) echo "-> check" ;; esac)"
done <<'E'
server|default_type text/html; return 200 "<html><body>Welcome to our network</body></html>"|a captive portal or the login page of a proxy stands between
server|return 302 http://login.example.com/|a login page or captive portal
server|return 511|a captive portal stands between: log in there
portal|return 204|or whether a captive portal answers
none|return 204|or whether a captive portal answers
E
id=$(job Echo text=later)
portal server "$through"
done_() { [ "$(job_state "$id")" = processed ]; }
wait_for 30 done_
equal "$(answers "$id")" 1
wait_for 20 healthy
agent_stop
nginx_stop
pass
