# SPDX-License-Identifier: Apache-2.0
# The lab's web page: who may read it, what it says of a small company, and that a
# CI named like markup stays text; in a real browser where Chromium is installed.
. "$(dirname "$0")/lib.sh"
. test/browser.sh
lab_init
lab_start
L=$W/lab
api() { curl -sS --cacert "$L/ca.pem" -u "admin:$(cat "$L/admin.password")" "$@"; }
page() { api "$LAB_URL/api/midlab/page/$1" | jq "$2"; }

# A company: two switches behind a router, hosts on them, programs, a printer.
EVIL='<script>document.title="taken"</script><img src=x onerror="document.title=1">'
jq -n --arg evil "$EVIL" '
	def ci($class; $name; $ip): {className: $class, values: {name: $name, ip_address: $ip, serial_number: "SN-\($name)"}};
	def link($a; $type; $b): {parent: $a, child: $b, type: $type};
	"Connects to::Connected by" as $plug | "Runs on::Runs" as $runs |
	{items: [ci("cmdb_ci_ip_router"; "gw-1"; "10.1.0.1"), ci("cmdb_ci_ip_switch"; "sw-core"; "10.1.0.2"),
		ci("cmdb_ci_ip_switch"; "sw-floor-1"; "10.1.1.2"), ci("cmdb_ci_ip_switch"; "sw-floor-2"; "10.1.2.2"), ci("cmdb_ci_ip_firewall"; "fw-1"; "10.1.0.3"),
		ci("cmdb_ci_linux_server"; "web-1"; "10.1.1.11"), ci("cmdb_ci_linux_server"; "web-2"; "10.1.1.12"), ci("cmdb_ci_linux_server"; "db-1"; "10.1.1.13"),
		ci("cmdb_ci_linux_server"; "mail"; "10.1.2.14"), ci("cmdb_ci_linux_server"; "files"; "10.1.2.15"), ci("cmdb_ci_linux_server"; $evil; "10.1.2.16"),
		ci("cmdb_ci_printer"; "printer-2nd-floor"; "10.1.2.20"), ci("cmdb_ci_ups"; "ups-1"; "10.1.0.9"),
		ci("cmdb_ci_web_server"; "nginx@web-1"; ""), ci("cmdb_ci_web_server"; "nginx@web-2"; ""), ci("cmdb_ci_db_instance"; "postgres@db-1"; ""),
		ci("cmdb_ci_kvm_vm_instance"; "build-vm"; "") | if .className | test("kvm") then .values.object_id = "vm-1" else . end],
	relations: [link(0; $plug; 1), link(4; $plug; 0), link(1; $plug; 2), link(1; $plug; 3), link(2; $plug; 5), link(2; $plug; 6), link(2; $plug; 7),
		link(3; $plug; 8), link(3; $plug; 9), link(3; $plug; 10), link(3; $plug; 11), link(12; "Powers::Powered by"; 1),
		link(13; $runs; 5), link(14; $runs; 6), link(15; $runs; 7), link(13; "Uses::Used by"; 15), link(14; "Uses::Used by"; 15), link(16; "Virtualized by::Virtualizes"; 9)]}' >"$W/company"
api -H 'Content-Type: application/json' "$LAB_URL/api/now/identifyreconcile?sysparm_data_source=midd" --data-binary "@$W/company" >"$W/said"
equal "$(jq '[.result.items[] | select(.operation == "INSERT")] | length' "$W/said")" 17 "$(head -c 600 "$W/said")"
row() { api -H 'Content-Type: application/json' "$LAB_URL/api/now/table/$1" -d "$2"; }
row cmdb_ci_network_adapter '{"name":"eth0"}' >/dev/null
row cmdb_ci_certificate '{"name":"www"}' >/dev/null
job Echo text=waits >/dev/null
status=$(row discovery_status '{"u_ranges":"10.1.2.0/24"}' | jq -r .result.sys_id)
row discovery_device_history "{\"status\":\"$status\",\"ip_address\":\"10.1.2.9\",\"last_state\":\"failed\",\"u_error\":\"nobody may log in\"}" >/dev/null
api -H 'Content-Type: application/json' -X PATCH "$LAB_URL/api/now/table/discovery_status/$status" -d '{"u_progress":"42"}' >/dev/null

# Nobody reads it without a login; the CMDB needs its role; nothing can be written.
anyone() { curl -sS --cacert "$L/ca.pem" -o /dev/null -w '%{http_code}' "$@"; }
agent() { anyone --cert "$L/agents/demo.pem" --key "$L/agents/demo.key" "$@"; }
equal "$(anyone "$LAB_URL/")" 401
equal "$(anyone "$LAB_URL/api/midlab/page/now")" 401
equal "$(api -X POST -o /dev/null -w '%{http_code}' "$LAB_URL/")" 405
equal "$(agent "$LAB_URL/")" 200
has "$(api -o /dev/null -D - "$LAB_URL/")" "script-src 'self'"
for f in index.html:/ page.css:/page.css page.js:/page.js graph.js:/graph.js; do
	api "$LAB_URL${f#*:}" | cmp - "lab/page/${f%:*}"
