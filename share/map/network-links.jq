# SPDX-License-Identifier: Apache-2.0
#
# network-links.jq - what relates a device to others, out of its facts: who it is, its addresses, its neighbours, and which MAC addresses
# it sees behind which port. One object; relate.jq puts those of all targets of a discovery together.

# As in network.jq: what fills a field without saying anything tells nobody from anybody.
def clean:
  if . == null then null
  else tostring | gsub("^\\s+|\\s+$"; "")
    | if test("^(|n/?a|none|unknown|not advertised|<private>|[0. x:-]*)$"; "i") then null else . end
  end;
def strings: with_entries(select(.value != null and .value != "") | .value |= tostring);
# Those of VRRP and HSRP are of all routers of a group.
def mac: clean | if . != null and test("^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$") then ascii_downcase | gsub("-"; ":") else null end
  | if . != null and test("^(ff:ff:ff:ff:ff:ff|00:00:5e:00:0[12]:|00:00:0c:07:ac:|00:00:0c:9f:f|00:05:73:a0:0)") then null else . end;
# As in network.jq: a CI that is named under another class would change it.
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
def port_names: [.interfaces[]? | {key: "\(.ifIndex)", value: ((.ifName | clean) // (.ifDescr | clean))}] | from_entries;

# As in network.jq.
def neighbour_name: ((.sysName | clean) // (.deviceId | clean) // "") | gsub("\\([A-Z0-9]+\\)$"; "") | clean;
def name_of_port: clean | if . != null and test("^(([0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9]+)$") then null else . end;
def at_the_edge: "\(.platform // "") \(.sysDesc // "")"
  | test("[Pp]hone|Polycom|ATA |Windows|Hardware: |^ *(Debian|Ubuntu|Red Hat|CentOS|Rocky Linux|AlmaLinux|Fedora|SUSE|openSUSE|SLES|Oracle Linux|Arch Linux|Alpine|FreeBSD|OpenBSD|NetBSD|Darwin|macOS|VMware ESX)");

# As in network.jq.
def own_name: (.sysName | clean) as $n
  | if $n == null then .address
    elif (.class | IN("server", "computer", "hypervisor")) and ($n | test("^[a-z][a-z0-9_-]*[.][a-z]"; "i")) then $n | split(".")[0] else $n end;
def own_serial: if ci_class == "cmdb_ci_outofband_device" then null else .serial | clean end;

port_names as $names
| ([.fdb[]? | select(.status != "self" and .ifIndex != null) | .mac = (.mac | mac) | select(.mac)] | unique_by([.ifIndex, .mac]) | group_by(.ifIndex)) as $seen
| {
    addresses: ([.ip_addresses[]?.ip, .address] | map(clean | select(. != null and (test("^127\\.|^0\\.0\\.0\\.0$") | not))) | unique),
    kind: "device",
    # Whom it sees on its links by IPv6: nobody can try all of a /64.
    hints: ([.arp[]? | .ip // "" | select(contains(":") and (startswith("fe80:") | not))] | unique | .[0:4000]),
    ci: ({className: ci_class, values: ({name: own_name, serial_number: own_serial} | strings)}
      + (own_serial as $n | if $n == null then {} else {lookup: [{className: "cmdb_serial_number",
          values: {serial_number: $n, serial_number_type: "standard", valid: "true", absent: "false"}}]} end)),
    sysname: (.sysName | clean),
    # A management controller: of which server.
    controls: (if ci_class == "cmdb_ci_outofband_device" then .serial | clean else null end),
    macs: ([.interfaces[]?.mac, .bridge.address?] | map(mac | select(. != null)) | unique),
    # What it is plugged into; EDGE: phones and hosts, of which network.jq makes no CI.
    neighbours: [.neighbours[]? | {
      local: ((if .localIfIndex then $names["\(.localIfIndex)"] else null end)
        // (.localPortId | name_of_port) // (.localPortDesc | clean) // $names["\(.localPortNum)"] // (.localPortNum // "" | tostring)),
      name: neighbour_name, mac: (.chassisId | mac), address: (.address | clean),
      port: ((.devicePort | clean) // (.portId | name_of_port) // (.portDesc | clean) // (.portId | clean)), edge: at_the_edge}],
    # A port behind which few addresses live is one that hosts are plugged into; the others lead to switches.
    seen: [$seen[] | select(length <= 4) | length as $n | .[0].ifIndex as $i | .[] | {mac, port: ($names["\($i)"] // "\($i)"), n: $n}]
  }
