# SPDX-License-Identifier: Apache-2.0
# UnixFacts: this machine asked over SSH tells what it tells when asked directly, in one
# login; and a host that sends nonsense, or stops in the middle, is told apart.
. "$(dirname "$0")/lib.sh"
SSHD=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$SSHD" ] || skip_all "there is no sshd (apt-get install openssh-server)"
mkdir -p "$W/keys"
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/host"
ssh-keygen -q -t ed25519 -N '' -f "$W/keys/user"
PORT=$((20000 + $$ % 12000))
serve() { # [FORCED COMMAND]
	[ ! -f "$W/sshd.pid" ] || { pkill -P "$(cat "$W/sshd.pid")" || true; kill "$(cat "$W/sshd.pid")"; wait "$(cat "$W/sshd.pid")" 2>/dev/null || true; }
	"$SSHD" -D -e -f /dev/null -p $PORT -o ListenAddress=127.0.0.7 -o HostKey="$W/keys/host" -o PidFile=none -o UsePAM=no \
		-o StrictModes=no -o AuthorizedKeysFile="$W/keys/user.pub" ${1:+-o ForceCommand="$1"} 2>>"$W/sshd.log" &
	echo $! >"$W/sshd.pid"
	wait_for 10 bash -c ": </dev/tcp/127.0.0.7/$PORT"
}
serve
lab_init
lab_start
agent_config <<Y
policy: { loopback: true }
Y
agent_start
ctl creds add key --type ssh_private_key --user "$(id -un)" <"$W/keys/user" >/dev/null
one() { [ "$(ctl creds list --json | jq length)" = 1 ]; }
wait_for 10 one

facts() { ctl run UnixFacts --source 127.0.0.7 port=$PORT --json "$@"; }
ctl run LocalInventory --json >"$W/local.json"
facts >"$W/ssh.json"
equal "$(grep -c 'Accepted publickey' "$W/sshd.log")" 1 "logins for all facts"
# What does not change between two looks is the same, value by value.
same() { # FILTER
	equal "$(jq -cS "$1" "$W/ssh.json")" "$(jq -cS "$1" "$W/local.json")" "$1"
}
same '.os'
same '.host'
same '.cpu | del(.mhz, .mhz_max, .mhz_min) | .cpus |= map(del(.mhz))'
same '.memory.mem_total_bytes'
same '.dmi'
same '[.interfaces.items[] | {name, mac, mtu_bytes, kind, operstate}]'
same '[.addresses.items[] | {interface, address, prefix_bits}] | sort'
same '[.routes.items[] | {destination, gateway, interface}] | sort'
same '[.block_devices.items[] | {name, kind, size_bytes, model, serial}]'
same '[.partitions.items[] | {name, disk, size_bytes}]'
same '[.filesystems.items[] | {mount_point, device, type, size_bytes}]'
same '[.packages.items[] | {name, version, arch}] | sort'
same '[.users.items[] | {name, uid, gid, home, shell}]'
same '[.groups.items[] | {name, gid, members}]'
same '.pci.items | length'
same '.dns'
[ "$(jq '.processes.items | length' "$W/ssh.json")" -ge 5 ] || die "hardly a process"
equal "$(facts sections=os,cpu | jq -c '[has("os"), has("cpu"), has("packages")]')" '[true,true,false]'

# As a job of the instance: a record in the CMDB.
job UnixFacts --source 127.0.0.7 port=$PORT >/dev/null
in_cmdb() { [ "$(lab table cmdb_ci_linux_server --json | jq length)" -ge 1 ]; }
wait_for 30 in_cmdb
equal "$(lab table cmdb_ci_linux_server --fields name --json | jq -r '.[0].name')" "$(jq -r '.host.hostname' "$W/local.json")"

# Servers that say something else.
serve "echo hello"
if facts >"$W/out" 2>&1; then die "a host that says hello has no facts"; fi
has "$(cat "$W/out")" 'no facts but "hello"'
serve "true"
if facts >"$W/out" 2>&1; then die "a host that says nothing has no facts"; fi
serve 'sh -c "$SSH_ORIGINAL_COMMAND" | head -c 60000'
status=0
facts >"$W/out" 2>"$W/err" || status=$?
has "$(cat "$W/out" "$W/err")" "some facts are missing"
serve 'head -c 100000000 /dev/zero'
if facts >"$W/out" 2>&1; then die "100 MB of nothing were taken for facts"; fi
has "$(cat "$W/out")" "more than 64 MB"
agent_stop
pass