done

# What it is told.
equal "$(page now '[.result.queue[] | select(.queue == "output" and .state == "ready") | .count | tonumber] | add')" 1
equal "$(page 'cis?class=cmdb_ci_server' .result.total)" 6
equal "$(page cis '.result | "\(.total) of \(.all), \(.parts) parts"')" '"18 of 19, 1 parts"'
equal "$(page 'cis?class=cmdb_ci' .result.total)" 19
equal "$(page cis '.result.classes[] | select(.sys_class_name == "cmdb_ci_hardware") | .count')" 13 "with the classes below it"
equal "$(page now '.result.without_facts[0] | "\(."status.number") \(.u_error)"')" '"DIS0000001 nobody may log in"'
equal "$(page now '.result.health | "\(.jobs | add) \(.results | add)"')" '"1 0"'
equal "$(page 'cis?q=10.1.2.15' '.result.rows[0].name')" '"files"'
equal "$(page 'cis?class=sys_user' .result.class)" '"cmdb_ci"'
equal "$(page graph '.result | "\(.nodes | length) \(.edges | length)"')" '"18 18"'
DB=$(page 'cis?q=postgres' '.result.rows[0].sys_id' | tr -d '"')
equal "$(page "ci/$DB" '[.result.parents[]."parent.name"] | sort | join(" ")')" '"nginx@web-1 nginx@web-2"'

browser_there || lab_stop
[ -n "$BROWSER" ] || skip_all "no chromium on this machine: the page was asked, and not looked at (packages: chromium)"
browser_dom "$L" now >"$W/dom"
has "$(cat "$W/dom")" '<dt>ready</dt><dd class="warn">1</dd>'
has "$(cat "$W/dom")" '<progress max="100" value="42"'
browser_dom "$L" cmdb >"$W/dom"
has "$(cat "$W/dom")" '18 CIs'
has "$(cat "$W/dom")" '>sw-floor-2</a>'
has "$(cat "$W/dom")" '&lt;script&gt;document.title="taken"&lt;/script&gt;'
browser_dom "$L" 'network?parts=true' >"$W/dom2"
has "$(cat "$W/dom2")" '19 CIs and 18 relations'
equal "$(grep -o 'class="node"' "$W/dom2" | wc -l)" 19
has "$(cat "$W/dom2")" 'Application (3)'
has "$(cat "$W/dom2")" 'Part (1)'
has "$(cat "$W/dom2")" 'Certificate (1)'
has "$(cat "$W/dom2")" '<title>sw-core Connects to sw-floor-1</title>'
for f in "$W/dom" "$W/dom2"; do
	has "$(cat "$f")" ' · midlab</title>'
	! grep -q '<img src' "$f" || die "markup of a CI's name came into the page"
done
equal "$(browser_dom "$L" 'network?parts=true' | cksum)" "$(cksum <"$W/dom2")" "the same CMDB is the same picture"
browser_picture "$L" network "${PICTURES:-$W}/phone.png" 500x900
# A switch with a hundred around it is no column: as high as the box is, in which it is to be read, it is wider than that.
jq -n '{items: ([{className: "cmdb_ci_ip_switch", values: {name: "sw-hub"}}] + [range(100) | {className: "cmdb_ci_wap_network", values: {name: "E-Wensi-\(.)-indoor"}}]),
	relations: [range(100) | {parent: 0, child: (. + 1), type: "Connects to::Connected by"}]}' >"$W/hub"
api -o /dev/null -H 'Content-Type: application/json' "$LAB_URL/api/now/identifyreconcile?sysparm_data_source=midd" --data-binary "@$W/hub"
browser_dom "$L" network >"$W/dom"
equal "$(grep -oE 'class="node" transform="translate\([-0-9.]+,[-0-9.]+\)' "$W/dom" | sed 's/.*(//; s/)//' |
	awk -F, '$1 < x0 {x0 = $1} $1 > x1 {x1 = $1} $2 < y0 {y0 = $2} $2 > y1 {y1 = $2} END {print (NR > 100), (x1 - x0 > y1 - y0)}')" "1 1" "nodes that are drawn, and their shape"
# PICTURES=DIR: to be looked at.
[ -z "${PICTURES:-}" ] || for v in network now cmdb "ci/$DB" queue log; do browser_picture "$L" "$v" "$PICTURES/${v%/*}.png" 1280x800; done
pass
