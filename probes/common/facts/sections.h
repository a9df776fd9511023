/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sections - the collectors, one per section; the table is in sections.c.
 */
#ifndef MID_FACTS_SECTIONS_H
#define MID_FACTS_SECTIONS_H
#include "facts/facts.h"

facts_collect_fn facts_os;
facts_collect_fn facts_cpu;
facts_collect_fn facts_mounts;
facts_collect_fn facts_filesystems;
facts_collect_fn facts_host;
facts_collect_fn facts_time;
facts_collect_fn facts_dns;
facts_collect_fn facts_routes;
facts_collect_fn facts_addresses_section;
facts_collect_fn facts_interfaces;
facts_collect_fn facts_md;
facts_collect_fn facts_volumes;
facts_collect_fn facts_partitions;
facts_collect_fn facts_block_devices;
facts_collect_fn facts_dimms;
facts_collect_fn facts_dmi;
facts_collect_fn facts_memory;

facts_collect_fn facts_virtual;
facts_collect_fn facts_guests;
facts_collect_fn facts_cluster;
facts_collect_fn facts_pci;
facts_collect_fn facts_usb;
facts_collect_fn facts_packages;
facts_collect_fn facts_processes;
facts_collect_fn facts_sockets;
facts_collect_fn facts_services;
facts_collect_fn facts_users;
facts_collect_fn facts_groups;
facts_collect_fn facts_neighbours;

#endif
