# SPDX-License-Identifier: Apache-2.0
# An authority of known_hosts (@cert-authority) vouches for SSH servers by certificates: no key has to be known before;
# and each way in which a certificate is not good is told, and sends no credential.
RULES='allow SSHCommand 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/sshd.sh"
only disco --type ssh_password <<<canary-password

ssh-keygen -q -t ed25519 -N '' -f "$W/ca"
ssh-keygen -q -t rsa -b 2048 -N '' -f "$W/ca_rsa"
ssh-keygen -q -t ecdsa -b 384 -N '' -f "$W/ca_ec"
# certify AUTHORITY KEY [ssh-keygen's words]: a fresh certificate of that host key
certify() { local ca=$1 key=$2; shift 2; ssh-keygen -q -s "$ca" -h -I host "$@" "$W/keys/$key.pub" 2>/dev/null; }
away() { pkill -KILL -f "sshd: $ACCOUNT" || true; }	# no connection of an earlier job is kept
with() { away; serve -o "HostKey=$W/keys/$1" -o "HostCertificate=$W/keys/$1-cert.pub"; }
sed -i '/^HostKey/d' "$W/sshd.conf"
known() { ctl hostkeys list --json | jq -r '.[] | select(.state == "trusted") | .type'; }
refused() { # WHY
	: >"$W/sshd.log"
	has "$(error_of name=id)" "$1"
	! grep -E 'Accepted|Failed password' "$W/sshd.log" || die "a credential was sent"
}
says() { equal "$(ssh_job name='echo hello')" hello; }
echo "@cert-authority 127.0.0.*,!127.0.0.9 $(cut -d' ' -f1,2 "$W/ca.pub")" >"$W/authorities"
echo "@cert-authority *.example.test $(cut -d' ' -f1,2 "$W/ca_rsa.pub")" >>"$W/authorities"
ctl hostkeys import "$W/authorities" >/dev/null
has "$(ctl hostkeys list)" "127.0.0.*,!127.0.0.9"

# Good ones, of each kind of key; nothing is learned by them. A principal may be the address, a pattern, or none.
for k in host_ed25519 host_ecdsa host_rsa; do
	certify "$W/ca" $k -n "web,127.0.0.5" -V -1m:+10m
	with $k
	says
done
equal "$(known)" "" "no key is learned of a host with a certificate"

# The others: each its own sentence, and no credential goes out.
certify "$W/ca" host_ed25519 -n 127.0.0.5 -V -2h:-1h
with host_ed25519
refused "has expired"
certify "$W/ca" host_ed25519 -n 127.0.0.5 -V +1h:+2h
with host_ed25519
refused "not yet in force"
certify "$W/ca" host_ed25519 -n other.example -V -1m:+10m
with host_ed25519
refused "for other names"
certify "$W/ca_ec" host_ed25519 -n 127.0.0.5 -V -1m:+10m
with host_ed25519
refused "not one that is trusted"

# A key without a certificate is no way round it, unless somebody has accepted that key.
away
serve -o "HostKey=$W/keys/host_ed25519"
refused "shows no certificate"
ctl hostkeys accept 127.0.0.5 "$PORT" $(cut -d' ' -f1,2 "$W/keys/host_ed25519.pub") >/dev/null
says
ctl hostkeys remove 127.0.0.5 >/dev/null

# Authorities of other kinds; one that goes is trusted no more.
echo "@cert-authority 127.0.0.5 $(cut -d' ' -f1,2 "$W/ca_ec.pub")" >"$W/authorities"
echo "@cert-authority 127.0.0.5 $(cut -d' ' -f1,2 "$W/ca_rsa.pub")" >>"$W/authorities"
ctl hostkeys import "$W/authorities" >/dev/null
for ca in ca_ec ca_rsa; do
	certify "$W/$ca" host_ed25519 -V -1m:+10m
	with host_ed25519
	says
done
ctl hostkeys remove 127.0.0.5 >/dev/null
with host_ed25519
refused "not one that is trusted"

# Where no authority is trusted for a host, its key is what counts, as ever.
ctl hostkeys remove '127.0.0.*,!127.0.0.9' >/dev/null
with host_ed25519
says
equal "$(known)" ssh-ed25519
agent_stop
pass
