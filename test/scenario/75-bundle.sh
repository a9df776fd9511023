# SPDX-License-Identifier: Apache-2.0
# midctl bundle: lists and asks first; what it writes holds no secret of any
# kind that midd was given, nor any that came into the log.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
umask 077
echo CANARY-proxypassword >"$W/pw"
umask 022
agent_config <<Y
instance:
  proxy_user: somebody
  proxy_password_file: $W/pw
Y
agent_start
healthy() { ctl status >/dev/null; }
wait_for 20 healthy
printf 'CANARY-sshpassword' | ctl creds add web --type ssh_password --user disco >/dev/null
printf 'CANARY-community' | ctl creds add net --type snmp >/dev/null
openssl genpkey -algorithm ed25519 -out "$W/key.pem" 2>/dev/null
ctl creds add key --type ssh_private_key --user disco <"$W/key.pem" >/dev/null || true
job Echo text=CANARY-payload >/dev/null
id=$(job Nothing name=x community=CANARY-parameter)
wait_for 20 all_answered 1 Nothing
bundle() { timeout 60 "$B/bin/midctl" --control "$W/demo/control" --config "$W/demo/midd.yaml" bundle "$@"; }

equal "$(echo n | bundle "$W/b.tar.gz" >"$W/out" 2>"$W/err"; echo $?)" 1
has "$(cat "$W/out")" "config.json"
[ ! -e "$W/b.tar.gz" ] || die "it was written without a yes"
echo y | bundle "$W/b.tar.gz" >"$W/out"
equal "$(stat -c %a "$W/b.tar.gz")" 600
mkdir "$W/b" && tar -xzf "$W/b.tar.gz" -C "$W/b"
for f in versions.txt config.json doctor.json status.json metrics.txt log.json jobs.json spool.json probes.json; do
	[ -s "$W/b/$f" ] || die "$f is missing"
done
grep -q "$(uname -s) .*cores" "$W/b/versions.txt"
has "$(cat "$W/b/metrics.txt")" "
midd_connected 1
"
jq -e 'any(.[]; .hop == "tls" and .state == "ok")' "$W/b/doctor.json" >/dev/null
grep -rl CANARY "$W/b" && die "a secret is in it"
grep -rlF "$(sed -n 2p "$W/key.pem")" "$W/b" "$W/lab/nothing" 2>/dev/null && die "a key is in it"
grep -rl 'PRIVATE KEY' "$W/b" && die "a key is in it"
equal "$(bundle "$W/b.tar.gz" --yes >/dev/null 2>&1; echo $?)" 1 "a file that is there is kept"
agent_stop
# Without midd there is still something to see.
# Nor is a link followed that leads nowhere yet; a colon is no other host.
ln -s "$W/elsewhere" "$W/link.tar.gz"
equal "$(bundle "$W/link.tar.gz" --yes >/dev/null 2>&1; echo $?)" 1 "a link is not followed"
[ ! -e "$W/elsewhere" ] || die "it was written through a link"
(cd "$W" && bundle nowhere:b.tar.gz --yes >/dev/null)
equal "$(stat -c %a "$W/nowhere:b.tar.gz")" 600
bundle "$W/c.tar.gz" --yes --json | jq -e '[.parts[].name] | index("doctor.json") and (index("status.json") | not)' >/dev/null
bundle "$W/d.tar.gz" --yes >"$W/out" 2>&1
has "$(cat "$W/out")" "left out, as midd does not answer or there is nothing to see: status.json, metrics.txt"
equal "$(wc -l <"$W/out")" 2 "lines, none by other programs"
equal "$(bundle "$W/none/x.tar.gz" --yes 2>&1 >/dev/null)" "midctl: create $W/none/x.tar.gz: No such file or directory: name a file where you may write: midctl bundle FILE.tar.gz"
pass
