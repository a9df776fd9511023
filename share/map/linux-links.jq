# SPDX-License-Identifier: Apache-2.0
#
# linux-links.jq - what relates a host to others, out of its facts: who it is, its addresses, what it listens on, whom it calls, its
# guests. One object; relate.jq puts those of all targets of a discovery together.

# As in linux.jq: what a maker left in instead of a number or name tells nobody from anybody.
def placeholder:
  test("^(none|unknown|default( string)?|n/?a|null|oem|not (specified|applicable|available|present|settable)|"
    + "(to be|to-be)[ -]filled by .*|system (serial number|manufacturer|product name|version)|"
    + "(base board|chassis) serial number|serial number|empty|invalid|no dimm|[0.:x -]*|[f-]*|x+|123456789|0123456789)$"; "i");

def clean:
  if . == null then null
  else tostring | gsub("^\\s+|\\s+$"; "") | if . == "" or placeholder then null else . end
  end;
def list($section): (.[$section].items? // []);
def strings: with_entries(select(.value != null and .value != "") | .value |= tostring);
# As in linux.jq: a CI that is named under another class would change it.
def class: if .os.kernel_name == "Windows_NT" then (if .os.variant == "workstation" then "cmdb_ci_computer" else "cmdb_ci_win_server" end)
  else {SunOS: "cmdb_ci_solaris_server", AIX: "cmdb_ci_aix_server", "HP-UX": "cmdb_ci_hpux_server", Darwin: "cmdb_ci_osx_server",
  FreeBSD: "cmdb_ci_unix_server", OpenBSD: "cmdb_ci_unix_server", NetBSD: "cmdb_ci_unix_server",
  DragonFly: "cmdb_ci_unix_server"}[.os.kernel_name // "Linux"] // "cmdb_ci_linux_server" end;
# Networks that a machine makes for itself have the same addresses on every machine, and a copy of it has their MAC addresses.
def made_here: test("^(docker|virbr|br-[0-9a-f]{12}$|cni|podman|lxc|lxd|incusbr|flannel|cali|cilium|veth|vnet|nerdctl)");
def firmware: if .virtual.container? then {} else .dmi // {} end;
def serial($type; $n): if $n == null then empty else {className: "cmdb_serial_number",
  values: {serial_number: $n, serial_number_type: $type, valid: "true", absent: "false"}} end;

firmware as $dmi
| (.host.hostname // ((.host.fqdn // "") | split(".")[0])) as $name
| [list("addresses")[] | select(.scope == "global" and (.interface // "" | made_here | not)) | .address] as $addresses
| ([list("sockets")[] | select(.state == "listen" and .local_port) | {key: "\(.protocol)\(.local_port)", value: true}] | from_entries) as $open
| {
    addresses: ($addresses | unique), kind: "host",
    # Whom it sees on its links by IPv6: nobody can try all of a /64.
    hints: ([list("neighbours")[] | .address // "" | select(contains(":") and (startswith("fe80:") | not))] | unique | .[0:4000]),
    ci: {className: class, values: ({name: ($name // .host.machine_id), serial_number: ($dmi.serial | clean)} | strings),
      lookup: [serial("system"; $dmi.serial | clean), serial("uuid"; $dmi.uuid | clean)]},
    uuid: ($dmi.uuid | clean | if . == null then null else ascii_downcase end),
    macs: ([list("interfaces")[] | select(.mac != null and .kind != "loopback" and (.name // "" | made_here | not)) | .mac | ascii_downcase
      | select(test("^(00:){5}00$") | not)] | unique),
    listens: ([list("sockets")[] | select(.state == "listen" and .local_port and .process and .protocol == "tcp")
      | {port: .local_port, process, address: .local_address}] | unique_by([.port, .process]) | .[0:500]),
    calls: ([list("sockets")[] | select(.state == "established" and .remote_port and .protocol == "tcp"
        and (.remote_address | test("^(127\\.|::1$)") | not) and ($open["tcp\(.local_port)"] | not))
      | {address: .remote_address, port: .remote_port, process}] | unique_by([.address, .port, .process]) | .[0:500]),
    cluster: (.cluster | if .kind == null then null else {name: ((.name | clean) // .kind), nodes: [(.items // [])[] | {name, addresses}][0:64]} end),
    guests: [list("guests")[] | {name, uuid: ((.uuid // "") | ascii_downcase), kind: .kind}]
  }
