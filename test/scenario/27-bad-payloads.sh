# SPDX-License-Identifier: Apache-2.0
# Rows that no honest instance writes, all in one batch with good ones: each has
# exactly one answer that says what was wrong, the good ones are served, and
# midd's memory stays small.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start --body-max 64
agent_config <<-Y
	poll: { min: 100ms }
Y
agent_start
healthy() { ctl status >/dev/null; }
wait_for 20 healthy
ctl pause >/dev/null	# all come in one batch

mkdir "$W/rows"
python3 - "$W/rows" <<-'P'
	import json, sys
	def row(name, payload, says, **columns):
	    r = dict(agent="mid.server.demo", queue="output", state="ready", topic="Echo", name=name, payload=payload)
	    r.update(columns)
	    json.dump(r, open(f"{sys.argv[1]}/{name}.json", "w"))
	    open(f"{sys.argv[1]}/{name}.says", "w").write(says)
	def p(inside): return "<parameters>" + inside + "</parameters>"
	def one(name, value): return f'<parameter name="{name}" value="{value}"/>'
	lol = "".join(f'<!ENTITY l{i} "{("&l%d;" % (i - 1)) * 10}">' for i in range(1, 10))
	row("dtd", '<!DOCTYPE a [<!ENTITY x "y">]>' + p(""), "DTD")
	row("laughs", f'<!DOCTYPE a [<!ENTITY l0 "lol">{lol}]>' + p(one("text", "&l9;")), "DTD")
	row("outside", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + p(one("text", "&x;")), "DTD")
	row("attributes", p("<parameter " + " ".join(f'a{i}="x"' for i in range(1000000)) + "/>"), "has no name")
	row("parameters", p(one("text", "x") * 100000), "more than 1000 parameters")
	row("deep", p("<a>" * 100000 + "</a>" * 100000), "inside one another")
	row("control", p(one("text", "a\x00b")), "unclosed token")
	row("open", "<parameters><parameter", "unclosed token")
	row("words", "not XML at all", "line 1, column 1: syntax error")
	row("topic", p(""), "probe not supported", topic="X" * 4000)
	row("escapes", p(""), "probe not supported", topic="\x1b]0;owned\x07\x1b[31mEcho")
	row("quotes", p(one("text", "ok")), "=ok", source="';\n\"$(id)`id`", agent_correlator="\r\n\x1b[2J")
	row("number", p(one("text", "x") + one("delay_ms", "99999999999999999999")), "delay_ms")
	row("circle", "<see_attachment/>", "payload.txt is <see_attachment/> itself")
	row("parameters6", p('<parameter name="a" value="x"/>' * 1000000), "more than 1000 parameters")
	row("surrogate", p(one("text", "a\ud800b")), "=")
	row("empty", "", "=")
	row("timeout", p(one("text", "x") + one("timeout", "99999999999999999999")), "=")
	row("timeout0", p(one("text", "x") + one("timeout", "-1")), "=")
	row("name", p(one("text", "ok")), "=", )
	r = json.load(open(f"{sys.argv[1]}/name.json")); r["name"] = "a\"b'c<d>&e\nf\x00g\u202eh"; json.dump(r, open(f"{sys.argv[1]}/name.json", "w"))
	def file(name, says, *bodies):
	    row(name, "<see_attachment/>", says)
	    for i, b in enumerate(bodies): open(f"{sys.argv[1]}/{name}.{i}.file", "wb").write(b)
	wrap = lambda b: b'<parameters><parameter name="text" value="' + b + b'"/></parameters>'
	file("overlong", "not UTF-8", wrap(b"a\xc0\xafb"))
	file("halfpair", "not UTF-8", wrap(b"a\xed\xa0\x80b"))
	file("cutchar", "not UTF-8", wrap(b"a\xe2\x82"))
	file("nul", "a NUL byte is not allowed", wrap(b"a\x00b"))
	file("big", "more than 1024 kB", wrap(b"x" * 30000000))
	file("nofile", "has no attachment payload.txt")
	file("twofiles", "more than one attachment payload.txt", wrap(b"one"), wrap(b"two"))
	file("cutfile", "unclosed token", wrap(b"cut")[:-9])
	row("negative", p(one("text", "x") + one("delay_ms", "-5")), "delay_ms")
	for i in range(5):
	    row(f"good{i}", p(one("text", f"good{i}")), f"=good{i}")
