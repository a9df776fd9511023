# SPDX-License-Identifier: Apache-2.0
#
# network.jq - facts of a device asked over SNMP (SnmpFacts) into payloads for the
# Identification and Reconciliation API. Change it as you like.
#
#   jq -f network.jq facts.json
#
# gives one payload, or several when there are more than 450 parts; each holds the
# device, so that every part finds what it is a part of. Names that begin with u_ are
# not those of a plain instance: there they are ignored, unless somebody makes them.

# --- small things ----------------------------------------------------------------

# What fills a field without saying anything is nothing.
def clean:
  if . == null then null
  else tostring | gsub("^\\s+|\\s+$"; "")
    | if test("^(|n/?a|none|unknown|not advertised|<private>|[0. x:-]*)$"; "i") then null else . end
  end;
def strings: . as $o | reduce keys_unsorted[] as $k ({};
    $o[$k] as $v | if $v == null or $v == "" then . else .[$k] = ($v | tostring) end);
def item($class; $id; values): {className: $class, internal_id: $id, values: (values | strings)};
def relation($parent; $type; $child): {parent_id: $parent, child_id: $child, type: $type};
def ref($field; $to; $from): {referenceField: $field, referenced: $to, referencedBy: $from};
def unit($items; $relations; $refs): {items: $items, relations: $relations, refs: $refs};
# A part in a table of its own that names the device in FIELD.
def row($class; $id; $field; values): unit([item($class; $id; values)]; []; [ref($field; "device"; $id)]);
def list($name): .[$name] // [] | if type == "array" then .[] else empty end;
def mac: clean | if . != null and test("^([0-9a-f]{2}:){5}[0-9a-f]{2}$") then . else null end;

# --- the device -------------------------------------------------------------------

