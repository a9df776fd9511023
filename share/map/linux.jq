# SPDX-License-Identifier: Apache-2.0
#
# linux.jq - facts of a machine, Linux or another (doc/facts.md), into payloads for the
# Identification and Reconciliation API. Change it as you like: what a CI is
# called and which fields it gets is said here and nowhere else.
#
#   jq -f linux.jq facts.json
#
# gives one payload, or several when there are more than 500 CIs; each of them
# holds the host, so that every part finds what it is a part of.

# --- values -------------------------------------------------------------------

# What a maker left in instead of a number or name.
def placeholder:
  test("^(none|unknown|default( string)?|n/?a|null|oem|not (specified|applicable|available|present|settable)|"
    + "(to be|to-be)[ -]filled by .*|system (serial number|manufacturer|product name|version)|"
    + "(base board|chassis) serial number|serial number|empty|invalid|no dimm|[0.:x -]*|[f-]*|x+|123456789|0123456789)$"; "i");

def clean:
  if . == null then null
  else tostring | gsub("^\\s+|\\s+$"; "") | if . == "" or placeholder then null else . end
  end;

# Every value a string; what is not known is not said.
# (A reduce, because with_entries makes three objects of each pair.)
def strings: . as $o | reduce keys_unsorted[] as $k ({};
    $o[$k] as $v | if $v == null or $v == "" then . else .[$k] = ($v | tostring) end);