P

api() { curl -sS --fail-with-body --cacert "$W/lab/ca.pem" --cert "$W/lab/agents/admin.pem" --key "$W/lab/agents/admin.key" "$@"; }
for r in "$W"/rows/*.json; do
	api -H "Content-Type: application/json" --data-binary @"$r" "$LAB_URL/api/now/table/ecc_queue" |
		jq -r .result.sys_id >"${r%.json}.id" || die "the lab does not take $(basename "$r")"
done
for f in "$W"/rows/*.file; do
	name=$(basename "$f"); name=${name%%.*}
	api -o /dev/null -H "Content-Type: text/plain" --data-binary @"$f" \
		"$LAB_URL/api/now/attachment/file?table_name=ecc_queue&table_sys_id=$(cat "$W/rows/$name.id")&file_name=payload.txt"
done
printf '<see_attachment/>' | api -o /dev/null -H "Content-Type: text/plain" --data-binary @- \
	"$LAB_URL/api/now/attachment/file?table_name=ecc_queue&table_sys_id=$(cat "$W/rows/circle.id")&file_name=payload.txt"
# One for somebody else, which is nobody's here.
other=$(lab job --agent nobody Echo text=other)

ctl resume >/dev/null
all_said() { for i in "$W"/rows/*.id; do [ "$(job_state "$(cat "$i")")" = processed ] || [ "$(job_state "$(cat "$i")")" = error ] || return 1; done; }
wait_for 60 all_said
for i in "$W"/rows/*.id; do
	name=$(basename "$i" .id)
	says=$(cat "$W/rows/$name.says")
	equal "$(answers "$(cat "$i")")" 1 "answers to $name"
	error=$(lab table ecc_queue "queue=input^response_to=$(cat "$i")" --fields error_string --json | jq -r '.[0].error_string')
	case $says in
	=*) equal "$error" "" "$name" ;;
	*) [ -n "$error" ] || die "$name was answered without an error"; has "$error" "$says" ;;
	esac
	printf '%-12s %s\n' "$name" "$(printf %s "$error" | cut -c1-120 | cat -v)"
done
has "$(lab table ecc_queue "queue=input^response_to=$(cat "$W/rows/escapes.id")" --fields error_string --json)" "?]0;owned??[31mEcho"
equal "$(job_state "$other")" ready "somebody else's row"
grep -q root: "$W/demo/midd.log" && die "a file was read"
# What a terminal would obey reaches neither the log nor midctl.
if LC_ALL=C grep -q "$(printf '\033')" "$W/demo/midd.log"; then die "the log holds an escape"; fi
ctl jobs >"$W/jobs"; ctl log >>"$W/jobs"
if LC_ALL=C grep -q "$(printf '\033')" "$W/jobs"; then die "midctl prints an escape"; fi

# The same sys_id with other content: the first answer stands, the log says why.
id=$(cat "$W/rows/good0.id")
api -X PATCH -H "Content-Type: application/json" --data '{"state":"ready","payload":"<parameters><parameter name=\"text\" value=\"other\"/></parameters>"}' \
	"$LAB_URL/api/now/table/ecc_queue/$id" >/dev/null
settled() { [ "$(job_state "$id")" != ready ] && [ "$(job_state "$id")" != processing ]; }
wait_for 20 settled
has "$(grep "job $id" "$W/demo/midd.log")" "came again with other content: not run, the first answer stands"
equal "$(answers "$id")" 1 "answers to what came twice"

wait_for 20 healthy
peak=$(awk '/^VmHWM/{print int($2/1024)}' "/proc/$(agent_pid)/status")
echo "peak: $peak MiB"
[ -n "${SAN:-}" ] || [ "$peak" -le 420 ] || die "midd has needed $peak MiB"
equal "$(run_job Echo text=still)" still
agent_stop
pass
