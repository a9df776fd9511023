# SPDX-License-Identifier: Apache-2.0
#
# network.jq - facts of a device asked over SNMP (SnmpFacts) into payloads for the
# Identification and Reconciliation API. Change it as you like.
#
#   jq -f network.jq facts.json
#
# gives one payload, or several when there are more than 450 interfaces; each holds
# the device, so that every part finds what it is a part of.

def clean:
  if . == null then null
  else tostring | gsub("^\\s+|\\s+$"; "")
    | if test("^(|n/?a|none|unknown|<private>|[0. x:-]*)$"; "i") then null else . end
  end;
def strings: . as $o | reduce keys_unsorted[] as $k ({};
    $o[$k] as $v | if $v == null or $v == "" then . else .[$k] = ($v | tostring) end);
def item($class; $id; values): {className: $class, internal_id: $id, values: (values | strings)};
def ref($field; $to; $from): {referenceField: $field, referenced: $to, referencedBy: $from};

# What kind of CI a class of device is; what is in no row is network gear of some kind.
def ci_class: {
    switch: "cmdb_ci_ip_switch", router: "cmdb_ci_ip_router", firewall: "cmdb_ci_ip_firewall",
    "load balancer": "cmdb_ci_lb", printer: "cmdb_ci_printer", ups: "cmdb_ci_ups", pdu: "cmdb_ci_pdu",
    nas: "cmdb_ci_storage_server", "storage array": "cmdb_ci_storage_server", "fc switch": "cmdb_ci_netgear",
    server: "cmdb_ci_server", hypervisor: "cmdb_ci_server"
  }[.class // ""] // "cmdb_ci_netgear";

# sysServices says at which layers it works: 2 bridges, 4 routes (RFC 3418).
def layer($bit): ((.sysServices // 0) / $bit | floor) % 2 == 1;

def device_values: {
    name: ((.sysName | clean) // .address), ip_address: .address, manufacturer: (.vendor | clean),
    model_id: (.model | clean), serial_number: (.serial | clean), firmware_version: (.os_version | clean),
    short_description: ((.sysDescr // "") | gsub("[\r\n]+"; " ") | .[0:250]), location: null,
    can_switch: layer(2), can_route: layer(4), ports: .ethernet_port_count
  };

def serials: (.serial | clean) as $n
  | if $n == null then [] else [{className: "cmdb_serial_number",
      values: {serial_number: $n, serial_number_type: "standard", valid: "true", absent: "false"}}] end;

def adapter: . as $i
  | item("cmdb_ci_network_adapter"; "if\($i.ifIndex)";
      {name: (($i.ifName | clean) // ($i.ifDescr | clean) // "interface \($i.ifIndex)"), mac_address: ($i.mac | clean),
       short_description: ($i.ifAlias | clean)});

def addresses_of($index): [.ip_addresses[]? | select(.ifIndex == $index)];

def pages($list; $n): if ($list | length) == 0 then [] else
  [range(0; $list | length; $n) as $at | $list[$at:$at + $n]] | .[] end;

. as $f
| (item(ci_class; "device"; device_values) + {lookup: serials} | if (.lookup | length) == 0 then del(.lookup) else . end) as $device
| pages([.interfaces[]? | select(.ifIndex != null)]; 450) as $page
| {
    items: ([$device] + [$page[] as $i | ($f | addresses_of($i.ifIndex)[0]) as $a
      | ($i | adapter) | if $a == null then . else .values += {ip_address: $a.ip, netmask: $a.mask} end]),
    relations: [$page[] | {parent_id: "device", child_id: "if\(.ifIndex)", type: "Owns::Owned by"}],
    referenceItems: [$page[] | ref("cmdb_ci"; "device"; "if\(.ifIndex)")]
  }
