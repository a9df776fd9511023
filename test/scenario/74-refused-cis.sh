# SPDX-License-Identifier: Apache-2.0
# The CMDB refuses some CIs of a payload: the job is partial, says why, status
# is partial (exit 5), and the metrics that others scrape count it. The same
# where it takes them and puts them aside, so that no CI comes of them.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
cp -R share/map "$W/map"
sed -i 's/else "cmdb_ci_file_system" end/else "u_no_such_class" end/; s/item("cmdb_ci_spkg"/item("u_no_such_class"/' "$W/map/linux.jq"
cmp -s share/map/linux.jq "$W/map/linux.jq" && die "the map has changed: name another class"
PORT=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
agent_config <<Y
workers:
  maps: $W/map
metrics:
  listen: 127.0.0.1:$PORT
Y
agent_start
healthy() { ctl status >/dev/null; }
wait_for 20 healthy
id=$(job LocalInventory)
done_with() { ctl job show "$id" --json >"$W/job" && [ "$(jq -r .stage "$W/job")" = done ]; }
wait_for 30 done_with
equal "$(jq -r '"\(.class) \(.partial)"' "$W/job")" "ok true"
has "$(jq -r .error "$W/job")" "there is no class u_no_such_class"
has "$(ctl job show "$id")" partial
[ "$(lab table cmdb_ci_linux_server --json | jq length)" -eq 1 ] || die "the rest was not taken"
s=0; ctl status >"$W/status" || s=$?
equal "$s" 5 "midctl status of a partial health"
has "$(cat "$W/status")" "the CMDB refused some CIs"
equal "$(ctl status --json | jq -r '"\(.today.jobs) \(.today.ok) \(.today.partial)"')" "1 0 1"
# Several pages of it are refused; one line says so.
[ "$(ctl status --json | jq .counts.ci_refused)" -gt 1 ] || die "one page only"
equal "$(grep -c 'warn.*deliver: job' "$W/demo/midd.log")" 1

# --- the endpoint
curl -sS -D "$W/head" -o "$W/metrics" "http://127.0.0.1:$PORT/metrics"
grep -qi '^content-type: application/openmetrics-text; version=1.0.0; charset=utf-8' "$W/head" || die "$(cat "$W/head")"
equal "$(tail -n 1 "$W/metrics")" "# EOF"
grep -q '^midd_jobs_total{what="ci_refused"} [1-9][0-9]*$' "$W/metrics" || die "ci_refused is not counted"
grep -q '^midd_job_run_seconds_bucket{le="+Inf"} 1$' "$W/metrics"
# As a reader of the format would: every sample below its own TYPE, buckets that only grow.
python3 - "$W/metrics" <<'P'
import re, sys
kind, last, seen, n = None, None, set(), 0
for line in open(sys.argv[1]).read().split("\n")[:-1]:
    m = re.fullmatch(r"# TYPE (\S+) (gauge|counter|histogram)", line)
    if m:
        assert m[1] not in seen, line
        seen.add(m[1]); name, kind, last = m[1], m[2], -1; continue
    if re.fullmatch(r"# HELP \S+ .+|# EOF", line): continue
    m = re.fullmatch(r"([a-z_]+)(?:\{[a-z]+=\"[^\"]*\"\})? ([0-9.e+-]+)", line)
    assert m, line
    end = {"gauge": ("",), "counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}[kind]
    assert m[1] in [name + e for e in end], line
    if m[1].endswith("_bucket"):
        assert float(m[2]) >= last, line
        last = float(m[2])
    n += 1
assert n > 30
P
equal "$(curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$PORT/else")" 404
equal "$(curl -sS -o /dev/null -w '%{http_code}' -X POST "http://127.0.0.1:$PORT/metrics")" 405
# Eight who say nothing take all places; the next is let go, and they are, after a while; midd answers meanwhile.
python3 - "$PORT" <<'P'
import socket, sys
port = int(sys.argv[1])
silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
late = socket.create_connection(("127.0.0.1", port)); late.settimeout(20)
try:
    assert late.recv(1) == b""
except ConnectionResetError:
    pass
big = silent[0]; big.settimeout(20)
try:
    big.sendall(b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 4000); assert big.recv(1) == b""
except (ConnectionResetError, BrokenPipeError):
    pass
silent[1].settimeout(20)
assert silent[1].recv(1) == b""
P
ctl version >/dev/null
agent_stop

# A port for others is refused by its name.
printf 'metrics:\n  listen: 0.0.0.0:9464\n' >"$W/demo/midd.d/60-open.yaml"
s=0; "$B/bin/midd" --config "$W/demo/midd.yaml" --check-config >"$W/out" 2>&1 || s=$?
equal "$s" 1
has "$(cat "$W/out")" "127.0.0.1:PORT"
printf 'metrics:\n  listen: %s\n' "$W/figures" >"$W/demo/midd.d/60-open.yaml"
agent_start
equal "$(curl -sS --unix-socket "$W/figures" http://midd/metrics | tail -n 1)" "# EOF"
equal "$(stat -c %a "$W/figures")" 600
agent_stop

# --- put aside: a source that the instance does not know
printf 'cmdb:\n  data_source: Nobody\n' >"$W/demo/midd.d/60-open.yaml"
agent_start
id=$(job LocalInventory sections=host,os)
wait_for 30 done_with
equal "$(jq -r '"\(.class) \(.partial)"' "$W/job")" "ok true"
has "$(jq -r .error "$W/job")" "set aside"
has "$(jq -r .error "$W/job")" "sysparm_data_source is no choice of cmdb_ci.discovery_source"
pass
