# SPDX-License-Identifier: Apache-2.0
# The agent's key is in a PKCS#11 token and never leaves it: midctl enroll has it made there, midd logs
# in with it, signs results and opens credentials with it; a wrong PIN is not tried again and again.
. "$(dirname "$0")/lib.sh"
softhsm=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so /usr/lib64/softhsm/libsofthsm.so 2>/dev/null | head -n 1)
[ -n "$softhsm" ] && command -v softhsm2-util >/dev/null && command -v pkcs11-tool >/dev/null ||
	skip_all "PKCS#11: softhsm2 or pkcs11-tool is not installed (make deps)"
openssl engine pkcs11 >/dev/null 2>&1 || skip_all "PKCS#11: OpenSSL has no engine for it (apt-get install libengine-pkcs11-openssl)"
mkdir "$W/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\n' "$W/tokens" >"$W/softhsm2.conf"
export SOFTHSM2_CONF=$W/softhsm2.conf
softhsm2-util --init-token --free --label midd --so-pin 12345678 --pin 7654321 >/dev/null
tool() { pkcs11-tool --module "$softhsm" --token-label midd --login --pin 7654321 "$@" 2>/dev/null; }
lab_init
lab_start
E=$W/berlin
mkdir -p "$E"
KEY="pkcs11:token=midd;object=berlin?pin-source=$E/pin"
enroll() { timeout 60 "$B/bin/midctl" enroll --config "$E/midd.yaml" "$@"; }
says() { # NEEDLE COMMAND...
	local n=$1
	shift
	if "$@" >"$W/said" 2>&1 </dev/null; then die "it went on: $*"; fi
	has "$(cat "$W/said")" "$n"
}

# What cannot be has a sentence each.
url=("$LAB_URL" berlin --ca "$W/lab/ca.pem")
echo 7654321 >"$E/pin"
says "chmod 600" enroll "${url[@]}" --key "$KEY"
chmod 600 "$E/pin"
mkdir -p "$E/credentials"
install -m 600 "$E/pin" "$E/credentials/pin"
says "no token here is the one" enroll "${url[@]}" --key "pkcs11:token=paris;object=berlin?pin-source=credential:pin"	# as the service gets it
says "no token here is the one" enroll "${url[@]}" --key "pkcs11:token=paris;object=berlin?pin-source=$E/pin"
equal "$(grep -cv "^midctl: \|^token " "$W/said")" 0 "lines by other libraries"
says "does not say how the key is called" enroll "${url[@]}" --key "pkcs11:token=midd?pin-source=$E/pin"
says "shows the PIN" enroll "${url[@]}" --key "pkcs11:token=midd;object=berlin?pin-value=7654321"
says "write tpm2, or pkcs11:" enroll "${url[@]}" --key smartcard
echo 1111 >"$E/pin"
says "PIN" enroll "${url[@]}" --key "$KEY"
echo 7654321 >"$E/pin"
equal "$(tool -O --type privkey)" "" "no key was made so far"

# Made there, used there. What is on the disk is no key.
enroll_token "$W/t"
enroll_begin enroll "${url[@]}" --key "$KEY" <"$W/t"
enroll_approve
tool -O --type privkey >"$W/said"
has "$(cat "$W/said")" "label:      berlin"
has "$(cat "$W/said")" "never extractable"
! grep -rl "PRIVATE KEY" "$E" || die "a key is on the disk"
grep "key: \"$KEY\"" "$E/midd.d/10-enroll.yaml"
! grep -r 7654321 "$E/midd.d" "$E/midd.yaml" "$W/enroll.log" || die "the PIN is in the configuration"

# midd: mutual TLS, results that it signs, a credential that only this key opens.
printf 'policy: { loopback: true }\nworkers:\n  probes: %s\npaths:\n  state: %s/state\n  control: %s/control\n' "$B/probes:$B/test/probes" "$E" "$E" >"$E/midd.d/50-test.yaml"
AGENT=berlin
agent_start
has "$(ctl config show --config "$E/midd.yaml" --json | jq -r '.[] | select(.option == "seal.mode").value')" required
has "$(run_job Echo text=by-token)" by-token
printf canary-of-the-token | lab creds add first --agent berlin --user alice >/dev/null
ctl creds reload >/dev/null
opens() { ctl creds test first; }
wait_for 10 opens
agent_stop
! grep 7654321 "$E/midd.log" || die "the PIN is in the log"

# A wrong PIN ends midd for good: tried again and again, the token would lock itself.
echo 2222 >"$E/pin"
agent_spawn
status=0
wait "$(agent_pid)" || status=$?
rm "$E/midd.pid"
equal "$status" 78
has "$(tail -n 2 "$E/midd.log")" "before it locks itself"
pass
