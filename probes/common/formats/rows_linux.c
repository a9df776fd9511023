/* SPDX-License-Identifier: Apache-2.0 */
/* rows_linux - what commands and files of Linux look like; see formats.h. */
#include <stddef.h>

#include "formats/linux.h"

static const struct field hosts[] = { { "ip", AS_TEXT }, { "hostname", AS_WORDS }, { NULL, AS_TEXT } };
static const struct field fstab[] = {
	{ "fs_spec", AS_TEXT }, { "fs_file", AS_TEXT }, { "fs_vfstype", AS_TEXT }, { "fs_mntops", AS_TEXT }, { "fs_freq", AS_ZERO },
	{ "fs_passno", AS_ZERO }, { NULL, AS_TEXT },
};
static const struct field swaps[] = {
	{ "filename", AS_TEXT }, { "type", AS_TEXT }, { "size", AS_INT }, { "used", AS_INT }, { "priority", AS_INT }, { NULL, AS_TEXT },
};
static const struct field partitions[] = {
	{ "major", AS_INT }, { "minor", AS_INT }, { "num_blocks", AS_INT }, { "name", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field modules[] = {
	{ "module", AS_TEXT }, { "size", AS_INT }, { "used", AS_INT }, { "used_by", AS_LIST }, { "status", AS_TEXT },
	{ "location", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field lsmod[] = {
	{ "module", AS_TEXT }, { "size", AS_INT }, { "used", AS_INT }, { "by", AS_LIST_IF_ANY }, { NULL, AS_TEXT },
};
static const struct field arp[] = {
	{ "IP_address", AS_TEXT }, { "HW_type", AS_TEXT }, { "Flags", AS_TEXT }, { "HW_address", AS_TEXT }, { "Mask", AS_TEXT },
	{ "Device", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field uptime[] = { { "up_time", AS_REAL }, { "idle_time", AS_REAL }, { NULL, AS_TEXT } };
static const struct field loadavg[] = {
	{ "load_1m", AS_REAL }, { "load_5m", AS_REAL }, { "load_15m", AS_REAL }, { "running", AS_INT }, { "available", AS_INT },
	{ "last_pid", AS_INT }, { NULL, AS_TEXT },
};
static const struct field diskstats[] = {	/* Linux: Documentation/admin-guide/iostats.rst */
	{ "maj", AS_INT }, { "min", AS_INT }, { "device", AS_TEXT }, { "reads_completed", AS_INT }, { "reads_merged", AS_INT },
	{ "sectors_read", AS_INT }, { "read_time_ms", AS_INT }, { "writes_completed", AS_INT }, { "writes_merged", AS_INT },
	{ "sectors_written", AS_INT }, { "write_time_ms", AS_INT }, { "io_in_progress", AS_INT }, { "io_time_ms", AS_INT },
	{ "weighted_io_time_ms", AS_INT }, { "discards_completed_successfully", AS_INT }, { "discards_merged", AS_INT },
	{ "sectors_discarded", AS_INT }, { "discarding_time_ms", AS_INT }, { "flush_requests_completed_successfully", AS_INT },
	{ "flushing_time_ms", AS_INT }, { NULL, AS_TEXT },
};
static const struct field route[] = {
	{ "Iface", AS_TEXT }, { "Destination", AS_TEXT }, { "Gateway", AS_TEXT }, { "Flags", AS_TEXT }, { "RefCnt", AS_INT },
	{ "Use", AS_INT }, { "Metric", AS_INT }, { "Mask", AS_TEXT }, { "MTU", AS_INT }, { "Window", AS_INT }, { "IRTT", AS_INT },
	{ NULL, AS_TEXT },
};
static const struct field if_inet6[] = {
	{ "address", AS_TEXT }, { "index", AS_TEXT }, { "prefix", AS_TEXT }, { "scope", AS_TEXT }, { "flags", AS_TEXT }, { "name", AS_TEXT },
	{ NULL, AS_TEXT },
};
static const struct field statm[] = {
	{ "size", AS_INT }, { "resident", AS_INT }, { "shared", AS_INT }, { "text", AS_INT }, { "lib", AS_INT }, { "data", AS_INT },
	{ "dt", AS_INT }, { NULL, AS_TEXT },
};
static const struct field lvs[] = {
	{ "lv_name", AS_TEXT }, { "vg_uuid", AS_TEXT }, { "attr", AS_TEXT }, { "size", AS_WHOLE }, { "lv_uuid", AS_TEXT },
	{ "seg_count", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field dpkg[] = {
	{ "name", AS_TEXT }, { "version", AS_TEXT }, { "architecture", AS_TEXT }, { "description", AS_REST }, { NULL, AS_TEXT },
};
static const struct field pvs[] = {
	{ "device", AS_TEXT }, { "format", AS_TEXT }, { "attr", AS_TEXT }, { "size", AS_WHOLE }, { "free", AS_WHOLE },
	{ "pv_uuid", AS_TEXT }, { "pv_pe_count", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field vgs[] = {
	{ "vg_name", AS_TEXT }, { "pv_count", AS_TEXT }, { "lv_count", AS_TEXT }, { "attr", AS_TEXT }, { "size", AS_WHOLE },
	{ "free", AS_WHOLE }, { "vg_uuid", AS_TEXT }, { "vg_extent_size", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field net_dev[] = {	/* Linux: proc(5) */
	{ "r_bytes", AS_INT }, { "r_packets", AS_INT }, { "r_errs", AS_INT }, { "r_drop", AS_INT },
	{ "r_fifo", AS_INT }, { "r_frame", AS_INT }, { "r_compressed", AS_INT }, { "r_multicast", AS_INT },
	{ "t_bytes", AS_INT }, { "t_packets", AS_INT }, { "t_errs", AS_INT }, { "t_drop", AS_INT },
	{ "t_fifo", AS_INT }, { "t_colls", AS_INT }, { "t_carrier", AS_INT }, { "t_compressed", AS_INT },
	{ NULL, AS_TEXT },
};
static const struct field iostat[] = {
	{ "device", AS_TEXT }, { "kb_read", AS_INT }, { "kb_wrtn", AS_INT }, { "kb_dscd", AS_INT }, { "mb_read", AS_INT },
	{ "mb_wrtn", AS_INT }, { "mb_dscd", AS_INT }, { "blk_read", AS_INT }, { "blk_wrtn", AS_INT }, { NULL, AS_TEXT },
};
static const struct field netstat[] = {
	{ "mss", AS_NUMBER }, { "window", AS_NUMBER }, { "irtt", AS_NUMBER }, { "metric", AS_NUMBER }, { "route_refs", AS_NUMBER }, { "use", AS_NUMBER },
	{ "iface", AS_TEXT }, { "flg", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field lsof[] = {
	{ "pid", AS_NUMBER }, { "ppid", AS_NUMBER }, { "pgid", AS_NUMBER }, { "tid", AS_NUMBER }, { "size_off", AS_NUMBER },
	{ "node", AS_NUMBER }, { NULL, AS_TEXT },
};
static const struct field ip_route[] = { { "metric", AS_INT }, { "mtu", AS_INT }, { "advmss", AS_INT }, { NULL, AS_TEXT } };
static const struct field ethtool[] = {
	{ "supported_ports", AS_WORDS }, { "supported_link_modes", AS_WORDS }, { "supported_fec_modes", AS_WORDS },
	{ "advertised_link_modes", AS_WORDS }, { "advertised_fec_modes", AS_WORDS }, { "link_partner_advertised_link_modes", AS_WORDS },
	{ "supports_auto_negotiation", AS_BOOL }, { "advertised_auto_negotiation", AS_BOOL }, { "advertised_pause_frame_use", AS_BOOL },
	{ "auto_negotiation", AS_BOOL }, { "link_detected", AS_BOOL }, { "current_message_level", AS_LIST }, { NULL, AS_TEXT },
};
static const struct field lsblk[] = {
	{ "rm", AS_BOOL }, { "ro", AS_BOOL }, { "rota", AS_BOOL }, { "rand", AS_BOOL }, { "disc_zero", AS_BOOL }, { "ra", AS_INT },
	{ "alignment", AS_INT }, { "min_io", AS_INT }, { "opt_io", AS_INT }, { "phy_sec", AS_INT }, { "log_sec", AS_INT },
	{ "rq_size", AS_INT }, { "disc_aln", AS_INT }, { "zoned", AS_DASH }, { NULL, AS_TEXT },
};
static const struct field swapon[] = { { "size", AS_BYTES }, { "used", AS_BYTES }, { "priority", AS_INT }, { NULL, AS_TEXT } };
static const struct field sfdisk[] = {
	{ "device", AS_TEXT }, { "id", AS_TEXT }, { "system", AS_TEXT }, { "type", AS_TEXT }, { "size", AS_TEXT }, { "uuid", AS_TEXT },
	{ "type_uuid", AS_TEXT }, { "name", AS_DASH }, { "attrs", AS_DASH }, { NULL, AS_TEXT },
};
static const struct field tune2fs[] = {
	{ "filesystem_features", AS_WORDS }, { "directory_hash_seed", AS_TEXT }, { "filesystem_volume_name", AS_TEXT },
	{ "last_mounted_on", AS_TEXT }, { "filesystem_uuid", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field mdadm[] = {
	{ "raid_devices", AS_NUMBER }, { "total_devices", AS_NUMBER }, { "preferred_minor", AS_NUMBER }, { "active_devices", AS_NUMBER },
	{ "working_devices", AS_NUMBER }, { "failed_devices", AS_NUMBER }, { "spare_devices", AS_NUMBER }, { "data_offset", AS_NUMBER },
	{ "super_offset", AS_NUMBER }, { "virtual_disks", AS_NUMBER }, { "physical_disks", AS_NUMBER }, { NULL, AS_TEXT },
};
static const struct field igmp6[] = {
	{ "index", AS_INT }, { "name", AS_TEXT }, { "address", AS_TEXT }, { "users", AS_INT }, { "group", AS_TEXT }, { "reporters", AS_INT },
	{ NULL, AS_TEXT },
};
static const struct field pid_status[] = {
	{ "Name", AS_TEXT }, { "Umask", AS_TEXT }, { "State", AS_TEXT }, { "Uid", AS_WORDS }, { "Gid", AS_WORDS }, { "Groups", AS_TEXT },
	{ "SigQ", AS_TEXT }, { "SigPnd", AS_TEXT }, { "ShdPnd", AS_TEXT }, { "SigBlk", AS_TEXT }, { "SigIgn", AS_TEXT },
	{ "SigCgt", AS_TEXT }, { "CapInh", AS_TEXT }, { "CapPrm", AS_TEXT }, { "CapEff", AS_TEXT }, { "CapBnd", AS_TEXT },
	{ "CapAmb", AS_TEXT }, { "Cpus_allowed", AS_LIST }, { "Cpus_allowed_list", AS_TEXT }, { "Mems_allowed", AS_LIST },
	{ "Mems_allowed_list", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field fdinfo[] = { { "sigmask", AS_TEXT }, { "eventfd-count", AS_TEXT }, { "lock", AS_TEXT }, { NULL, AS_TEXT } };
static const struct field rpm[] = { { "epoch", AS_INT }, { "size", AS_INT }, { NULL, AS_TEXT } };
static const struct field pacman[] = {
	{ "licenses", AS_WORDS }, { "groups", AS_WORDS }, { "provides", AS_WORDS }, { "depends_on", AS_WORDS }, { "required_by", AS_WORDS },
	{ "optional_for", AS_WORDS }, { "conflicts_with", AS_WORDS }, { "replaces", AS_WORDS }, { NULL, AS_TEXT },
};
static const struct field deb_index[] = { { "size", AS_INT }, { "installed_size", AS_INT }, { NULL, AS_TEXT } };
static const struct field mpstat[] = { { "cpu", AS_TEXT }, { "node", AS_TEXT }, { NULL, AS_TEXT } };
static const struct field timedatectl[] = {
	{ "ntp_enabled", AS_BOOL }, { "ntp_synchronized", AS_BOOL }, { "rtc_in_local_tz", AS_BOOL }, { "dst_active", AS_BOOL },
	{ "system_clock_synchronized", AS_BOOL }, { "systemd-timesyncd.service_active", AS_BOOL }, { "version", AS_INT },
	{ "stratum", AS_INT }, { "packet_count", AS_INT }, { NULL, AS_TEXT },
};
static const struct field sshd[] = {
	{ "authorizedkeysfile", AS_WORDS }, { "include", AS_WORDS }, { "ipqos", AS_WORDS }, { "permitlisten", AS_WORDS },
	{ "permitopen", AS_WORDS }, { "allowusers", AS_WORDS }, { "allowgroups", AS_WORDS }, { "denyusers", AS_WORDS },
	{ "denygroups", AS_WORDS }, { "acceptenv", AS_WORDS }, { "casignaturealgorithms", AS_LIST }, { "ciphers", AS_LIST },
	{ "gssapikexalgorithms", AS_LIST }, { "hostbasedacceptedalgorithms", AS_LIST }, { "hostbasedacceptedkeytypes", AS_LIST },
	{ "hostkeyalgorithms", AS_LIST }, { "kexalgorithms", AS_LIST }, { "macs", AS_LIST }, { "pubkeyacceptedalgorithms", AS_LIST },
	{ "pubkeyacceptedkeytypes", AS_LIST }, { "hostkey", AS_REST }, { "listenaddress", AS_REST }, { "clientalivecountmax", AS_INT },
	{ "clientaliveinterval", AS_INT }, { "logingracetime", AS_INT }, { "maxauthtries", AS_INT }, { "maxsessions", AS_INT },
	{ "x11displayoffset", AS_INT }, { NULL, AS_TEXT },
};

static const struct field dev_mcast[] = {
	{ "index", AS_INT }, { "interface", AS_TEXT }, { "dmi_u", AS_INT }, { "dmi_g", AS_INT }, { "dmi_address", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field ipv6_route[] = {
	{ "dest_net", AS_TEXT }, { "dest_prefix", AS_TEXT }, { "source_net", AS_TEXT }, { "source_prefix", AS_TEXT }, { "next_hop", AS_TEXT },
	{ "metric", AS_TEXT }, { "ref_count", AS_TEXT }, { "use_count", AS_TEXT }, { "flags", AS_TEXT }, { "device", AS_TEXT }, { NULL, AS_TEXT },
};
static const struct field netlink[] = {
	{ "sk", AS_TEXT }, { "Eth", AS_INT }, { "Pid", AS_INT }, { "Groups", AS_TEXT }, { "Rmem", AS_INT }, { "Wmem", AS_INT }, { "Dump", AS_INT },
	{ "Locks", AS_INT }, { "Drops", AS_INT }, { "Inode", AS_INT }, { NULL, AS_TEXT },
};
static const struct field packet[] = {
	{ "sk", AS_TEXT }, { "RefCnt", AS_INT }, { "Type", AS_INT }, { "Proto", AS_TEXT }, { "Iface", AS_INT }, { "R", AS_INT }, { "Rmem", AS_INT },
	{ "User", AS_INT }, { "Inode", AS_INT }, { NULL, AS_TEXT },
};
static const struct field protocols[] = {
	{ "protocol", AS_TEXT }, { "size", AS_INT }, { "sockets", AS_INT }, { "memory", AS_INT }, { "press", AS_TEXT }, { "maxhdr", AS_INT },
	{ "module", AS_TEXT },
	{ NULL, AS_TEXT },
};

const struct format formats_linux[] = {
	{ "linux", "acpi", "parsed", read_acpi, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "arp", "parsed", read_arp, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "blkid", "parsed", read_blkid, true, NULL, 0, '=', AS_TEXT },
	{ "linux", "cpuinfo", "processors", read_cpu_processors, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "cpuinfo", "packages", read_cpu_packages, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "cpuinfo", "board", read_cpu_board, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "crontab", "parsed", read_crontab, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "df", "parsed", read_df, true, NULL, 1, ' ', AS_TEXT },
	{ "linux", "dmidecode", "parsed", read_dmidecode, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "dmidecode", "system", read_dmi_system, false, NULL, 0, ':', AS_TEXT },
	{ "linux", "dmidecode", "hardware", read_dmi_hardware, false, NULL, 0, ':', AS_TEXT },
	{ "linux", "dmidecode", "memories", read_dmi_memories, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "dmidecode", "", read_dmi_slots, false, NULL, 0, ':', AS_TEXT },
	{ "linux", "dmidecode", "cpus", read_dmi_cpus, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "dmidecode", "power_supplies", read_dmi_power, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "dpkg", "parsed", read_dpkg, true, dpkg, 0, ' ', AS_TEXT },
	{ "linux", "dpkg-query", "packages", read_dpkg_query, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "etc-fstab", "parsed", read_fields, true, fstab, 0, ' ', AS_TEXT },
	{ "linux", "etc-group", "parsed", read_fields, true, fields_group, 0, ':', AS_TEXT },
	{ "linux", "etc-hosts", "parsed", read_fields, true, hosts, 0, ' ', AS_TEXT },
	{ "linux", "etc-os-release", "parsed", read_pairs, false, NULL, 0, '=', AS_TEXT },
	{ "linux", "etc-passwd", "parsed", read_fields, true, fields_passwd, 0, ':', AS_TEXT },
	{ "linux", "ethtool", "parsed", read_ethtool, false, ethtool, 0, ':', AS_TEXT },
	{ "linux", "findmnt", "parsed", read_findmnt, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "free", "parsed", read_free, true, NULL, 1, ' ', AS_TEXT },
	{ "linux", "id", "parsed", read_id, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ifconfig", "parsed", read_ifconfig, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ifconfig", "interfaces", read_interfaces_linux, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "iostat", "parsed", read_iostat, true, iostat, 0, ' ', AS_TEXT },
	{ "linux", "ip", "addresses", read_ip_addresses, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ip", "links", read_ip_links, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ip", "neighbours", read_ip_neighbours, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ip", "parsed", read_ip_routes, true, ip_route, 0, ' ', AS_TEXT },
	{ "linux", "ip", "", read_ip_gateway, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ipmitool-fru", "frus", read_fru, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "ipmitool-fru", "memories", read_fru_memories, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "iptables", "parsed", read_iptables, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "iwconfig", "parsed", read_iwconfig, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "last", "parsed", read_last, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "lsblk", "parsed", read_lsblk, true, lsblk, 0, ' ', AS_TEXT },
	{ "linux", "lscpu", "fields", read_pairs, false, NULL, 0, ':', AS_TEXT },
	{ "linux", "lsmod", "parsed", read_fields, true, lsmod, 1, ' ', AS_TEXT },
	{ "linux", "lsof", "parsed", read_lsof, true, lsof, 0, ' ', AS_TEXT },
	{ "linux", "lspci", "parsed", read_lspci, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "lspci", "devices", read_lspci_devices, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "lsusb", "parsed", read_lsusb, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "lvs", "logical_volumes", read_lvm, true, lvs, 0, ' ', AS_TEXT },
	{ "linux", "mdadm", "parsed", read_mdadm, false, mdadm, 0, ':', AS_TEXT },
	{ "linux", "megacli", "disks", read_megacli, false, NULL, 0, ':', AS_TEXT },
	{ "linux", "mount", "parsed", read_mount, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "mpstat", "parsed", read_mpstat, true, mpstat, 0, ' ', AS_TEXT },
	{ "linux", "netstat", "parsed", read_netstat, true, netstat, 0, ' ', AS_TEXT },
	{ "linux", "netstat", "routes", read_netstat_routes, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "nmcli", "parsed", read_nmcli, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ntpq", "parsed", read_ntpq, true, fields_ntpq, 0, ' ', AS_TEXT },
	{ "linux", "pacman", "parsed", read_pacman, true, pacman, 0, ' ', AS_TEXT },
	{ "linux", "pip-list", "parsed", read_pip_list, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "pip-show", "parsed", read_pip_show, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "pip-show", "parsed", read_pip_show, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "pkg-index", "parsed", read_apk_index, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "pkg-index", "parsed", read_deb_index, true, deb_index, 0, ' ', AS_TEXT },
	{ "linux", "proc-buddyinfo", "parsed", read_buddyinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-consoles", "parsed", read_consoles, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-cpuinfo", "parsed", read_proc_cpuinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-crypto", "parsed", read_crypto, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "proc-devices", "parsed", read_proc_devices, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-diskstats", "parsed", read_fields, true, diskstats, 0, ' ', AS_TEXT },
	{ "linux", "proc-driver_rtc", "parsed", read_rtc, false, NULL, 0, ':', AS_TEXT },
	{ "linux", "proc-filesystems", "parsed", read_filesystems, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-interrupts", "parsed", read_interrupts, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-iomem", "parsed", read_regions, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-ioports", "parsed", read_regions, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-loadavg", "parsed", read_one, false, loadavg, 0, ' ', AS_TEXT },
	{ "linux", "proc-locks", "parsed", read_locks, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-meminfo", "parsed", read_pairs, false, NULL, 0, ':', AS_INT },
	{ "linux", "proc-modules", "parsed", read_fields, true, modules, 0, ' ', AS_TEXT },
	{ "linux", "proc-mtrr", "parsed", read_mtrr, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_arp", "parsed", read_fields, true, arp, 1, ' ', AS_TEXT },
	{ "linux", "proc-net_dev", "parsed", read_net_dev, true, net_dev, 2, ' ', AS_TEXT },
	{ "linux", "proc-net_dev_mcast", "parsed", read_fields, true, dev_mcast, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_if_inet", "parsed", read_fields, true, if_inet6, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_if_inet6", "parsed", read_fields, true, if_inet6, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_igmp", "parsed", read_igmp, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_igmp", "parsed", read_igmp6, true, igmp6, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_igmp6", "parsed", read_igmp6, true, igmp6, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_ipv6_route", "parsed", read_fields, true, ipv6_route, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_netlink", "parsed", read_fields, true, netlink, 1, ' ', AS_TEXT },
	{ "linux", "proc-net_netstat", "parsed", read_net_netstat, true, NULL, 0, ':', AS_TEXT },
	{ "linux", "proc-net_packet", "parsed", read_packet, false, packet, 1, ' ', AS_TEXT },
	{ "linux", "proc-net_protocols", "parsed", read_protocols, true, protocols, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_route", "parsed", read_fields, true, route, 1, ' ', AS_TEXT },
	{ "linux", "proc-net_tcp", "parsed", read_net_tcp, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_tcp6", "parsed", read_net_tcp, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-net_unix", "parsed", read_net_unix, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pagetypeinfo", "parsed", read_pagetypeinfo, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-partitions", "parsed", read_fields, true, partitions, 2, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo_dma", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo_epoll", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo_eventfd", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo_fanotify", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo_inotify", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo_signalfd", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_fdinfo_timerfd", "parsed", read_fdinfo, false, fdinfo, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_io", "parsed", read_pairs, false, NULL, 0, ':', AS_INT },
	{ "linux", "proc-pid_maps", "parsed", read_maps, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_mountinfo", "parsed", read_mountinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_numa_maps", "parsed", read_numa_maps, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_smaps", "parsed", read_smaps, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_smaps_unknown_flag", "parsed", read_smaps, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_stat", "parsed", read_pid_stat, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_stat_hack", "parsed", read_pid_stat, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_statm", "parsed", read_one, false, statm, 0, ' ', AS_TEXT },
	{ "linux", "proc-pid_status", "parsed", read_pid_status, false, pid_status, 0, ' ', AS_TEXT },
	{ "linux", "proc-slabinfo", "parsed", read_slabinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-softirqs", "parsed", read_softirqs, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-stat", "parsed", read_proc_stat, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-swaps", "parsed", read_fields, true, swaps, 1, ' ', AS_TEXT },
	{ "linux", "proc-uptime", "parsed", read_one, false, uptime, 0, ' ', AS_TEXT },
	{ "linux", "proc-version", "parsed", read_version, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-vmallocinfo", "parsed", read_vmallocinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "proc-vmstat", "parsed", read_pairs, false, NULL, 0, ' ', AS_INT },
	{ "linux", "proc-zoneinfo", "parsed", read_zoneinfo, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ps", "parsed", read_ps, true, NULL, 1, ' ', AS_TEXT },
	{ "linux", "pvs", "physical_volumes", read_pvs, true, pvs, 0, ' ', AS_TEXT },
	{ "linux", "route", "parsed", read_route, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "rpm", "parsed", read_rpm_info, true, rpm, 0, ' ', AS_TEXT },
	{ "linux", "rpm", "packages", read_rpm_list, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "sfdisk", "parsed", read_sfdisk, true, sfdisk, 0, ' ', AS_TEXT },
	{ "linux", "smartctl", "disk", read_smartctl, false, NULL, 0, ':', AS_TEXT },
	{ "linux", "ss", "parsed", read_ss, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "sshd", "parsed", read_sshd, false, sshd, 0, ' ', AS_TEXT },
	{ "linux", "swapon", "parsed", read_swapon, true, swapon, 0, ' ', AS_TEXT },
	{ "linux", "sysctl", "parsed", read_pairs, false, NULL, 0, '=', AS_INT_OR_TEXT },
	{ "linux", "systemctl", "parsed", read_systemctl, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "timedatectl", "parsed", read_timedatectl, false, timedatectl, 0, ' ', AS_TEXT },
	{ "linux", "tune2fs", "parsed", read_tune2fs, false, tune2fs, 0, ':', AS_TEXT },
	{ "linux", "udevadm", "parsed", read_udevadm, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "udevadm", "parsed", read_udevadm_db, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ufw", "parsed", read_ufw, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "ufw", "parsed", read_ufw_profiles, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "uname", "parsed", read_uname, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "update-alternatives", "parsed", read_update_alternatives, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "update-alternatives", "parsed", read_selections, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "uptime", "parsed", read_uptime, false, NULL, 0, ' ', AS_TEXT },
	{ "linux", "vgs", "volume_groups", read_lvm, true, vgs, 0, ' ', AS_TEXT },
	{ "linux", "vmstat", "parsed", read_vmstat, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "w", "parsed", read_w, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "who", "parsed", read_who, true, NULL, 0, ' ', AS_TEXT },
	{ "linux", "zpool", "parsed", read_zpool, true, NULL, 0, ':', AS_TEXT },
	{ "any", "dmidecode", "parsed", read_dmidecode, true, NULL, 0, ':', AS_TEXT },
	{ "any", "dmidecode", "system", read_dmi_system, false, NULL, 0, ':', AS_TEXT },
	{ "any", "dmidecode", "hardware", read_dmi_hardware, false, NULL, 0, ':', AS_TEXT },
	{ "any", "dmidecode", "memories", read_dmi_memories, true, NULL, 0, ':', AS_TEXT },
	{ "any", "dmidecode", "", read_dmi_slots, false, NULL, 0, ':', AS_TEXT },
	{ "any", "dmidecode", "cpus", read_dmi_cpus, true, NULL, 0, ':', AS_TEXT },
	{ "any", "dmidecode", "power_supplies", read_dmi_power, true, NULL, 0, ':', AS_TEXT },
	{ NULL, NULL, NULL, NULL, false, NULL, 0, 0, AS_TEXT },
};
