# SPDX-License-Identifier: Apache-2.0
# midctl doctor: each hop that is really broken is named, with its own remedy;
# hops behind it are not tried; without midd and with it.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
SEAL=at-rest agent_config </dev/null
mkdir -p "$W/demo/midd.d"
URL=$LAB_URL
doctor() { timeout 60 "$B/bin/midctl" --control "$W/demo/control" --config "$W/demo/midd.yaml" doctor "$@" >"$W/out" 2>"$W/err"; }
# broken HOP STATUS WHAT: YAML of a drop-in on standard input.
broken() {
	local s=0
	[ -t 0 ] || cat >"$W/demo/midd.d/60-broken.yaml"
	[ -s "$W/demo/midd.d/60-broken.yaml" ] || rm -f "$W/demo/midd.d/60-broken.yaml"
	doctor --json || s=$?
	equal "$s" "$2" "exit status, $1: $(jq -c '.[] | select(.state == "bad" or .state == "warning")' "$W/out")"
	jq -e --arg h "$1" --arg r "$3" 'any(.[]; .hop == $h and (.state == "bad" or .state == "warning") and (.remedy | test($r)))' "$W/out" >/dev/null ||
		die "$1 lacks a remedy like \"$3\": $(jq -c --arg h "$1" '.[] | select(.hop == $h)' "$W/out")"
	jq -r --arg h "$1" '.[] | select(.hop == $h) | "\(.remedy)\t\(.hop)"' "$W/out" >>"$W/remedies"
}
skipped() { equal "$(jq -r --arg h "$1" '.[] | select(.hop == $h).state' "$W/out")" skipped "$1"; }
none() { broken "$@" </dev/null; }

# --- without midd: the configuration alone
mv "$W/demo/midd.yaml" "$W/away.yaml"
none config 1 "midctl enroll https://YOUR-INSTANCE"
equal "$(jq -r '.[] | select(.hop == "midd").remedy' "$W/out")" "see config above"
mv "$W/away.yaml" "$W/demo/midd.yaml"
if [ -d /run/systemd/system ]; then down="systemctl start midd" how="systemctl enable --now midd-raw.socket"; else down="or the container that it is in" how="scans connect and ping;"; fi
none midd 5 "$down"
has "$(jq -r '.[] | select(.hop == "helpers").what' "$W/out")" "$how"
equal "$(jq -r '[.[] | select(.state == "ok").hop] | join(" ")' "$W/out")" \
	"config files certificate dns proxy tcp tls http login role clock disk sandbox workers helpers" "all hops but midd"

broken config 1 "config check" <<<"instance: {nonsense: 1}"
skipped tls
# What can be read and is wrong all the same, in a file that it names.
echo "permit everything" >"$W/rules"
broken config 1 "config check" <<<"policy: {rules: $W/rules}"
has "$(jq -r '.[] | select(.hop == "config").what' "$W/out")" 'line 1 begins with "permit"'
equal "$(jq -r '.[] | select(.hop == "role").state' "$W/out")" ok
chmod 644 "$W/lab/agents/demo.key"
none files 1 "chmod 600"
chmod 600 "$W/lab/agents/demo.key"
broken files 1 "correct instance.ca" <<<"instance: {ca: $W/none.pem}"
broken tls 1 "instance.ocsp: off" <<<"instance: {ocsp: required}"
printf '[it]\ndatabase=%s\ndefault_md=sha256\ndefault_crl_days=7\n' "$W/index" >"$W/ca.cnf"
: >"$W/index"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other -keyout "$W/other.key" -out "$W/other.pem" -days 9 2>/dev/null
openssl ca -config "$W/ca.cnf" -name it -cert "$W/other.pem" -keyfile "$W/other.key" -gencrl -out "$W/other.crl" 2>/dev/null
broken tls 1 "instance.crl names" <<<"instance: {crl: $W/other.crl}"
broken dns 1 "DNS" <<<"instance: {url: 'https://nobody.invalid'}"
skipped tcp
skipped role
broken proxy 1 "instance.proxy" <<<"instance: {proxy: 'http://127.0.0.1:1'}"
skipped tls
# Without a port it is the one that midd itself would take.
broken proxy 1 "instance.proxy" <<<"instance: {proxy: 'http://127.0.0.3'}"
has "$(jq -r '.[] | select(.hop == "proxy").what' "$W/out")" "port 1080"
# A proxy that the instance is reached without is none of its hops.
echo "instance: {proxy: 'http://127.0.0.1:1', no_proxy: 'example.com, localhost'}" >"$W/demo/midd.d/60-broken.yaml"
doctor --json || true
equal "$(jq -r '.[] | select(.hop == "role").state' "$W/out")" ok "instance.no_proxy"
# That of the environment, and what it leaves out.
echo "instance: {proxy_env: true}" >"$W/demo/midd.d/60-broken.yaml"
env_proxy() { env -u no_proxy -u https_proxy "$@" timeout 60 "$B/bin/midctl" --control "$W/demo/control" --config "$W/demo/midd.yaml" doctor --json | jq -r '.[] | select(.hop == "proxy") | "\(.state) \(.what)"'; }
has "$(env_proxy HTTPS_PROXY=http://127.0.0.1:1)" "bad proxy 127.0.0.1 port 1"
equal "$(env_proxy HTTPS_PROXY=http://127.0.0.1:1 NO_PROXY=localhost)" "ok none on the way to the instance"
broken tcp 1 "nothing listens" <<<"instance: {url: 'https://localhost:1'}"