def server_class: (.os // "") as $os
  | if $os | test("Windows") then "cmdb_ci_win_server" elif $os == "AIX" then "cmdb_ci_aix_server"
    elif $os | test("Solaris") then "cmdb_ci_solaris_server" elif $os == "HP-UX" then "cmdb_ci_hpux_server"
    elif $os | test("Linux") then "cmdb_ci_linux_server" elif $os | test("BSD") then "cmdb_ci_unix_server" else "cmdb_ci_server" end;

# What kind of CI a class of device is; what is in no row is network gear of some kind.
def ci_class:
  if .class == "server" then server_class
  elif .class == "hypervisor" then if (.os // "") | test("ESX") then "cmdb_ci_esx_server" else "cmdb_ci_server" end
  else {
    switch: "cmdb_ci_ip_switch", router: "cmdb_ci_ip_router", firewall: "cmdb_ci_ip_firewall",
    "load balancer": "cmdb_ci_lb", "access point": "cmdb_ci_wap_network", printer: "cmdb_ci_printer", ups: "cmdb_ci_ups",
    pdu: "cmdb_ci_pdu", nas: "cmdb_ci_storage_server", "storage array": "cmdb_ci_storage_server",
    "fc switch": "cmdb_ci_storage_switch", "server management": "cmdb_ci_outofband_device", phone: "cmdb_ci_ip_phone",
    computer: "cmdb_ci_computer"
  }[.class // ""] // "cmdb_ci_netgear" end;

# sysServices says at which layers it works: 2 bridges, 4 routes (RFC 3418).
def layer($bit): ((.sysServices // 0) / $bit | floor) % 2 == 1;

def chassis: [list("entities") | select(.class == "chassis")];

def told: .ip != null and (.ip | test("^(127\\.|0\\.0\\.0\\.0$|::1$|fe80:)") | not) and .type != "broadcast";
def adapter_name: (.ifName | clean) // (.ifDescr | clean) // "interface \(.ifIndex)";

# By which of its addresses it is known, whichever of them was asked: that of its port for management, else of its loopback, else the
# lowest. One behind NAT knows nothing of the address that was asked: that is the one.
def main_address:
  .address as $asked
  | ([list("interfaces") | select(.ifIndex != null) | {key: "\(.ifIndex)",
      value: (if adapter_name | test("^(mgmt|management|fxp0|me0|vme|em0\\.0$|oob)"; "i") then 0 elif .ifType == 24 or (adapter_name | test("^lo(opback)?[0-9]"; "i")) then 1 else 2 end)}]
     | from_entries) as $rank
  | [list("ip_addresses") | select(told and (.ip | test(":") | not))] as $own
  | if any($own[]; .ip == $asked) then $own | sort_by($rank["\(.ifIndex)"] // 2, (.ip | split(".") | map(tonumber? // 0))) | first.ip else $asked end;

# The number that a management controller says is that of the server around it, whose CI has it: the controller is known by its name.
def is_controller: ci_class == "cmdb_ci_outofband_device";
def own_serial: if is_controller then null else .serial | clean end;

# Of a host SNMP tells the system, not who has made the machine below it; a Linux says which kernel it has, and that is no release of a distribution.
def is_host: .class | IN("server", "computer", "hypervisor");
# A host is called by its own name, as it is when it is asked by SSH; its domain is another field.
def own_name: (.sysName | clean) as $n
  | if $n == null then .address elif is_host and ($n | test("^[a-z][a-z0-9_-]*[.][a-z]"; "i")) then $n | split(".")[0] else $n end;
def kernel: if is_host and .os == "Linux" then (.os_version | clean) else null end;

def device_values: {
    name: own_name, ip_address: main_address, fqdn: (if is_host and own_name != (.sysName | clean) then .sysName | clean else null end),
    manufacturer: (.vendor | clean | if . != null and test("^(linux|net-?snmp|microsoft|vmware|freebsd|openbsd|netbsd)$"; "i") then null else . end),
    model_id: (.model | clean | if . != null and test("^(generic|intel|amd) ?x(86|64)"; "i") then null else . end),
    serial_number: own_serial, u_server_serial: (if is_controller then .serial | clean else null end), firmware_version: (if is_host then null else .os_version | clean end), kernel_release: kernel,
    short_description: ((.sysDescr // "") | gsub("[\r\n]+"; " ") | .[0:250]), location: null,
    device_type: .class, hardware_os: .os, hardware_os_version: (.os_version | clean), os: .os,
    os_version: (if kernel then null else .os_version | clean end),
    can_switch: (layer(2) or .class == "switch"), can_route: (layer(4) or .ipForwarding == "yes"), ports: .ethernet_port_count,
    stack: (if ([list("stack_members")] | length) > 1 or (chassis | length) > 1 then true else null end),
    ram: (if .memory_kb then .memory_kb / 1024 | floor else null end),
    battery_status: .ups.battery, minutes_remaining: .ups.minutes_left, charge_remaining: .ups.charge_percent,
    use_count: .printer.pages
  };

def serials: own_serial as $n
  | if $n == null then {} else {lookup: [{className: "cmdb_serial_number",
      values: {serial_number: $n, serial_number_type: "standard", valid: "true", absent: "false"}}]} end;

def device_item: item(ci_class; "device"; device_values) + serials;

# --- interfaces and addresses --------------------------------------------------------

# A part is known by its name: of several that have one, those behind the first are called by their number too.
def told_apart(name): group_by(name | ascii_downcase) | map(.[0] + {own: (.[0] | name)}, (.[1:][] | . + {own: "\(name) (\(.ifIndex // .index))"}));

def adapters: . as $f | [list("interfaces") | select(.ifIndex != null)] | told_apart(adapter_name)[] | "if\(.ifIndex)" as $id
  | [$f | list("ip_addresses") | select(told)] as $all
  | [.ifIndex as $i | $all[] | select(.ifIndex == $i)][0:100] as $addresses
  | unit(
      [item("cmdb_ci_network_adapter"; $id; {name: .own, mac_address: (.mac | mac), short_description: (.ifAlias | clean),
          alias: (.ifAlias | clean), u_mtu: .ifMtu, u_speed_mbps: .ifHighSpeed, u_state: .oper, u_kind: .ifType,
          ip_address: $addresses[0].ip, netmask: $addresses[0].mask})]
      + [$addresses[] | item("cmdb_ci_ip_address"; "ip_\(.ip)";
          {name: .ip, ip_address: .ip, netmask: .mask, ip_version: (if .ip | test(":") then 6 else 4 end)})];
      [relation("device"; "Owns::Owned by"; $id)] + [$addresses[] | relation($id; "Owns::Owned by"; "ip_\(.ip)")];
      [ref("cmdb_ci"; "device"; $id)] + [$addresses[] | ref("nic"; $id; "ip_\(.ip)")]);

# --- parts ---------------------------------------------------------------------------

# Further members of a stack are devices with numbers of their own, of which this one is made. A chassis that stands alone is the
# device itself, whatever number is on it.
def members: . as $f
  | [chassis | select(length > 1) | .[] | select((.serial | clean) != null and (.serial | clean) != ($f.serial | clean))] | unique_by(.serial)[]
  | "member\(.index)" as $id
  | unit([item($f | ci_class; $id; {name: "\(($f.sysName | clean) // $f.address) \((.name | clean) // "member \(.index)")",
          serial_number: (.serial | clean), model_id: (.model | clean), manufacturer: ((.mfg | clean) // ($f.vendor | clean)),
          firmware_version: (.softwareRev | clean), stack: true})
        + {lookup: [{className: "cmdb_serial_number", values: {serial_number: (.serial | clean), serial_number_type: "standard",
          valid: "true", absent: "false"}}]}];
      [relation("device"; "Contains::Contained by"; $id)]; []);

# One that stands there twice, as a module and as the port that it is, has one number.
def modules: [list("entities") | select((.class | IN("module", "powerSupply", "fan", "port", "cpu", "backplane", "other")) and (.serial | clean) != null)]
  | unique_by(.serial | clean) | told_apart((.name | clean) // (.descr | clean) // "part \(.index)")[]
  | row("u_network_module"; "part\(.index)"; "u_device"; {name: .own,
      description: (.descr | clean), kind: .class, serial_number: (.serial | clean), model_number: (.model | clean),
      hardware_version: (.hardwareRev | clean), firmware_version: (.firmwareRev | clean), software_version: (.softwareRev | clean),
      absent: "false"});

def supplies: [list("supplies") | select((.descr | clean) != null)] | told_apart(.descr | clean)[]
  | row("discovery_printer_supplies"; "supply\(.index)"; "printer"; {description: .own, supply_type: .type,
      supply_class: .colour, current_level: .level, max_capacity: .max});

def ups_lines:
  (list("ups_inputs") | row("cmdb_ci_ups_input"; "in\(.index)"; "ups"; {name: "input \(.index)", input_index: .index, voltage, frequency: .frequency_dHz, current: .current_dA})),
  (list("ups_outputs") | row("cmdb_ci_ups_output"; "out\(.index)"; "ups"; {name: "output \(.index)", output_index: .index, voltage, current: .current_dA,
      power: .watt, percent_load: .load_percent}));

def file_systems: [list("storage") | select(.type == "1.3.6.1.2.1.25.2.1.4" and (.descr | clean) != null)] | told_apart(.descr | clean)[]
  | "fs\(.index)" as $id | unit([item("cmdb_ci_file_system"; $id; {name: .own, mount_point: .own, size_bytes,
        free_space_bytes: (if .size_bytes and .used_bytes then .size_bytes - .used_bytes else null end)})];
      [relation("device"; "Contains::Contained by"; $id)]; [ref("computer"; "device"; $id)]);

# --- the network around it -------------------------------------------------------------

# An interface is that of one port.
def ports: [list("bridge_ports")] | group_by(.ifIndex)[] | (.[0] | if .ifIndex == 0 then .ifIndex = null else . end), (.[1:][] | .ifIndex = null) | .port as $p
  | row("dscy_switchport"; "port\($p)"; "cmdb_ci"; {name: "port \($p)", port_number: $p, interface_number: .ifIndex, status: .stp});

def vlans: [list("vlans")] | unique_by(.vlan)[]
  | row("dscy_swtch_partition"; "vlan\(.vlan)"; "cmdb_ci"; {name: "VLAN \(.vlan)\(if .name | clean then " " + .name else "" end)", type: "vlan",
      interface_number: .vlan});

def routes: [list("routes") | select(.nextHop != null and .destination != null)] | unique_by([.destination, .prefixLength, .mask, .nextHop])[0:1000] | to_entries[]
  | .key as $i | .value
  | row("dscy_route_next_hop"; "route\($i)"; "cmdb_ci"; {dest_ip_network: "\(.destination)/\(.prefixLength // .mask // "")",
      next_hop_ip_address: .nextHop, type: .protocol, u_interface: .ifIndex, u_metric: .metric});

# The name of the one at the other end. NX-OS writes its serial number behind it.
def neighbour_name: ((.sysName | clean) // (.deviceId | clean) // "") | gsub("\\([A-Z0-9]+\\)$"; "") | clean;
# A port may be told by its MAC address or its number: then its description says more.
def name_of_port: clean | if . != null and test("^(([0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9]+)$") then null else . end;
# Phones, and systems of hosts by what they say of themselves: their port is told by the switch that they are plugged into.
def at_the_edge: "\(.platform // "") \(.sysDesc // "")"
  | test("[Pp]hone|Polycom|ATA |Windows|Hardware: |^ *(Debian|Ubuntu|Red Hat|CentOS|Rocky Linux|AlmaLinux|Fedora|SUSE|openSUSE|SLES|Oracle Linux|Arch Linux|Alpine|FreeBSD|OpenBSD|NetBSD|Darwin|macOS|VMware ESX)");
# As they came out of their box: whose name that is nobody knows. relate.jq finds by their MAC address those that were asked.
def anybodys: test("^(switch|router|firewall|gateway|ap|mikrotik|ubnt|unifi|openwrt|dd-wrt|edgeswitch|edgerouter|localhost)([.]localdomain|[.]local|[.]lan)?$"; "i");
# A cable is seen from both its ends and is one relation: from the one whose name comes first. relate.jq does the same.
def short: (. // "") | ascii_downcase | split(".")[0];
def comes_first($a; $b): [($a | short), $a] <= [($b | short), $b];

# A neighbour that has a name of its own is a CI, known again when it is asked itself; phones and hosts at the edge are not made.
# One that LLDP and CDP tell of is one.
def neighbours: . as $f
  | [list("neighbours") | .called = neighbour_name
      | .there = ((.devicePort | clean) // (.portId | name_of_port) // (.portDesc | clean) // (.portId | clean))
      | .here = ((.localIfIndex as $n | if $n then [$f | list("interfaces") | select(.ifIndex == $n) | adapter_name][0] else null end)
         // (.localPortId | name_of_port) // (.localPortDesc | clean) // (.localPortNum // "" | tostring))]
  | unique_by([.called // (.chassisId | clean), .here] | map(. // "" | ascii_downcase)) | to_entries[] | .key as $i | .value
  | .called as $name | ($name // (.chassisId | clean) // (.address | clean)) as $who
  | (select($who != null) | row("discovery_device_neighbors"; "neighbour\($i)"; "cmdb_ci"; {neighbor_id: $who, neighbor_interface: .there,
      neighbor_address: (.address | clean), neighbor_source: .protocol, origin_interface: .here})),
    (select($name != null and $name != ($f.sysName | clean) and (at_the_edge | not) and ($name | anybodys | not))
     | "beside_\($name | ascii_downcase)" as $id
     | unit([item("cmdb_ci_netgear"; $id; {name: $name}) + {settings: {updateWithoutDowngrade: true, updateWithoutSwitch: true}}];
          [if comes_first(($f.sysName | clean) // $f.address; $name) then relation("device"; "Connects to::Connected by"; $id)
           else relation($id; "Connects to::Connected by"; "device") end]; []));

# --- pages -------------------------------------------------------------------------------

def page_max: 450;

# Numbers the units so that the device and those of one number fit on a page.
def numbered: foreach .[] as $u ({page: 0, n: 1};
    ($u.items | length) as $k
    | if .n + $k > page_max and .n > 1 then {page: (.page + 1), n: (1 + $k)} else .n += $k end;
    {page, unit: $u});

device_item as $device
| [adapters, members, modules, supplies, ups_lines, file_systems, ports, vlans, neighbours, routes]
| [numbered] | if length == 0 then [[]] else group_by(.page) | map(map(.unit)) end
| .[]
| {items: ([$device] + ([.[].items[]] | unique_by(.internal_id))), relations: ([.[].relations[]] | unique), referenceItems: ([.[].refs[]] | unique)}
