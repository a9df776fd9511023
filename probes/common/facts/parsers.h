/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parsers - the pure functions from bytes to JSON; the table is in parsers.c.
 */
#ifndef MID_FACTS_PARSERS_H
#define MID_FACTS_PARSERS_H
#include "facts/facts.h"

facts_parse_fn parse_os_release;
facts_parse_fn parse_cpuinfo;
facts_parse_fn parse_s390_sysinfo;
facts_parse_fn parse_release_line;
facts_parse_fn parse_proc_version;
facts_parse_fn parse_mounts;
facts_parse_fn parse_mountinfo;
facts_parse_fn parse_stat_btime;
facts_parse_fn parse_loadavg;
facts_parse_fn parse_uptime;
facts_parse_fn parse_resolv_conf;
facts_parse_fn parse_fib_trie;
facts_parse_fn parse_if_inet6;
facts_parse_fn parse_net_ipv6_route;
facts_parse_fn parse_net_route;
facts_parse_fn parse_net_dev;
facts_parse_fn parse_proc_bonding;
facts_parse_fn parse_proc_vlan;
facts_parse_fn parse_mdstat;
facts_parse_fn parse_vpd_serial;
facts_parse_fn parse_udev_data;
facts_parse_fn parse_smbios_entry;
facts_parse_fn parse_smbios_dimms;
facts_parse_fn parse_smbios_dmi;
facts_parse_fn parse_swaps;
facts_parse_fn parse_node_meminfo;
facts_parse_fn parse_meminfo;

facts_parse_fn parse_dpkg_status;
facts_parse_fn parse_rpm_header;
facts_parse_fn parse_rpm_bdb;
facts_parse_fn parse_rpm_ndb;
facts_parse_fn parse_rpm_sqlite;
facts_parse_fn parse_sqlite_wal;
facts_parse_fn parse_passwd;
facts_parse_fn parse_group;
facts_parse_fn parse_proc_stat;
facts_parse_fn parse_proc_status;
facts_parse_fn parse_proc_cmdline;
facts_parse_fn parse_arp;
facts_parse_fn parse_proc_net_tcp;
facts_parse_fn parse_proc_net_udp6;
facts_parse_fn parse_proc_net_unix;
facts_parse_fn parse_unit;
facts_parse_fn parse_init_script;
facts_parse_fn parse_proc_pci;
facts_parse_fn parse_ids;
facts_parse_fn parse_docker_config;
facts_parse_fn parse_podman_containers;
facts_parse_fn parse_lxc_config;
facts_parse_fn parse_proxmox_config;
facts_parse_fn parse_libvirt_domain;
facts_parse_fn parse_corosync_conf;
facts_parse_fn parse_ip_neigh;

#endif