def megabytes: if . == null then null else ./1048576 | floor end;
def gigabytes: if . == null then null else (./1073741824*100 | round)/100 end;
def date: if . == null then null else strftime("%Y-%m-%d %H:%M:%S") end;
def list($section): (.[$section].items? // []);

# A command line is shown to many people; what looks like a secret is not.
def redacted:
  gsub("(?<k>(pass(word|wd)?|secret|token|api[_-]?key)[=: ])\\S+"; "\(.k)REDACTED"; "i");

# --- building blocks ------------------------------------------------------------

# A unit is what must stay on one page: items and what ties them together.
def unit($items; $relations; $refs): {items: $items, relations: $relations, refs: $refs};
def item($class; $id; values): {className: $class, internal_id: $id, values: (values | strings)};
def relation($parent; $type; $child): {parent_id: $parent, child_id: $child, type: $type};
def contains($parent; $child): relation($parent; "Contains::Contained by"; $child);
def ref($field; $to; $from): {referenceField: $field, referenced: $to, referencedBy: $from};

# A row of a plain table that hangs on the host by FIELD.
def row($class; $id; $field; values): unit([item($class; $id; values)]; []; [ref($field; "host"; $id)]);

# --- the host -------------------------------------------------------------------

def os_names: {
  debian: "Linux Debian", ubuntu: "Linux Ubuntu", rhel: "Linux Red Hat", centos: "Linux CentOS", fedora: "Linux Fedora",
  sles: "Linux SuSE", "opensuse-leap": "Linux SuSE", ol: "Linux Oracle", amzn: "Linux Amazon", rocky: "Linux Rocky",
  almalinux: "Linux AlmaLinux", arch: "Linux Arch", alpine: "Linux Alpine"
};
# Systems that are no Linux: the class of their servers, and what they are called there.
def others: {
  FreeBSD: ["cmdb_ci_unix_server", "FreeBSD"], OpenBSD: ["cmdb_ci_unix_server", "OpenBSD"], NetBSD: ["cmdb_ci_unix_server", "NetBSD"],
  DragonFly: ["cmdb_ci_unix_server", "DragonFly BSD"], Darwin: ["cmdb_ci_osx_server", "Mac OS X"], SunOS: ["cmdb_ci_solaris_server", "Solaris"],
  AIX: ["cmdb_ci_aix_server", "AIX"], "HP-UX": ["cmdb_ci_hpux_server", "HP-UX"]
};
def is_windows: .os.kernel_name == "Windows_NT";
def server_class:
  if is_windows then (if .os.variant == "workstation" then "cmdb_ci_computer" else "cmdb_ci_win_server" end)
  else others[.os.kernel_name // ""][0] // "cmdb_ci_linux_server" end;
def os_name: others[.os.kernel_name // ""][1]
  // (if is_windows then .os.name // "Windows" else null end)
  // os_names[.os.id // ""] // (if .os.name then "Linux " + .os.name else "Linux" end);
def cpu_makers: {GenuineIntel: "Intel", AuthenticAMD: "AMD", HygonGenuine: "Hygon", "IBM/S390": "IBM"};

# The rated clock: what the CPU does just now changes from look to look.
def cpu_mhz:
  .cpu as $c
  | ($c.model_name // "" | capture("@ *(?<ghz>[0-9.]+) *GHz")? | .ghz | tonumber * 1000)
    // $c.mhz_max // $c.mhz
  | if . == null then null else round end;

# The interface and address the rest of the network knows it by.
def default_route: [list("routes")[] | select(.default and (.reject | not) and .gateway != null)]
  | sort_by(.family, .metric // 0) | first // {};
def addresses_of($nic): [list("addresses")[] | select(.interface == $nic)];
def usable: select(.scope == "global" and (.temporary or .deprecated or .tentative | not));
def main_address:
  default_route.interface as $nic
  | [list("addresses")[] | usable] | sort_by((.interface != $nic), .family) | first // {} | .address;

# A container sees the firmware of the machine below it: that is not its own.
def own_firmware: if .virtual.container? then {} else .dmi // {} end;

def disk_bytes:
  [list("block_devices")[] | select(.kind == "disk" and (.removable | not) and .size_bytes != null)]
  | unique_by(.wwid // .name) | map(.size_bytes) | if length == 0 then null else add end;

def host_values:
  own_firmware as $dmi
  | .host as $h
  | ($h.hostname // (($h.fqdn // "") | split(".")[0]) // null) as $name
  | {
      name: ($name // $h.machine_id), host_name: $name, dns_domain: $h.domain, fqdn: $h.fqdn,
      os: os_name,
      os_version: .os.version_id, kernel_release: .os.kernel_release,
      os_address_width: (if .os.architecture == null then null
        elif (.os.architecture | test("64|s390x|sparc|powerpc")) then 64 else 32 end),
      short_description: ([.os.pretty_name, .os.kernel_name, .os.kernel_release, .os.architecture]
        | map(select(. != null)) | join(" ")),
      start_date: (.time.boot_time_s | if . == null then null else ./60 | floor | .*60 end | date),
      manufacturer: ($dmi.vendor | clean), model_id: ($dmi.model | clean), model_number: ($dmi.product_sku | clean),
      serial_number: ($dmi.serial | clean), chassis_type: $dmi.chassis_type_name,
      u_bios_vendor: ($dmi.bios_vendor | clean), u_bios_version: ($dmi.bios_version | clean), u_bios_date: $dmi.bios_date,
      cpu_name: .cpu.model_name, cpu_type: .cpu.architecture, cpu_speed: cpu_mhz,
      cpu_manufacturer: (.cpu.vendor | if . == null then null else cpu_makers[.] // . end),
      cpu_count: .cpu.sockets, cpu_core_count: .cpu.cores_per_socket, cpu_core_thread: .cpu.threads_per_core,
      ram: (.memory.mem_total_bytes | megabytes), disk_space: (disk_bytes | gigabytes),
      default_gateway: default_route.gateway, ip_address: main_address,
      virtual: (.virtual.virtual // (if .virtual.container? then true else null end)),
      u_hypervisor: (.virtual.container // .virtual.hypervisor), u_machine_id: $h.machine_id, u_time_zone: .time.timezone,
      u_dns_servers: ((.dns.servers // []) | join(" "))
    };

def serial($type; $number): ($number | clean) as $n
  | if $n == null then empty
    else {className: "cmdb_serial_number",
      values: {serial_number: $n, serial_number_type: $type, valid: "true", absent: "false"}} end;

def serials: own_firmware
  | serial("system"; .serial), serial("uuid"; .uuid), serial("baseboard"; .board_serial), serial("chassis"; .chassis_serial);

# Adapters that say which machine it is; every docker0 is like every other.
def telling: select(.mac != null and (.kind | IN("ethernet", "wireless", "infiniband", "bond", "team"))
  and (.mac | startswith("02:42:") | not));

def adapter_address($f): .name as $n | $f | addresses_of($n) | map(usable) | sort_by(.family) | first // {};

def host_item: . as $f | {
    className: server_class, internal_id: "host", values: (host_values | strings),
    lookup: [serials, (list("interfaces")[] | telling | adapter_address($f) as $a | select($a.address)
      | {className: "cmdb_ci_network_adapter",
         values: ({name, mac_address: .mac, ip_address: $a.address} | strings)})]
  }
  + (if .host.machine_id or .host.hostname then {sys_object_source_info: {
      source_name: "midd", source_native_key: (.host.machine_id // .host.hostname), source_feed: ((.os.kernel_name // "linux") | ascii_downcase),
      source_recency_timestamp: (now | date)}} else {} end);

# --- network --------------------------------------------------------------------

def ip_unit($nic): "\($nic)_\(.address)" as $id
  | unit([item("cmdb_ci_ip_address"; $id; {name: .address, ip_address: .address, ip_version: .family,
        netmask: (.netmask // .prefix_bits)})];
      [relation($nic; "Owns::Owned by"; $id)]; [ref("nic"; $nic; $id)]);

def merged: {items: map(.items) | add, relations: map(.relations) | add, refs: map(.refs) | add};

def adapters: . as $f
  | list("interfaces")[] | select(.kind | IN("loopback", "veth") | not)
  | ("nic_" + .name) as $id | adapter_address($f) as $a | .name as $name
  | [unit([item("cmdb_ci_network_adapter"; $id; {name, mac_address: .mac, ip_address: $a.address, netmask: $a.netmask,
          virtual, alias, u_mtu: .mtu_bytes, u_speed_mbps: .speed_mbps, u_kind: .kind, u_state: .operstate})];
        [relation("host"; "Owns::Owned by"; $id)]; [ref("cmdb_ci"; "host"; $id)]),
     ($f | addresses_of($name) | map(usable) | unique_by(.address)[] | ip_unit($id))]
  | merged;

def routes: [list("routes")[] | select((.reject | not) and .destination != null and .interface != "lo")]
  | unique_by(.destination, .gateway, .interface)[]
  | if .gateway then
      row("dscy_route_next_hop"; "via_\(.destination)_\(.gateway)_\(.interface)"; "cmdb_ci";
        {dest_ip_network: .destination, next_hop_ip_address: .gateway, u_interface: .interface, u_metric: .metric,
         type: (if .default then "default" else "indirect" end)})
    else
      row("dscy_route_interface"; "on_\(.destination)_\(.interface)"; "cmdb_ci";
        {dest_ip_network: .destination, u_interface: .interface, u_metric: .metric, type: "direct"})
    end;

def neighbours: list("neighbours") | unique_by(.address, .mac)[] | select(.address and .mac and (.address | startswith("fe80:") | not))
  | row("discovery_net_arp_table"; "arp_\(.address)_\(.mac)"; "cmdb_ci"; {ip_address: .address, mac_address: .mac});

# --- storage ---------------------------------------------------------------------

def file_system($on): ("fs_" + .mount_point) as $id
  | (.device // "" | capture("^(?<h>[^/:][^:]*):(?<p>/.*)$")? // {}) as $nas
  | unit([item(if .network then "cmdb_ci_nas_file_system" else "cmdb_ci_file_system" end; $id;
        {name: .mount_point, mount_point, capacity: (.size_bytes | megabytes), free_space: (.available_bytes | megabytes),
         size_bytes, free_space_bytes: .available_bytes, file_system_type: .type, u_device: .device,
         nas_hostname: (if .network then $nas.h else null end), nas_path: (if .network then $nas.p else null end)})];
      [contains("host"; $id)] + (if $on then [relation($on; "Provides storage for::Stored on"; $id)] else [] end);
      [ref("computer"; "host"; $id)]);

# The file systems on a device that is known by any of these names.
def on_device($f; $names; $on): $f | list("filesystems")[] | select(.device as $d | any($names[]; . == $d)) | file_system($on);

def partition($f; $disk): ("part_" + .name) as $id
  | [unit([item("cmdb_ci_disk_partition"; $id; {name, number, size_bytes, start_offset: .start_bytes, uuid: .part_uuid,
          u_file_system_type: .fs_type})];
        [contains($disk; $id)]; [ref("disk"; $disk; $id), ref("computer"; "host"; $id)]),
     on_device($f; ["/dev/" + .name, .name]; $id)]
  | merged;

# Two ways to one disk are one; what several disks say, such as the number of the controller that makes them, tells none of them.
def told_disks: [list("block_devices")[] | select(.kind == "disk" and (.size_bytes // 0) > 0)]
  | unique_by(if .wwid // "" | test("^(naa|eui|nvme)[.]") then .wwid else .name end) | sort_by(.name)
  | ([.[].serial | clean | select(. != null)] | group_by(.) | map(select(length > 1) | .[0])) as $shared
  | .[] | (.serial | clean) as $n | if any($shared[]; . == $n) then .serial = null else . end;

def disks: . as $f
  | told_disks
  | ("disk_" + .name) as $id | .name as $name
  | [unit([item("cmdb_ci_disk"; $id; {name, size_bytes, disk_space: (.size_bytes | gigabytes), model_id: (.model | clean),
          serial_number: (.serial | clean), manufacturer: (.vendor | clean | if . == "ATA" then null else . end),
          device_id: .wwid, device_interface: .transport, type: (if .rotational then "HDD" else "SSD" end)})];
        [contains("host"; $id)]; [ref("computer"; "host"; $id)]),
     on_device($f; ["/dev/" + $name]; $id),
     ($f | list("partitions")[] | select(.disk == $name) | partition($f; $id))]
  | merged;

def volume($f; $pool): .name = (.name // .device // .uuid) | "vol_\(.name)" as $id
  | [unit([item("cmdb_ci_storage_volume"; $id; {name, volume_id: .uuid, size_bytes})];
        [contains("host"; $id)]; [ref("computer"; "host"; $id)] + (if $pool then [ref("pool"; $pool; $id)] else [] end)),
     on_device($f; ["/dev/mapper/" + .name, "/dev/" + (.device // "-")]; $id)]
  | merged;

def volumes: . as $f
  | (list("volumes") | map(select(.group)) | group_by(.group)[]
     | ("pool_" + .[0].group) as $id
     | [unit([item("cmdb_ci_storage_pool"; $id; {name: .[0].group})]; [contains("host"; $id)]; [ref("hosted_by"; "host"; $id)]),
        (.[] | volume($f; $id))]
     | merged),
    (list("volumes")[] | select(.group | not) | volume($f; null));

# Those on no device that is listed: network shares, RAID, overlays.
def placed: [list("block_devices")[] | select(.kind == "disk" and (.size_bytes // 0) > 0) | "/dev/" + .name]
  + [list("partitions")[] | "/dev/" + .name, .name]
  + [list("volumes")[] | "/dev/mapper/" + .name, "/dev/" + (.device // "-")];
def other_file_systems: placed as $placed
  | list("filesystems")[] | select(.device as $d | any($placed[]; . == $d) | not) | file_system(null);

def memory: [list("dimms")[] | select(.present)] as $all
  | [$all[] | [.bank, .locator] | map(select(. != null)) | join(" ")] as $names
  | range(0; $all | length) as $i | $all[$i] | $names[$i] as $where
  | (if $where == "" then "module \($i)" elif any($names[0:$i][]; . == $where) then "\($where) (\($i))" else $where end) as $name
  | "dimm_\($i)" as $id
  | unit([item("cmdb_ci_memory_module"; $id; {name: $name, size: (.size_bytes | megabytes), speed: .speed_mts, type, form_factor,
        serial_number: (.serial | clean), part_number: (.part_number | clean), manufacturer: (.manufacturer | clean),
        bank_label: .bank, device_locator: .locator})];
      [contains("host"; $id)]; [ref("u_computer"; "host"; $id)]);

# --- software --------------------------------------------------------------------

def full_version: (if .epoch then "\(.epoch):" else "" end) + (.version // "") + (if .release then "-" + .release else "" end);

def packages: [list("packages")[] | select(.installed != false and .name != null) | . + {full: full_version}]
  | unique_by(.name, .full)[]
  | "pkg_\(.name)_\(.full)" as $p | "sw_\(.name)_\(.full)" as $s
  | unit([item("cmdb_ci_spkg"; $p; {name, version: .full, short_description: .summary, key: (if .full == "" then .name else null end)}),
        item("cmdb_software_instance"; $s; {name: "\(.name) \(.full)", u_architecture: .arch, install_date: (.installed_s | date)})];
      []; [ref("installed_on"; "host"; $s), ref("software"; $p; $s)]);

# Process number -> ports it listens on.
def ports_by_pid: [list("sockets")[] | select(.state == "listen" and .pid and .local_port)]
  | group_by(.pid) | map({key: (.[0].pid | tostring), value: (map(.local_port) | unique | map(tostring) | join(","))}) | from_entries;

# One row a command line: ten workers of one server are one row, counted.
# We ourselves are no news of a host: the shells that carry our question (they know its marks) and what they have begun.
def ours: list("processes") as $all
  | ([$all[] | select(.pid != null and ((.command // "") | test("LC_ALL=C; export PATH LC_ALL.*M=\\$a\\$b"))) | {key: "\(.pid)", value: true}] | from_entries)
  | reduce range(0; 4) as $_ (.; . as $known | reduce ($all[] | select($known["\(.ppid)"] == true)) as $p (.; .["\($p.pid)"] = true));

# Nor is whoever is logged in over SSH just now: the process of a login is called after it, and the listener after how many there are.
def is_login: (.command // "") | test("^sshd(-session|-auth)?: ([^/ @]+@|[^/ ]+ \\[|\\[)");
def command_line: (.command // .name | redacted) | if startswith("sshd: ") then sub(" [0-9]+ of [0-9]+-[0-9]+ startups"; "") else . end;

def processes: ports_by_pid as $ports | ours as $ours
  | [list("processes")[] | select((.kernel | not) and .state != "zombie" and $ours["\(.pid)"] != true and (is_login | not)) | .line = command_line]
  | group_by(.line) | to_entries[]
  | .key as $i | .value | sort_by(.pid) | length as $n | first
  | row("cmdb_running_process"; "proc_\($i)"; "computer";
      {name, command: .line, parameters: (.line | sub("^\\S+\\s*"; "")), pid, ppid, u_user: .user, count: $n,
       listening_on: $ports[.pid | tostring], absent: "false"});

def endpoint($type; $i): row("cmdb_tcp"; "tcp_\($type)_\($i)"; "computer"; . + {type: $type, absent: "false"});

def listeners: [list("sockets")[] | select(.state == "listen" and .local_port)]
  | group_by([.protocol, .local_address, .local_port]) | to_entries[]
  | .key as $i | .value | length as $n | (map(select(.pid)) | first) // first
  | {ip: .local_address, port: .local_port, u_protocol: .protocol, pid, process, count: $n} | endpoint("on"; $i);

# Whom this machine calls; whoever calls a port it listens on is the caller's.
def connections:
  ([list("sockets")[] | select(.state == "listen" and .local_port) | {key: "\(.protocol)\(.local_port)", value: true}] | from_entries) as $open
  | [list("sockets")[] | select(.state == "established" and .remote_port and (.remote_address | test("^(127\\.|::1$)") | not)
      and ($open["\(.protocol)\(.local_port)"] | not))]
  | group_by([.protocol, .remote_address, .remote_port]) | to_entries[]
  | .key as $i | .value | length as $n | (map(select(.pid)) | first) // first
  | {ip: .remote_address, port: .remote_port, u_protocol: .protocol, pid, process, count: $n} | endpoint("to"; $i);

def services: list("services") | unique_by(.name)[]
  | row("u_os_service"; "svc_" + .name; "u_computer";
      {name, description, state, start_mode: .enabled, command: (.exec // "" | redacted), absent: "false"});

def users: list("users") | unique_by(.name)[]
  | row("u_local_user"; "user_" + .name; "u_computer"; {name, uid, gid, full_name, home, shell, absent: "false"});
def groups: list("groups") | unique_by(.name)[]
  | row("u_local_group"; "group_" + .name; "u_computer"; {name, gid, members: ((.members // []) | join(",")), absent: "false"});

def guests: list("guests") | to_entries[] | .key as $i | .value | "guest_\($i)" as $id
  | if (.kind | IN("docker", "podman", "lxc")) then
      unit([item(if .kind == "docker" then "cmdb_ci_docker_container" else "cmdb_ci_oslv_container" end; $id;
          {name, container_id: (.id // .name), state, image_id: (.image_id // .image)})];
        [relation($id; "Runs on::Runs"; "host")]; [ref("u_computer"; "host"; $id)])
    else
      unit([item("cmdb_ci_kvm_vm_instance"; $id; {name, object_id: (.uuid // .id // .name), state, cpus,
          memory: (.memory_bytes | megabytes), nics: ((.networks // []) | length)})];
        [relation($id; "Virtualized by::Virtualizes"; "host")]; [])
    end;

# --- pages -----------------------------------------------------------------------

def page_max: 500;

# Numbers the units so that the host and those of one number fit on a page.
def numbered: foreach .[] as $u ({page: 0, n: 1};
    ($u.items | length) as $k
    | if .n + $k > page_max and .n > 1 then {page: (.page + 1), n: (1 + $k)} else .n += $k end;
    {page, unit: $u});

# By what the instance can know the host again; a job that asked for other sections alone tells of no CI.
def known: .values.name != null or .values.serial_number != null or (.lookup | length) > 0;

. as $facts
| host_item as $host
| select($host | known)
| [adapters, disks, volumes, other_file_systems, memory, guests, processes, listeners, connections, routes, neighbours,
   services, users, groups, packages]
| [numbered] | if length == 0 then [[]] else group_by(.page) | map(map(.unit)) end
| .[]
| {items: ([$host] + ([.[].items[]] | unique_by(.internal_id))), relations: [.[].relations[]], referenceItems: [.[].refs[]]}
