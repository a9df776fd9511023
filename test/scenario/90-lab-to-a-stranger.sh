# SPDX-License-Identifier: Apache-2.0
# The stand-in instance as any client sees it, with curl alone: Table API, encoded
# queries, pages, codes, Batch and Attachment API.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
L=$W/lab
API=$LAB_URL/api/now
T=$API/table/cmdb_ci_linux_server
api() { curl -sS --cacert "$L/ca.pem" -u "admin:$(cat "$L/admin.password")" -H 'Expect:' "$@"; }
send() { local method=$1; shift; api -X "$method" -H 'Content-Type: application/json' "$@"; }
code() { "$@" -o /dev/null -w '%{http_code}'; }
heads() { "$@" -o /dev/null -D - | tr -d '\r'; }
names() { api -G "$T" -d sysparm_fields=name --data-urlencode "sysparm_query=$1" | jq -r '[.result[].name] | join(" ")'; }
b64() { printf %s "$1" | base64 -w0; }

# Records.
for i in 1 2 3 4 5; do
	equal "$(code send POST "$T" -d "{\"name\":\"w$i\",\"cpu_count\":\"$i\",\"os\":\"Linux\",\"nothing\":\"x\"}")" 201
done
ID=$(api "$T?name=w1" | jq -r '.result[0].sys_id')
equal "$(send PATCH "$T/$ID?sysparm_fields=name,os" -d '{"os":"Debian"}' | jq -c .result)" '{"name":"w1","os":"Debian"}'
equal "$(send PUT "$T/$ID?sysparm_fields=name,os" -d '{"os":"Linux"}' | jq -c .result)" '{"name":"w1","os":"Linux"}'
equal "$(send POST "$T/$ID?sysparm_fields=os" -H 'X-HTTP-Method-Override: PATCH' -d '{"os":"x"}' | jq -r .result.os)" x

# Encoded queries; a condition that makes no sense is dropped.
equal "$(names 'nameINw1,w2^ORDERBYDESCname')" "w2 w1"
equal "$(names 'name=w1^ORname=w3^cpu_count>1')" w3
equal "$(names 'name=w1^NQcpu_count>=5^ORDERBYname')" "w1 w5"
equal "$(names 'nameSTARTSWITHw^nameLIKE4')" w4
equal "$(names 'os_versionISEMPTY^nameISNOTEMPTY^cpu_countBETWEEN2@3^ORDERBYname')" "w2 w3"
equal "$(names 'sys_created_on>2020-01-01 00:00:00^name=w2')" w2
equal "$(names 'sys_created_onRELATIVELT@hour@ago@1')" ""
equal "$(names 'name=w2^misspelt=3')" w2

# Pages.
H=$(heads api "$T?sysparm_limit=2&sysparm_offset=2")
has "$H" "X-Total-Count: 5"
for rel in first:0 prev:0 next:4 last:4; do
	has "$H" "sysparm_offset=${rel#*:}>;rel=\"${rel%:*}\""
done
has "$H" "<$T?"

# References.
N=$(send POST "$API/table/cmdb_ci_network_adapter?sysparm_input_display_value=true&sysparm_fields=sys_id,cmdb_ci" -d '{"name":"eth0","cmdb_ci":"w1"}')
equal "$(jq -r .result.cmdb_ci.value <<<"$N")" "$ID"
has "$(jq -r .result.cmdb_ci.link <<<"$N")" "$API/table/"
N=$API/table/cmdb_ci_network_adapter/$(jq -r .result.sys_id <<<"$N")?sysparm_fields=cmdb_ci
equal "$(api "$N&sysparm_exclude_reference_link=true" | jq -r .result.cmdb_ci)" "$ID"
equal "$(api "$N&sysparm_display_value=all" | jq -c '.result.cmdb_ci | [.display_value, .value, (.link | length > 0)]')" "[\"w1\",\"$ID\",true]"

# What is wrong is said with its own code.
equal "$(code api -X POST -H 'Content-Type:' "$T" -d '{}')" 400
equal "$(code send POST "$T" -d '{')" 400
equal "$(code curl -sS --cacert "$L/ca.pem" "$T")" 401
equal "$(code curl -sS --cacert "$L/ca.pem" --cert "$L/agents/demo.pem" --key "$L/agents/demo.key" "$API/table/sys_user")" 403
equal "$(code api "$T/00000000000000000000000000000000")" 404
equal "$(code api -X DELETE "$T")" 405
equal "$(code api -H 'Accept: image/png' "$T")" 406
equal "$(head -c 68000000 /dev/zero | code send POST "$T" --data-binary @-)" 413

