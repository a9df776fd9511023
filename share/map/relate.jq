# SPDX-License-Identifier: Apache-2.0
#
# relate.jq - what all targets of a discovery have said of each other into relations between
# their CIs, as payloads for the Identification and Reconciliation API:
#
#   Connects to::Connected by               a cable, once, whoever has told of it: LLDP and CDP on either end, else the port behind which a
#                                           switch sees the MAC address of a host, printer, UPS ... and few others
#   IP Connection::IP Connection            which program on which host calls which program on which: sockets on both ends
#   Virtualized by::Virtualizes             a machine whose UUID a hypervisor names as that of its guest
#   Contains::Contained by                  a cluster and its nodes: whoever of them has told of it, and those it names that were found;
#                                           a server and its management controller, which has told the server's serial number
#
# Machines of other discoveries (elsewhere) are there for those of this one: what two of them have with each other has been told, and nothing
# is said of when they were seen.
# And those that are gone for long, marked so, or back again; and a page of those hosts of which nothing has changed: one line each, so that the instance knows when they were last seen.

def strings: with_entries(select(.value != null and .value != "") | .value |= tostring);
def short: (. // "") | ascii_downcase | split(".")[0] // "";
# What several machines have tells of none of them. (One that was asked twice says the same of itself twice.)
def index_of_one($hosts; pairs): [pairs | select(.[0] != "")] | group_by(.[0])
  | map(select([.[] | $hosts[.[1]].ci.values] | unique | length == 1) | {key: .[0][0], value: .[0][1]}) | from_entries;
def index_of(pairs): reduce pairs as $p ({}; if $p[0] == null or $p[0] == "" then . else .[$p[0]] = (.[$p[0]] // $p[1]) end);

def ci($hosts; $i): $hosts[$i].ci + {internal_id: "h\($i)"}
  + (if $hosts[$i].elsewhere then {settings: {skipUpdatingSourceLastDiscoveredToCurrent: true}} else {} end);
# One that is only seen: what names it is enough.
def seen($hosts; $i): ci($hosts; $i) | if (.values.serial_number // "") != "" then del(.lookup) else . end;
# What tells a machine from others. SERIAL stands beside a clone's CI: that, and its UUID, are another's.
def signs: (.ci | "\(.className) \(.values.name)"), if .serial == null then (.ci.values.serial_number, .uuid | select(. != null)) else empty end;
def strings_of: select(type == "string" and . != "");
def process_id($i; $name): "p\($i)_\($name)";
def process($hosts; $i; $name): {className: "cmdb_ci_appl", internal_id: process_id($i; $name),
  values: {name: "\($name)@\($hosts[$i].ci.values.name)", running_process_command: $name}};

(.hosts | map(select(.missed == null))) as $hosts
| (.hosts | map(select(.missed != null))) as $missed
| [range(0; $hosts | length)] as $all
| index_of($all[] as $i | $hosts[$i].addresses[]? | [., $i]) as $by_address
| index_of($all[] as $i | $hosts[$i].macs[]? | [., $i]) as $by_mac
| ($hosts | map(.sysname // .ci.values.name // "" | ascii_downcase)) as $called
| index_of_one($hosts; $all[] | [$called[.], .]) as $by_whole_name
| index_of_one($hosts; $all[] | [($called[.] | short), .]) as $by_short_name
| index_of($all[] as $i | select($hosts[$i].kind == "host") | [$hosts[$i].uuid, $i]) as $by_uuid

# The network itself, or something that is plugged into it.
| [$all[] | $hosts[.] | .kind == "host" or (.ci.className | test("server|computer|printer|ups|pdu|phone|outofband"))] as $is_end
| [$all[] | $hosts[.] | (.sysname // .ci.values.name // "") | [short, .]] as $names

# Cables that an end tells of. Of those that network.jq makes a relation of, the one whose name comes first is the parent.
| [ $all[] as $i | $hosts[$i].neighbours[]?
    | ($by_mac[.mac // ""] // $by_address[.address // ""] // $by_whole_name[.name // "" | ascii_downcase] // $by_short_name[.name | short]) as $j
    | select($j != null and $j != $i) | {i: $i, j: $j, here: .local, there: .port, named: (.edge != true)} ] as $cables
| ($cables | group_by([.i, .j] | sort) | map(
    (first | [.i, .j] | sort_by(if $names[.][0] == "" then ["~"] else $names[.] end)) as $by_name
    | (if any(.[]; .named) then $by_name else $by_name | sort_by($is_end[.]) end) as [$a, $b]
    | ([.[] | if .i == $a then {a: .here, b: .there, own: 0} else {a: .there, b: .here, own: 1} end] | unique) as $told
    # Either end calls its own ports best.
    | (if any($told[]; .own == 0) then [$told[] | select(.own == 0)] else $told end) as $told
    | {a: $a, b: $b, port: ([$told[] | "\(.a // "") - \(.b // "")"] | unique | .[0:8] | join(", "))})) as $cabled

# Behind which port an end is seen that tells of no cable: that with the fewest others behind it, and no switch.
| ([$cabled[] | [.a, .b] | sort | {key: "\(.)", value: true}] | from_entries) as $known
| ([$cables[] | select($is_end[.j] | not) | {key: "\(.i) \(.here)", value: true}] | from_entries) as $uplink
| [ $all[] as $i | select($is_end[$i] | not) | $hosts[$i].seen[]? | $by_mac[.mac // ""] as $j
    | select($j != null and $j != $i and $is_end[$j] and ($uplink["\($i) \(.port)"] | not))
    | {a: $i, b: $j, port, mac, n: (.n // 1)} ]
| [group_by(.mac)[] | min_by([.n, .a])] | unique_by([.a, .b]) | map(select($known["\([.a, .b] | sort)"] | not) | {a, b, port})
| $cabled + . | sort_by([.a, .b]) as $plugged

# Called: the program that calls, and the one that listens there.
| [ $all[] as $i | $hosts[$i].calls[]? | select(.process != null) | . as $call | $by_address[.address] as $j
    | select($j != null and $j != $i)
    | ([$hosts[$j].listens[]? | select(.port == $call.port)] | first) as $there | select($there != null)
    | {a: $i, from: $call.process, b: $j, to: $there.process, port: $call.port} ]
| unique_by([.a, .from, .b, .to, .port]) as $called

| [ $all[] as $i | $hosts[$i].guests[]? | select(.uuid != "") | $by_uuid[.uuid] as $j | select($j != null and $j != $i) | {host: $i, guest: $j} ]
| unique as $virtual

# A management controller is a part of the server whose number it says.
| index_of_one($hosts; $all[] | select($hosts[.].controls == null) | [($hosts[.].serial // $hosts[.].ci.values.serial_number // ""), .]) as $by_serial
| [ $all[] as $i | $hosts[$i].controls | select(. != null) | $by_serial[.] as $j | select($j != null) | {server: $j, controller: $i} ] as $controlled

# A cluster is that of its name and of the first of its nodes: two sites may have one of the same name.
| [ $all[] as $i | $hosts[$i].cluster | select(. != null) | .name as $name
    | ([.nodes[]? | [.name, .addresses[]? | strings_of] | first // empty] | first) as $node
    | {name: $name, node: $node, host: $i},
      (.nodes[]? | ([.name, .addresses[]? | strings_of | $by_address[.] // $by_whole_name[ascii_downcase] // $by_short_name[short] | select(. != null and $is_end[.])] | first) as $j
       | select($j != null and ($hosts[$j].cluster == null or $hosts[$j].cluster.name == $name)) | {name: $name, node: $node, host: $j}) ]
| group_by([.name, .node]) | map({name: .[0].name, node: .[0].node, hosts: (map(.host) | unique)})
| group_by(.name) | map(length as $n | .[] | . + {called: (if $n > 1 then "\(.name) (\(.node))" else .name end)}) as $clusters

| [ ($plugged[] | {ends: [.a, .b], items: [], relations: [{parent_id: "h\(.a)", child_id: "h\(.b)", type: "Connects to::Connected by", port: .port}]}),
    ($called[] | {ends: [.a, .b], items: [process($hosts; .a; .from), process($hosts; .b; .to)],
      relations: [
        {parent_id: process_id(.a; .from), child_id: "h\(.a)", type: "Runs on::Runs"},
        {parent_id: process_id(.b; .to), child_id: "h\(.b)", type: "Runs on::Runs"},
        {parent_id: process_id(.a; .from), child_id: process_id(.b; .to), type: "IP Connection::IP Connection"}]}),
    ($virtual[] | {ends: [.host, .guest], items: [], relations: [{parent_id: "h\(.guest)", child_id: "h\(.host)", type: "Virtualized by::Virtualizes"}]}),
    ($controlled[] | {ends: [.server, .controller], items: [], relations: [{parent_id: "h\(.server)", child_id: "h\(.controller)", type: "Contains::Contained by"}]}),
    ($clusters | to_entries[] | "c\(.key)" as $id | .value | .called as $called | .hosts[] as $i
      | {ends: [$i], items: [{className: "cmdb_ci_cluster", internal_id: $id, values: {name: $called}}],
         relations: [{parent_id: $id, child_id: "h\($i)", type: "Contains::Contained by"}]}) ]
| map(select(any(.ends[]; $hosts[.].elsewhere | not))) as $units

# Not found for so long that it is told: absent, but for one that answers at another address now. One that is back says so too.
# (100 is what the choice list of install_status calls absent; when it was last seen stays as it is.)
| ([$hosts[] | signs] | map({key: ., value: true}) | from_entries) as $here
| [ ($missed | to_entries[] | .key as $i | .value
      | select(any(signs; $here[.]) | not)
      | .ci + {internal_id: "m\($i)", settings: {skipUpdatingSourceLastDiscoveredToCurrent: true}}
      | .values += {install_status: "100", u_stale: "true"}),
    ($all[] | select($hosts[.].back == true) | ci($hosts; .) | .values += {install_status: "1", u_stale: "false"}) ] as $fates

# Seen, and nothing new: pages of 500, which the worker sends whatever the instance has. A machine that was asked twice, at two
# of its addresses or as a clone, is one item.
| [$all[] | select($hosts[.].unchanged == true and ($hosts[.].elsewhere | not))] | unique_by($hosts[.].ci.values | [.serial_number, if .serial_number then null else .name end]) as $unchanged
| ([range(0; $unchanged | length; 500) as $at | $unchanged[$at:$at + 500]] | .[]
    | {whole: true, items: map(seen($hosts; .)), relations: [], referenceItems: []}),
([range(0; $fates | length; 500) as $at | $fates[$at:$at + 500]] | .[] | {whole: true, items: ., relations: [], referenceItems: []}),

# Pages of at most 400 CIs: a unit has four.
([range(0; $units | length; 100) as $at | $units[$at:$at + 100]] | .[]
| {items: ([.[].ends[]] | unique | map(ci($hosts; .))) , relations: [.[].relations[] | strings] | unique, more: [.[].items[]] | unique_by(.internal_id)}
| {items: (.items + .more), relations: .relations, referenceItems: []})