# A port that drops: its queue of connections is full.
python3 - "$W/port" <<-'P' &
	import socket, sys, signal, os
	s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(0)
	c = []
	for _ in range(4):
	    t = socket.socket(); t.setblocking(False); t.connect_ex(s.getsockname()); c.append(t)
	open(sys.argv[1] + ".part", "w").write(str(s.getsockname()[1])); os.rename(sys.argv[1] + ".part", sys.argv[1])
	signal.pause()
P
echo $! >"$W/full.pid"
wait_for 10 test -s "$W/port"
broken tcp 1 "a firewall drops it" <<<"instance: {url: 'https://127.0.0.1:$(cat "$W/port")', connect: 300ms}"

broken tls 1 "file instance.ca names" <<<"instance: {ca: $W/other.pem}"
skipped http
python3 -m http.server --bind 127.0.0.1 --directory "$W/demo" 0 >"$W/plain.log" 2>&1 &
echo $! >"$W/plain.pid"
wait_for 10 grep -q 'port [0-9]' "$W/plain.log"
broken tls 1 "check the port" <<<"instance: {url: 'https://127.0.0.1:$(grep -oE 'port [0-9]+' "$W/plain.log" | cut -d' ' -f2)'}"

umask 077
echo wrong >"$W/password"
broken login 1 "instance.password_file" <<<"instance: {cert: '', key: '', user: nobody, password_file: $W/password}"
skipped role
for row in 'agent:403|role|role mid_server' 'poll:403|role|role mid_server' 'agent:503|http|loses nothing' 'agent:away|http|instance.url' \
	'agent:reset|http|stands between'; do
	IFS='|' read -r fault hop remedy <<<"$row"
	lab fault "$fault:9" >/dev/null
	none "$hop" 1 "$remedy"
	lab fault --clear >/dev/null
done
broken disk 1 "make room" <<<"results: {disk_min: 1 TB}"
broken workers 5 "workers.maps" <<<"workers: {maps: $W/none}"
broken workers 1 "workers.program" <<<"workers: {program: $W/none}"

# A helper that is switched on and of no use: nobody behind its socket, or a program that says nothing; then one that works.
if command -v systemd-socket-activate >/dev/null; then
	python3 -c 'import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$W/demo/raw.sock"
	none helpers 5 "systemctl restart midd-raw.socket"
	rm "$W/demo/raw.sock"
	helper() {	# NAME COMMAND...
		systemd-socket-activate --accept --inetd -l "$W/demo/$1.sock" "${@:2}" >"$W/helper.log" 2>&1 &
		echo $! >"$W/helper.pid"
		wait_for 10 test -S "$W/demo/$1.sock"
	}
	helper_gone() { kill "$(cat "$W/helper.pid")"; rm "$W/helper.pid" "$W/demo/$1.sock"; }
	helper facts /bin/true
	none helpers 5 "journalctl -u 'midd-facts@"
	helper_gone facts
	helper facts "$B/bin/midd-facts"
	doctor --json || true
	has "$(jq -r '.[] | select(.hop == "helpers").what' "$W/out")" "midd-facts tells what only root may read"
	helper_gone facts
else
	echo "systemd-socket-activate is missing: helpers not tried"; printf '\thelpers\n' >>"$W/remedies"
fi

# A clock that is wrong, in midctl's process alone: a little, and by years.
SHIM=$B/test/crash/clock_jumps.so
clock() {
	python3 -c 'import struct,sys; open(sys.argv[1],"wb").write(struct.pack("=q",int(sys.argv[2])))' "$W/shift" "$1"
	doctor() { timeout 60 env LD_PRELOAD="$SHIM" CLOCK_SHIFT="$W/shift" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		"$B/bin/midctl" --control "$W/demo/control" --config "$W/demo/midd.yaml" doctor "$@" >"$W/out" 2>"$W/err"; }
}
clock 100
none clock 5 "NTP"
clock -3600
none clock 1 "NTP"
clock -315360000
none tls 1 "set this machine's clock"
clock 315360000
none certificate 1 "gets a new one"
none tls 1 "."
clock 0

# --- with midd
agent_start
healthy() { ctl status; }
wait_for 20 healthy
doctor || die "not well: $(cat "$W/out")"
doctor --json
equal "$(jq -r '[.[] | select(.state != "ok")] | length' "$W/out")" 0
ctl pause >/dev/null
none midd 1 "midctl resume|midctl status"

# Every hop has been broken, and none has the remedy of another. (The sandbox: unit/midctl/doctor.)
equal "$(cut -f2 "$W/remedies" | sort -u | tr '\n' ' ')" "certificate clock config disk dns files helpers http login midd proxy role tcp tls workers "
equal "$(sort -u "$W/remedies" | cut -f1 | uniq -d)" "" "a remedy of two hops"
pass
