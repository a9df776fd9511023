# SPDX-License-Identifier: Apache-2.0
# The agent's key is this machine's TPM2's: midctl enroll has it made there, midd logs in with it, signs
# results and opens credentials with it. The file that is left is of no use with another TPM2. A renewal brings a new key there.
. "$(dirname "$0")/lib.sh"
command -v swtpm >/dev/null || skip_all "TPM2: swtpm is not installed (make deps)"
openssl list -providers -provider tpm2 >"$W/said" 2>&1 || grep -qi 'tcti\|connect' "$W/said" ||
	skip_all "TPM2: OpenSSL has no provider for it (apt-get install tpm2-openssl)"
tpm_start() { # NAME: a TPM2 of its own, for one at a time
	mkdir -p "$W/$1"
	port=$((20000 + RANDOM % 12000))	# its control port is the next one: so the library assumes
	swtpm socket --tpm2 --tpmstate "dir=$W/$1" --server "type=tcp,port=$port" --ctrl "type=tcp,port=$((port + 1))" \
		--flags not-need-init,startup-clear >"$W/$1.log" 2>&1 &
	echo $! >"$W/$1.pid"
	wait_for 10 ctrl_up $((port + 1))
	export TPM2OPENSSL_TCTI="swtpm:host=127.0.0.1,port=$port"
}
ctrl_up() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
tpm_stop() { kill "$(cat "$W/$1.pid")"; wait "$(cat "$W/$1.pid")" 2>/dev/null || true; rm "$W/$1.pid"; }
lab_init
lab_start --enroll-days 90
E=$W/berlin
mkdir -p "$E"
enroll() { timeout 60 "$B/bin/midctl" enroll --config "$E/midd.yaml" "$@"; }
url=("$LAB_URL" berlin --ca "$W/lab/ca.pem")

# No TPM2.
export TPM2OPENSSL_TCTI="swtpm:host=127.0.0.1,port=1"
if enroll "${url[@]}" --key tpm2 >"$W/said" 2>&1 </dev/null; then die "it went on"; fi
has "$(cat "$W/said")" "TPM2"

approved() {	# OPTION...
	enroll_token "$W/t"
	enroll_begin enroll "${url[@]}" "$@" <"$W/t"
	enroll_approve
}
# Before it a key in a file that has its certificate, which stays, and one that waits for it, which is given up.
approved
first=$(echo "$E"/credentials/agent-*.key)
lab fault any:404 >/dev/null
equal "$(enroll "${url[@]}" </dev/null >"$W/said" 2>&1; echo $?)" 5
equal "$(find "$E/credentials" -type f | wc -l)" 2

tpm_start tpm
approved --key tpm2
equal "$(grep -l "BEGIN PRIVATE KEY" "$E"/credentials/*.key)" "$first"
equal "$(grep -l "BEGIN TSS2 PRIVATE KEY" "$E"/credentials/*.key)" "$(sed -n 's/^  key: "\(.*\)"/\1/p' "$E/midd.d/10-enroll.yaml")"
equal "$(find "$E/credentials" -type f | wc -l)" 2
rm "$first" "$E/certs/$(basename "$first" .key).pem"

printf 'policy: { loopback: true }\nworkers:\n  probes: %s\npaths:\n  state: %s/state\n  control: %s/control\n' "$B/probes:$B/test/probes" "$E" "$E" >"$E/midd.d/50-test.yaml"
AGENT=berlin
agent_start
has "$(ctl config show --config "$E/midd.yaml" --json | jq -r '.[] | select(.option == "seal.mode").value')" required
has "$(run_job Echo text=by-tpm)" by-tpm
printf canary-of-the-tpm | lab creds add first --agent berlin --user alice >/dev/null
ctl creds reload >/dev/null
opens() { ctl creds test first; }
wait_for 10 opens
agent_stop

tpm_stop tpm
tpm_start tpm
# The certificate is renewed, with a new key that this TPM2 makes; the old one opens what was sealed to it.
echo 'cert: { renew_before: 400d }' >"$E/midd.d/60-renew.yaml"
agent_start
wait_for 20 test -e "$E/state/renewed.pem"
grep "BEGIN TSS2 PRIVATE KEY" "$E/state/renewed.pem"
! grep "BEGIN PRIVATE KEY" "$E/state/renewed.pem" || die "the key is not the TPM2's"
[ "$(openssl x509 -in "$E/state/renewed.pem" -noout -pubkey)" != "$(openssl x509 -in "$(echo "$E"/certs/agent-????????.pem)" -noout -pubkey)" ] || die "it has the old key"
has "$(run_job Echo text=by-new-key)" by-new-key
ctl creds reload >/dev/null
wait_for 10 opens
agent_stop
rm "$E/midd.d/60-renew.yaml" "$E/state/renewed.pem"
tpm_stop tpm

# Another machine's TPM2: the file is worth nothing there.
tpm_start other
agent_spawn
if wait "$(agent_pid)"; then die "another TPM2 could use the key"; fi
rm "$E/midd.pid"
has "$(tail -n 3 "$E/midd.log")" "private key"
tpm_stop other
pass
