# SPDX-License-Identifier: Apache-2.0
# midctl in each state of the daemon: its words and its exit status.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
status_of() { local s=0; "$@" >"$W/out" 2>"$W/err" || s=$?; echo $s; }

agent_config </dev/null
equal "$(status_of ctl status)" 3
has "$(cat "$W/err")" "midd is not running"
equal "$(status_of ctl nonsense)" 2
equal "$(status_of ctl job)" 2
has "$(cat "$W/err")" "midctl job cancel ID"
equal "$(status_of ctl config --help)" 0
has "$(cat "$W/out")" "every option and its value"
for c in check show; do
	equal "$(status_of ctl --config "$W/none.yaml" config $c)" 1
	has "$(cat "$W/err")" "no configuration $W/none.yaml: name yours with --config FILE"
done
agent_start
healthy() { ctl status; }
wait_for 20 healthy
equal "$(status_of ctl status)" 0
has "$(cat "$W/out")" healthy
[ "$(wc -l <"$W/out")" -le 24 ] || die "the status is longer than a screen"
[ "$(wc -L <"$W/out")" -le 80 ] || die "the status is wider than 80 columns: $(wc -L <"$W/out")"
ctl pause >/dev/null
equal "$(status_of ctl status)" 1
has "$(cat "$W/out")" paused
ctl resume >/dev/null
wait_for 10 healthy
equal "$(status_of ctl job show 00000000000000000000000000000000)" 1
# Every topic of ours, and each of its parameters, stands in midd-topics(7).
ctl probes --json | jq -r '.[] | select(.name | IN("parse", "relate", "exec") or startswith("test-") | not) | . as $p | .topics[]
	| select(.name != "SnmpProfiles") | .name, ((.params // $p.params)[] | .name)' | sort -u >"$W/words"
while read -r word; do
	grep -qE "^\\.It (Cm|Ar) $word( |\$)" man/midd-topics.7 || die "midd-topics(7) does not tell of $word"
done <"$W/words"

for c in status jobs probes spool version "log" metrics; do
	ctl $c --json >"$W/out"
	jq -es . "$W/out" >/dev/null || die "midctl $c --json is not JSON"
done
ctl --config "$W/demo/midd.yaml" config show --json | jq -e 'length > 20' >/dev/null
has "$(ctl --config "$W/demo/midd.yaml" config show --origin)" "midd.yaml:3"
# By hand a misspelt parameter or topic is told, with midd and without.
has "$(ctl run Echo txt=a 2>&1)" "Echo knows no parameter txt; did you mean text? it knows text, delay_ms, size"
has "$(ctl run Echo txt=a --no-daemon --probes "$B/probes" 2>&1)" "did you mean text?"
has "$(ctl run Ecco --no-daemon --probes "$B/probes" 2>&1 || true)" "no probe here serves Ecco; there are Command, Echo, "
equal "$(ctl run Echo text=x --record "$W/rec" 2>&1 >/dev/null || echo $?)" "midctl: --record: Echo has recorded nothing: the file is empty
5"
equal "$(status_of ctl jobs --failed --open)" 2
has "$(ctl explian x 2>&1 || true)" "explian is no command; did you mean explain? midctl --help lists them"
has "$(ctl jobs --faild 2>&1 || true)" "--faild is no option; did you mean --failed?"
has "$(ctl enroll https://x.example --name x 2>&1 || true)" "enroll has no --name: midctl enroll --help lists what it has"
has "$(ctl zzz 2>&1 || true)" "zzz is no command: midctl --help lists them"
has "$(MIDD_CONFIG=$W/demo/midd.yaml "$B/bin/midd" --check-config)" "agent demo"	# as midctl takes it
if [ "$(id -u)" -eq 0 ] && id nobody >/dev/null 2>&1 && command -v setpriv >/dev/null; then
	chmod 755 "$W" "$W/demo"
	has "$(setpriv --reuid=nobody --regid=nogroup --clear-groups "$B/bin/midctl" --control "$W/demo/control" status 2>&1)" "be root, for example"
	equal "$(status_of setpriv --reuid=nobody --regid=nogroup --clear-groups "$B/bin/midctl" --control "$W/demo/control" status)" 4
fi
agent_stop
equal "$(status_of ctl status)" 3
pass
