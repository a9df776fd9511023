# SPDX-License-Identifier: Apache-2.0
# Our certificate comes to its end: at 30, 7 and 1 days the log says so once, as an event of its own; status and
# metrics count the days all the time.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
printf 'instance: { cert: "%s" , key: "%s" }\ncert: { renew: false }\nlog: { format: json }\n' "$W/our.pem" "$W/our.key" | agent_config
told() { grep -c '"event":"cert-ends"' "$W/demo/midd.log" || true; }
last() { grep '"event":"cert-ends"' "$W/demo/midd.log" | tail -n 1 | jq -r '"\(.level): \(.text)"'; }
reloads() { grep -c '"text":"reloaded"' "$W/demo/midd.log" || true; }
# put SECONDS: a certificate that is good for so long is in force.
put() {
	"$B/bin/midlab" cert "$W/lab" demo "$@" >/dev/null
	cp "$W/lab/agents/demo.pem" "$W/our.pem"
	cp -p "$W/lab/agents/demo.key" "$W/our.key"
}
days_are() { equal "$(ctl status --json | jq .instance.cert_days)" "$1"; ctl metrics | grep -x "midd_certificate_days $1"; }
problem() { ctl status --json | jq -r '[.problems[] | select(.id | startswith("certificate")) | "\(.severity): \(.what)"] | join(" ")'; }
healthy() { ctl status; }
put --seconds $((31 * 86400 - 60))
agent_start
wait_for 20 healthy
equal "$(told)" 0
days_are 30

# The days that are begun; how many lines there are by then, and what the last one and status say.
while IFS='|' read -r begun lines line says; do
	n=$(reloads)
	put --seconds $((begun * 86400 - 60))
	kill -HUP "$(agent_pid)"
	reloaded() { [ "$(reloads)" -gt "$n" ]; }
	wait_for 20 reloaded
	enough() { [ "$(told)" -ge "$lines" ]; }
	wait_for 20 enough
	days_are $((begun - 1))
	equal "$(told)" "$lines" "$begun days: lines so far"
	has "$(last)" "$line"
	has "$(problem)" "$says"
done <<E
30|1|warn: our certificate (CN=demo,O=midlab) ends in less than 30 days: midctl enroll gets a new one|warning: our certificate expires in 29 days
8|1|30 days|warning: our certificate expires in 7 days
7|2|warn: our certificate (CN=demo,O=midlab) ends in less than 7 days|error: our certificate expires in 6 days
2|2|7 days|error: our certificate expires in 1 day
1|3|error: our certificate (CN=demo,O=midlab) ends in less than 1 day: midctl enroll|error: our certificate expires in less than a day
40|3|1 day|
30|4|30 days|warning: our certificate expires in 29 days
E

# Over: that is another event, and status says so.
put --expired
kill -HUP "$(agent_pid)"
over() { grep '"event":"cert-expired"' "$W/demo/midd.log"; }
wait_for 20 over
has "$(problem)" "error: our certificate has expired"
# At once, and not only a day later.
put --seconds 2
kill -HUP "$(agent_pid)"
has_ended() { ! openssl x509 -in "$W/our.pem" -noout -checkend 0; }
wait_for 10 has_ended
expired() { [ "$(problem)" = "error: our certificate has expired" ]; }
wait_for 5 expired
has "$(ctl status 2>&1 || true)" "our certificate has expired"
agent_stop
pass
