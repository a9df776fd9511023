# SPDX-License-Identifier: Apache-2.0
# The memory of a worker, looked through: while a job runs on one host, no secret of another host's credential is there,
# and of its own no more than the password that sudo may ask for; when it has ended, that is gone too.
RULES='allow SSHCommand 127.0.0.0/8 * *'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/canaries.sh"
[ -z "${SAN:-}" ] || skip_all "the sanitizers keep what is freed"
. "$(dirname "$0")/sshd.sh"
cat >>"$W/demo/midd.d/50-test.yaml" <<Y
workers: { max: 1, idle: 10m }
Y
agent_stop
agent_start
mkfifo -m 666 "$W/gate"
mkdir -m 777 "$W/here"

# One credential a host, and each only for its own.
key() { ssh-keygen -q "${@:2}" -f "$W/keys/$1" && cat "$W/keys/$1.pub" >>"$W/home/.ssh/authorized_keys"; }
key ed25519 -t ed25519 -N ''
key locked -t ed25519 -N canary-phrase-openssh -a 4
key rsa -t rsa -b 2048 -N ''
key rsapem -t rsa -b 2048 -m PEM -N ''
key ecdsa -t ecdsa -b 256 -N ''
key lockedpem -t ecdsa -m PEM -N canary-phrase-pem
canary() { echo "$1 $(printf %s "$2" | hex)" >>"$W/canaries"; }
# The private numbers of a key: as they are, and as a machine has them that begins with the lowest byte.
numbers() { # NAME PASSPHRASE
	cp "$W/keys/$1" "$W/keys/$1.open"
	ssh-keygen -q -p -m PEM -N '' -P "$2" -f "$W/keys/$1.open" >/dev/null
	if grep -q OPENSSH "$W/keys/$1.open"; then	# ed25519 has no other form: the seed is 64 bytes before the comment's end
		grep -v -- ----- "$W/keys/$1.open" | base64 -d | python3 -c '
import sys
b = sys.stdin.buffer.read()
at = b.rindex(b"\0\0\0\x40") + 4
print(b[at:at + 32].hex())'
	else
		openssl pkey -in "$W/keys/$1.open" -text -noout | python3 -c '
import re, sys
for name, digits in re.findall(r"(priv|privateExponent|prime1|prime2|exponent1|coefficient):\n((?: +[0-9a-f:]+\n)+)", sys.stdin.read()):
    b = bytes.fromhex(re.sub(r"[^0-9a-f]", "", digits)).lstrip(b"\0")
    print(b.hex())
    print(b[::-1].hex())'
	fi
}
host=5
for k in ed25519 locked rsa rsapem ecdsa lockedpem; do
	host=$((host + 1))
	phrase=$(case $k in locked) echo canary-phrase-openssh ;; lockedpem) echo canary-phrase-pem ;; esac)
	grep -v -- ----- "$W/keys/$k" | tail -n 2 | while read -r line; do [ ${#line} -lt 12 ] || canary "$k" "$line"; done
	[ -z "$phrase" ] || canary "$k" "$phrase"
	numbers "$k" "$phrase" | sed "s/^/$k /" >>"$W/canaries"
	jq -n --rawfile k "$W/keys/$k" --arg p "$phrase" '{private_key: $k, passphrase: $p}' |
		ctl creds add "$k" --type ssh_private_key --user "$ACCOUNT" --ranges "127.0.0.$host" >/dev/null
	echo "127.0.0.$host $k" >>"$W/hosts"
done
canary password canary-password
printf canary-password | ctl creds add password --type ssh_password --user "$ACCOUNT" --ranges 127.0.0.5 >/dev/null
echo "127.0.0.5 password" >>"$W/hosts"
for k in $(awk '{print $1}' "$W/canaries" | sort -u); do [ "$(grep -c "^$k " "$W/canaries")" -ge 1 ] || die "no canary of $k"; done
sed -i '/^ListenAddress/d' "$W/sshd.conf"
serve
all_seven() { [ "$(ctl creds list --json | jq length)" = 7 ]; }
wait_for 10 all_seven

exec 9<>"$W/gate"
one() { # HOST WHOSE: a job there, and looks while it runs and after it
	local host=$1 own=$2
	id=$(job SSHCommand --source "$host" port="$PORT" name=": >$W/here/$own; read x <$W/gate; echo through" </dev/null)
	wait_for 20 test -f "$W/here/$own"
	worker=$(pgrep -P "$(agent_pid)" midd-worker)
	if [ "$own" = password ]; then		# it is kept for sudo meanwhile: so the look is not blind
		look password "/proc/$worker/mem"
		python3 "$W/find.py" "$W/canaries" "" "/proc/$worker/mem" 2>/dev/null | grep -q '^password is in' || die "nothing is found, not even what must be there"
	else
		look "" "/proc/$worker/mem"	# a key is gone with the login already
	fi
	echo >&9
	answered() { [ "$(answers "$id")" -ge 1 ]; }
	wait_for 20 answered
	equal "$(lab table ecc_queue "queue=input^response_to=$id" --fields error_string --json | jq -r '.[0].error_string')" ""
	equal "$(pgrep -P "$(agent_pid)" midd-worker)" "$worker" "the worker"
	look "" "/proc/$worker/mem"
}
while read -r host own; do one "$host" "$own"; done <"$W/hosts"

# The same password by way of PAM's questions.
printf canary-password | ctl creds add asked --type ssh_password --user "$ACCOUNT" --ranges 127.0.0.20 >/dev/null
there() { ctl creds list --json | grep -q asked; }
wait_for 10 there
serve -o UsePAM=yes -o PasswordAuthentication=no -o KbdInteractiveAuthentication=yes
rm "$W/here/password"
one 127.0.0.20 password
grep -q 'Accepted keyboard-interactive' "$W/sshd.log" || die "nobody was asked"
pass
