# SPDX-License-Identifier: Apache-2.0
# Ended jobs are told as OTLP spans: one for the job, inside it one for each part of its road. A
# collector that is away, refuses or leaves some out costs no job; no payload, answer or secret is told.
. "$(dirname "$0")/lib.sh"
S=$W/sink
mkdir "$S"
sink() {
	rm -f "$S/port"
	python3 test/peers/otlp_sink.py "$S" "$@" >"$W/sink.log" 2>&1 &
	echo $! >"$W/sink.pid"
	wait_for 10 test -s "$S/port"
}
sink_stop() { kill "$(cat "$W/sink.pid")"; rm "$W/sink.pid"; }
spans() { jq -s "$1" "$S/spans"; }		# FILTER
told() { [ -s "$S/spans" ] && [ "$(jq -s '[.[] | select(.name == "job")] | length' "$S/spans")" -ge "$1" ]; }
asked() { grep -q "$1" "$S/asked"; }
figure() { ctl metrics | sed -n "s/^$1 //p"; }

lab_init
lab_start
sink
agent_config <<Y
trace: { otlp: "http://127.0.0.1:$(cat "$S/port")/" }
policy: { loopback: true }
Y
agent_start
id=$(job Echo --source 127.0.0.9 text=canary-payload)
bad=$(job NoSuchTopic --source 'h"\st')
wait_for 20 told 2
[ ! -s "$S/wrong" ] || die "$(cat "$S/wrong")"
equal "$(sort -u "$S/asked")" "/v1/traces application/json 200"
equal "$(spans "[.[] | select(.traceId == \"$id\") | .name] | join(\" \")")" '"job claim wait run seal deliver"'
equal "$(spans "[.[] | select(.traceId == \"$id\")] | (.[0].spanId) as \$top | all(.[1:][]; .parentSpanId == \$top) and .[0].parentSpanId == \"\"")" true
equal "$(spans "[.[] | select(.traceId == \"$id\")] | .[0] as \$j | all(.[]; .startTimeUnixNano >= \$j.startTimeUnixNano and .endTimeUnixNano <= \$j.endTimeUnixNano)")" true
equal "$(spans "[.[] | select(.traceId == \"$id\")][0] | [.attributes.\"midd.topic\", .attributes.\"midd.outcome\", .attributes.\"server.address\", .resource.\"service.instance.id\"] | join(\" \")")" '"Echo ok 127.0.0.9 demo"'
equal "$(spans "[.[] | select(.traceId == \"$bad\")] | [.[0].status.code, .[0].attributes.\"error.type\", .[0].attributes.\"server.address\"] | tostring")" '"[2,\"unsupported\",\"h\\\"\\\\st\"]"'
equal "$(spans "[.[] | select(.traceId == \"$bad\") | .name] | join(\" \")")" '"job claim wait seal deliver"'
! grep -q canary "$S/spans" || die "a payload was told"

# Away, and then busy: jobs go on as ever, and what waits is told when it is back.
sink_stop
for n in 1 2 3; do job Echo text=$n >/dev/null; done
answered() { [ "$(ctl jobs --json | jq '[.[] | select(.stage == "done")] | length')" -ge "$1" ]; }
wait_for 20 answered 5
wait_for 20 grep -q 'collector takes no spans' "$W/demo/midd.log"
has "$(ctl status)" healthy
echo 503 >"$S/answer"
port=$(cat "$S/port")
agent_stop
equal "$(lab table ecc_queue "queue=input^topic=Echo^response_toISNOTEMPTY" --fields sys_id --json | jq length)" 4
sink
[ "$port" != "$(cat "$S/port")" ] || die "the same port"
agent_config <<Y
trace: { otlp: "http://127.0.0.1:$(cat "$S/port")/some/where" }
Y
agent_start
job Echo text=4 >/dev/null
wait_for 20 asked '/some/where application/json 503'
echo '200 {"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}' >"$S/answer"
wait_for 20 told 3
wait_for 20 grep -q 'takes no spans: too old' "$W/demo/midd.log"
equal "$(figure midd_traced_jobs_total) $(figure midd_untraced_jobs_total)" "1 0"
echo 400 >"$S/answer"
job Echo text=5 >/dev/null
lost() { [ "$(figure midd_untraced_jobs_total)" = 1 ]; }
wait_for 20 lost

# What waits is told before midd goes; over TLS, whose certificate is looked at.
agent_stop
sink_stop
rm -f "$S/answer"
"$B/bin/midlab" cert "$W/lab" sink --server --host localhost >/dev/null
sink "$W/lab/sink.pem" "$W/lab/sink.key"
agent_config <<Y
trace: { otlp: "https://localhost:$(cat "$S/port")", ca: $W/lab/ca.pem }
Y
agent_start
run_job Echo text=6 >/dev/null
wait_for 20 answered 8
agent_stop
told 4 || die "the last job was not told: $(tail -n 5 "$W/demo/midd.log")"
[ ! -s "$S/wrong" ] || die "$(cat "$S/wrong")"
agent_config <<Y
trace: { otlp: "http://192.0.2.1:4318" }
Y
if "$B/bin/midd" --config "$W/demo/midd.yaml" --check-config 2>"$W/err"; then die "traces in the clear to another host"; fi
has "$(cat "$W/err")" "trace.otlp: is not encrypted"
pass
