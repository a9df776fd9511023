# SPDX-License-Identifier: Apache-2.0
# A host without a certificate gets one: by a token that is good once, words that are the same
# at both ends, a person's yes, and a login that proves it; then midd runs with what was written.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
E=$W/berlin
mkdir -p "$E"
enroll() { timeout 60 "$B/bin/midctl" enroll --config "$E/midd.yaml" "$@"; }
CA=$(openssl x509 -in "$W/lab/ca.pem" -outform DER | sha256sum | cut -d' ' -f1)
has "$(lab enroll token)" "our CA   $CA"

# Nobody is believed because he answers first; a wrong fingerprint is no way either.
says() { # NEEDLE COMMAND...
	local n=$1
	shift
	if "$@" >"$W/said" 2>&1 </dev/null; then die "it went on: $*"; fi
	has "$(cat "$W/said")" "$n"
}
says "comes from a CA that is not in" enroll "$LAB_URL" berlin
has "$(cat "$W/said")" "$CA"
status() { local rc=0; "$@" >"$W/said" 2>&1 </dev/null || rc=$?; echo $rc; }
equal "$(status enroll "http://localhost:$LAB_PORT") $(status enroll "$LAB_URL" --fingerprint 12) $(status enroll "$LAB_URL" --key floppy)" "2 2 2"
equal "$(status timeout 20 "$B/bin/midctl" enroll --config "$W/none/midd.yaml" "$LAB_URL")" 2
has "$(cat "$W/said")" "there is no folder $W/none"
says "somebody stands between" enroll "$LAB_URL" berlin --fingerprint "${CA//[0-9]/a}"
says "is for another name" enroll "https://wrong.localhost:$LAB_PORT" berlin --fingerprint "$CA"

# Tokens: none, wrong, for another agent, in a file that others may read.
says "no token" enroll "$LAB_URL" berlin --fingerprint "$CA"
echo 00000000000000000000000000000000 >"$W/t"
says "may" enroll "$LAB_URL" berlin --fingerprint "$CA" --token-file "$W/t"
chmod 600 "$W/t"
says "The token was refused" enroll "$LAB_URL" berlin --fingerprint "$CA" --token-file "$W/t"
enroll_token "$W/t" --agent paris
says "for an agent of another name" enroll "$LAB_URL" berlin --fingerprint "$CA" --token-file "$W/t"

# The right one. It waits until somebody has compared the words.
enroll_token "$W/t" --agent berlin
enroll_begin enroll "$LAB_URL/" berlin --fingerprint "$CA" --token-file "$W/t"
ours=$(sed -n 's/^words *//p' "$W/enroll.log")
# Typed a second time meanwhile, for this name or another: the key of the first stays.
says "another midctl enroll is under way" enroll "$LAB_URL" berlin --fingerprint "$CA"
says "another midctl enroll is under way" enroll "$LAB_URL" rome --fingerprint "$CA"
equal "$(lab enroll list --json | jq -r '.[0].words')" "$ours"
equal "$(wc -w <<<"$ours")" 8
# It was spent, and the request is nobody else's to approve.
equal "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$W/lab/ca.pem" -X POST -H 'Content-Type: application/json' -d '{}' \
	"$LAB_URL/api/midlab/enroll/$(cat "$W/id")/approve")" 401
equal "$(lab table midlab_enroll_token "agent=berlin" --json | jq length)" 0
enroll_approve
cat "$W/enroll.log"
has "$(cat "$W/enroll.log")" "next     midd --config $E/midd.yaml"
equal "$(stat -c %a "$E/credentials")" 700
equal "$(stat -c %a "$E"/credentials/agent-*.key)" 600
equal "$(find "$E" -name 'enroll.pending' | wc -l)" 0
! grep -rl "PRIVATE KEY" "$W/lab" | grep -v '\.key$' || die "a key has left the host"

# What it wrote is enough for midd, whatever was moved in before (midctl import-config): it is the certificate that logs in.
printf 'name: mid-east\ninstance:\n  url: https://old.example.com\n  user: mid.east\n' >"$E/midd.d/05-moved.yaml"
printf 'workers:\n  probes: %s\npaths:\n  state: %s/state\n  control: %s/control\n' "$B/probes:$B/test/probes" "$E" "$E" >"$E/midd.d/50-test.yaml"
AGENT=berlin
agent_start
equal "$(run_job Echo text=enrolled)" "$(run_job Echo text=enrolled)"
has "$(run_job Echo text=enrolled)" enrolled
agent_stop

# A rejected one ends with a sentence; a guesser is slowed down for all.
enroll_token "$W/t"
enroll_begin enroll "$LAB_URL" rome --ca "$W/lab/ca.pem" <"$W/t"
lab enroll reject "$(cat "$W/id")"
if wait "$(cat "$W/enroll.pid")"; then die "rejected and content"; fi
rm "$W/enroll.pid"
has "$(cat "$W/enroll.log")" "have rejected the request"
has "$(cat "$W/enroll.log")" "before   $E/midd.d/10-enroll.yaml stays in force until the new certificate has logged in"
equal "$(cat "$E"/credentials/*.key | grep -c BEGIN)" 1
says "cannot be an agent's name" enroll "$LAB_URL" 'ro me' --ca "$W/lab/ca.pem"
enroll_token "$W/t"
says "No agent can have this name" sh -c "$B/bin/midctl enroll --config $E/midd.yaml $LAB_URL admin --ca $W/lab/ca.pem <$W/t"
for _ in 1 2 3 4 5; do
	echo no | enroll "$LAB_URL" rome --ca "$W/lab/ca.pem" >/dev/null 2>&1 || true
done
enroll_token "$W/t"
if enroll "$LAB_URL" rome --ca "$W/lab/ca.pem" <"$W/t" >"$W/said" 2>&1; then die "not slowed down"; fi
has "$(cat "$W/said")" "Too many wrong tokens"

# An instance without that endpoint: files, and people who carry them. Not so where it only fails, or where somebody else answers.
H=$W/hand
mkdir -p "$H"
"$B/bin/midlab" cert "$W/lab" plain --server >/dev/null
timeout 60 openssl s_server -www -accept 127.0.0.1:0 -cert "$W/lab/plain.pem" -key "$W/lab/plain.key" >"$W/plain.log" 2>&1 </dev/null &
echo $! >"$W/plain.pid"
listens() { port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$W/plain.log") && [ -n "$port" ]; }
wait_for 10 listens
oslo() { timeout 30 "$B/bin/midctl" enroll --config "$H/midd.yaml" "$1" oslo --ca "$W/lab/ca.pem"; }
says "a captive portal or the login page of a proxy stands between" oslo "https://localhost:$port"
lab fault any:503 >/dev/null
says "status 503: it is failing" oslo "$LAB_URL"
lab fault any:429 >/dev/null
says "status 429: it limits our requests" oslo "$LAB_URL"
lab fault any:404 >/dev/null
rc=0
oslo "$LAB_URL" >"$W/said" 2>&1 </dev/null || rc=$?
equal "$rc" 5
has "$(cat "$W/said")" "midctl enroll --import CERTIFICATE.pem"
csr=$(echo "$H"/certs/agent-*.csr)
openssl x509 -req -in "$csr" -CA "$W/lab/ca.pem" -CAkey "$W/lab/ca.key" -days 30 -out "$W/oslo.pem" 2>/dev/null
says "is for another key" timeout 30 "$B/bin/midctl" enroll --config "$H/midd.yaml" --import "$W/lab/agents/demo.pem"
pass