# What others have attached, a browser keeps as a file, whatever it calls itself; a page of another site changes nothing with our login.
A=$(api -H 'Content-Type: text/html' --data-binary '<script>' "$API/attachment/file?table_name=cmdb_ci_linux_server&table_sys_id=$ID&file_name=a%22b.html" | jq -r .result.sys_id)
H=$(heads api "$API/attachment/$A/file")
has "$H" 'X-Content-Type-Options: nosniff'
has "$H" 'Content-Disposition: attachment; filename="a_b.html"'
has "$H" 'Content-Security-Policy: default-src '
equal "$(code send DELETE "$API/attachment/$A")" 204
equal "$(code api -X POST -H 'Origin: https://elsewhere.example.com' -H 'Content-Type: text/plain' --data-binary x "$API/attachment/file?table_name=cmdb_ci_linux_server&table_sys_id=$ID&file_name=x")" 403
equal "$(code send POST "$T" -H "Origin: $LAB_URL" -d '{')" 400
equal "$(code api -X POST -H 'Content-Type: text/plain' "$T" -d '{}')" 415
equal "$(code send POST "$T" -H 'Content-Encoding: gzip' -d '{}')" 415
equal "$(api "$T/x" | jq -r '[.status, .error.message] | join(": ")')" "failure: No Record found"

# A batch: parts fail alone, and what there is no room for is named.
part() { jq -nc --arg id "$1" --arg m "$2" --arg u "$3" --arg b "${4:-}" '{id: $id, method: $m, url: $u, body: $b, headers: [{name: "Content-Type", value: "application/json"}]}'; }
batch() { jq -sc '{batch_request_id: "7", rest_requests: .}' | send POST "$API/v1/batch" --data-binary @-; }
GOT=$({ part 1 POST /api/now/table/cmdb_ci_linux_server "$(b64 '{"name":"b1"}')"
	part 2 GET /api/now/table/nosuch
	part 3 GET '/api/now/table/cmdb_ci_linux_server?name=b1&sysparm_fields=name'
	part 4 POST /api/now/v1/batch "$(b64 '{"rest_requests":[]}')"; } | batch)
equal "$(jq -c '[.batch_request_id, .unserviced_requests, [.serviced_requests[] | [.id, .status_code]]]' <<<"$GOT")" \
	'["7",[],[["1",201],["2",400],["3",200],["4",400]]]'
equal "$(jq -r '.serviced_requests[2].body | @base64d' <<<"$GOT")" '{"result":[{"name":"b1"}]}'

# Attachments: a raw body, a form, a new name.
head -c 100000 /dev/urandom >"$W/file"
A=$API/attachment
WHERE="table_name=cmdb_ci_linux_server&table_sys_id=$ID"
equal "$(code api -X POST -H 'Content-Type: image/png' "$A/file?$WHERE&file_name=raw.png" --data-binary "@$W/file")" 201
F=$(api "$A/upload" -F table_name=cmdb_ci_linux_server -F "table_sys_id=$ID" -F "uploadFile=@$W/file;type=text/x-odd;filename=form.bin" | jq -r .result.sys_id)
equal "$(api "$A?sysparm_query=table_sys_id=$ID^ORDERBYfile_name" | jq -r '[.result[] | .file_name + " " + .content_type] | join(", ")')" \
	"form.bin text/x-odd, raw.png image/png"
api "$A/$F/file" | cmp - "$W/file"
equal "$(send PATCH "$A/$F" -d '{"file_name":"new","size_bytes":"1"}' | jq -r '.result.file_name + " " + .result.size_bytes')" "new 100000"
equal "$(code api -X DELETE "$A/$F")" 204
equal "$(code api "$A/$F/file")" 404

# Its answers take a batch over 10 MB: the first two are served, the third is named.
head -c 6000000 /dev/zero >"$W/big"
BIG=$(api -X POST -H 'Content-Type: text/x-big' "$A/file?$WHERE&file_name=big" --data-binary "@$W/big" | jq -r .result.sys_id)
equal "$({ part 1 GET "/api/now/attachment/$BIG/file"; part 2 GET "/api/now/attachment/$BIG/file"; part 3 GET "/api/now/attachment/$BIG"; } | batch |
	jq -c '[.unserviced_requests, [.serviced_requests[].status_code]]')" '[["3"],[200,200]]'
{ printf '{"rest_requests":[{"id":"1","method":"POST","url":"/api/now/table/ecc_queue","body":"'; base64 -w0 "$W/big"; printf '"}]}'; } >"$W/one"
equal "$(send POST "$API/v1/batch" --data-binary "@$W/one" | jq -c '[.serviced_requests[].status_code]')" '[413]'
pass
