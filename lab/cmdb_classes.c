/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmdb_classes - one row a class, parents before children. Names that begin
 * with u_ are ours: an instance has no documented class or column for them.
 */
#include "cmdb.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

const struct cmdb_class cmdb_classes[] = {
	/* --- what references point to ------------------------------------ */
	{ "core_company", NULL, "Company", "name manufacturer:b vendor:b", "name" },
	{ "cmn_location", NULL, "Location", "name street city country", "name" },
	{ "cmn_department", NULL, "Department", "name", NULL },
	{ "cmdb_model", NULL, "Product Model",
	  "name display_name manufacturer>core_company model_number"
	  " short_description status", "name" },
	{ "cmdb_hardware_product_model", "cmdb_model", "Hardware Model", "", NULL },
	{ "cmdb_software_product_model", "cmdb_model", "Software Model", "", NULL },
	{ "sys_choice", NULL, "Choice",
	  "name element value label sequence:i inactive:b", "name,element,value" },

	/* --- the trunk ---------------------------------------------------- */
	{ "cmdb_ci", NULL, "Configuration Item",
	  "name asset_tag category subcategory short_description*1000"
	  " comments*4000 install_status:i operational_status:i u_stale:b serial_number"
	  " model_id>cmdb_model model_number manufacturer>core_company"
	  " vendor>core_company ip_address mac_address dns_domain fqdn start_date:d"
	  " install_date:d discovery_source first_discovered:d last_discovered:d"
	  " assigned_to>sys_user owned_by>sys_user managed_by>sys_user"
	  " supported_by>sys_user support_group>sys_user_group"
	  " location>cmn_location company>core_company department>cmn_department"
	  " environment correlation_id attributes*65000 fault_count:i monitor:b"
	  " unverified:b duplicate_of>cmdb_ci skip_sync:b can_print:b",
	  "name serial_number ip_address mac_address fqdn" },
	{ "cmdb_ci_hardware", "cmdb_ci", "Hardware",
	  "default_gateway hardware_status hardware_substatus", NULL },
	{ "cmdb_ci_computer", "cmdb_ci_hardware", "Computer",
	  "host_name os os_version os_service_pack os_domain os_address_width:i"
	  " cpu_name cpu_type cpu_speed:f cpu_count:i cpu_core_count:i"
	  " cpu_core_thread:i cpu_manufacturer>core_company ram:i disk_space:f"
	  " form_factor chassis_type virtual:b object_id", NULL },
	{ "cmdb_ci_pc_hardware", "cmdb_ci_computer", "Personal Computer", "", NULL },
	{ "cmdb_ci_server", "cmdb_ci_computer", "Server",
	  "classification used_for dr_backup>cmdb_ci firewall_status", NULL },
	{ "cmdb_ci_unix_server", "cmdb_ci_server", "UNIX Server", "", NULL },
	{ "cmdb_ci_linux_server", "cmdb_ci_server", "Linux Server",
	  "kernel_release u_machine_id u_time_zone u_boot_time:d u_hypervisor"
	  " u_bios_vendor u_bios_version u_bios_date u_dns_servers*1000", NULL },
	{ "cmdb_ci_win_server", "cmdb_ci_server", "Windows Server", "", NULL },
	{ "cmdb_ci_aix_server", "cmdb_ci_server", "AIX Server", "", NULL },
	{ "cmdb_ci_solaris_server", "cmdb_ci_server", "Solaris Server", "", NULL },
	{ "cmdb_ci_hpux_server", "cmdb_ci_server", "HPUX Server", "", NULL },
	{ "cmdb_ci_osx_server", "cmdb_ci_server", "OS X Server", "", NULL },
	{ "cmdb_ci_esx_server", "cmdb_ci_server", "ESX Server", "", NULL },
	{ "cmdb_ci_storage_server", "cmdb_ci_server", "Storage Server", "", NULL },

	{ "cmdb_ci_cluster", "cmdb_ci", "Cluster", "cluster_type cluster_status",
	  NULL },

	/* --- network devices ---------------------------------------------- */
	{ "cmdb_ci_netgear", "cmdb_ci_hardware", "Network Gear",
	  "can_route:b can_switch:b can_partitionvlans:b can_hub:b ports:i"
	  " stack:b stack_mode firmware_version device_type channels bandwidth"
	  " hardware_os hardware_os_version", NULL },
	{ "cmdb_ci_ip_router", "cmdb_ci_netgear", "IP Router", "", NULL },
	{ "cmdb_ci_ip_switch", "cmdb_ci_netgear", "IP Switch", "", NULL },
	{ "cmdb_ci_ip_firewall", "cmdb_ci_netgear", "IP Firewall", "", NULL },
	{ "cmdb_ci_lb", "cmdb_ci_server", "Load Balancer", "", NULL },
	{ "cmdb_ci_wap_network", "cmdb_ci_netgear", "Wireless Access Point", "", NULL },
	{ "cmdb_ci_storage_switch", "cmdb_ci_netgear", "Storage Switch", "", NULL },
	{ "cmdb_ci_outofband_device", "cmdb_ci_hardware", "Out-of-Band Device",
	  "firmware_version u_server_serial", NULL },
	{ "cmdb_ci_ip_phone", "cmdb_ci_hardware", "IP Phone", "firmware_version", NULL },
	{ "cmdb_ci_printer", "cmdb_ci_hardware", "Printer",
	  "print_type use_count:i use_units colors horizontal_resolution:i"
	  " vertical_resolution:i resolution_units", NULL },
	{ "cmdb_ci_ups", "cmdb_ci_hardware", "UPS",
	  "device_name firmware_version battery_status minutes_remaining:i"
	  " charge_remaining:i battery_voltage:i seconds_on_battery:i", NULL },
	{ "cmdb_ci_ups_input", "cmdb_ci", "UPS Input",
	  "ups>cmdb_ci_ups input_index:i voltage:i current:i frequency:i", "ups" },
	{ "cmdb_ci_ups_output", "cmdb_ci", "UPS Output",
	  "ups>cmdb_ci_ups output_index:i voltage:i current:i power:i percent_load:i",
	  "ups" },
	{ "cmdb_ci_pdu", "cmdb_ci_hardware", "PDU", "firmware_version", NULL },
	{ "cmdb_ci_ip_network", "cmdb_ci", "IP Network",
	  "subnet discover:b network_discovery:b mid_server>ecc_agent"
	  " router>cmdb_ci_ip_router state", NULL },
	{ "cmdb_ci_dns_name", "cmdb_ci", "DNS Name", "", NULL },

	/* --- parts of a machine ------------------------------------------- */
	{ "cmdb_ci_network_adapter", "cmdb_ci", "Network Adapter",
	  "netmask mac_manufacturer cmdb_ci>cmdb_ci_hardware dhcp_enabled:b"
	  " virtual:b u_mtu:i u_speed_mbps:i u_kind u_state alias", "cmdb_ci,name" },
	{ "cmdb_ci_ip_address", "cmdb_ci", "IP Address",
	  "ip_version:i netmask nic>cmdb_ci_network_adapter", "nic,ip_address" },
	{ "cmdb_ci_storage_device", "cmdb_ci", "Storage Device",
	  "computer>cmdb_ci_computer type disk_space:f size size_bytes device_id"
	  " device_interface", "computer,name computer,serial_number" },
	{ "cmdb_ci_disk", "cmdb_ci_storage_device", "Disk",
	  "drive_type volume_serial_number", NULL },
	{ "cmdb_ci_fc_disk", "cmdb_ci_disk", "Fibre Channel Disk", "", NULL },
	{ "cmdb_ci_iscsi_disk", "cmdb_ci_disk", "iSCSI Disk", "", NULL },
	{ "cmdb_ci_fc_port", "cmdb_ci", "Fibre Channel Port",
	  "computer>cmdb_ci_computer wwpn wwnn speed port_type", "computer" },
	{ "cmdb_ci_disk_partition", "cmdb_ci", "Disk Partition",
	  "computer>cmdb_ci_computer disk>cmdb_ci_disk number:i type size_bytes"
	  " start_offset uuid u_file_system_type", "computer" },
	{ "cmdb_ci_storage_pool", "cmdb_ci", "Storage Pool",
	  "hosted_by>cmdb_ci_computer size size_bytes free_space_bytes pool_id",
	  "hosted_by" },
	{ "cmdb_ci_storage_volume", "cmdb_ci", "Storage Volume",
	  "computer>cmdb_ci_computer size size_bytes volume_id"
	  " pool>cmdb_ci_storage_pool", "computer" },
	{ "cmdb_ci_file_system", "cmdb_ci", "File System",
	  "computer>cmdb_ci_computer mount_point capacity:i free_space:i"
	  " size_bytes free_space_bytes file_system_type media_type label"
	  " u_device u_mount_options*1000", "computer,mount_point" },
	{ "cmdb_ci_nas_file_system", "cmdb_ci_file_system", "NAS File System",
	  "nas_hostname nas_ip_address nas_path", NULL },
	{ "cmdb_ci_memory_module", "cmdb_ci", "Memory Module",
	  "u_computer>cmdb_ci_computer size:i speed:i type form_factor"
	  " part_number bank_label device_locator", "u_computer,name" },
	{ "cmdb_serial_number", NULL, "Serial Number",
	  "serial_number serial_number_type valid:b absent:b"
	  " cmdb_ci>cmdb_ci_hardware", "serial_number cmdb_ci" },

	/* --- software ------------------------------------------------------ */
	{ "cmdb_ci_spkg", "cmdb_ci", "Software",
	  "version install_count:i key u_package_type", NULL },
	{ "cmdb_software_instance", NULL, "Software Instance",
	  "name installed_on>cmdb_ci_hardware software>cmdb_ci_spkg install_date:d"
	  " u_architecture", "installed_on,software software" },
	{ "cmdb_sam_sw_install", NULL, "Software Installation",
	  "display_name version publisher installed_on>cmdb_ci_hardware"
	  " discovery_source last_scanned:d absent:b", "installed_on" },
	{ "cmdb_running_process", NULL, "Running Process",
	  "name command*4000 type pid:i ppid:i parameters*4000 key_parameters*1000"
	  " listening_on*1000 connected_to*1000 computer>cmdb_ci_computer absent:b"
	  " classify count:i u_user", "computer,pid" },
	{ "cmdb_tcp", NULL, "TCP Connection",
	  "computer>cmdb_ci_computer ip port:i pid:i process type absent:b count:i"
	  " u_protocol", "computer,port" },
	{ "cmdb_ci_appl", "cmdb_ci", "Application",
	  "version tcp_port running_process>cmdb_running_process config_file"
	  " install_directory edition", NULL },
	{ "cmdb_ci_web_server", "cmdb_ci_appl", "Web Server", "", NULL },
	{ "cmdb_ci_app_server", "cmdb_ci_appl", "Application Server", "", NULL },
	{ "cmdb_ci_db_instance", "cmdb_ci_appl", "Database Instance", "", NULL },
	{ "cmdb_ci_service", "cmdb_ci", "Business Service", "service_classification",
	  NULL },
	{ "u_local_user", NULL, "Local User",
	  "name u_computer>cmdb_ci_computer uid:i gid:i full_name home shell"
	  " absent:b", "u_computer,name" },
	{ "u_local_group", NULL, "Local Group",
	  "name u_computer>cmdb_ci_computer gid:i members*4000 absent:b",
	  "u_computer,name" },
	{ "u_os_service", NULL, "Operating System Service",
	  "name u_computer>cmdb_ci_computer description*1000 state start_mode"
	  " command*4000 absent:b", "u_computer,name" },

	{ "u_network_module", NULL, "Network Module",
	  "name u_device>cmdb_ci_hardware description*1000 kind serial_number"
	  " model_number hardware_version firmware_version software_version absent:b",
	  "u_device,name u_device,serial_number" },

	/* --- virtual machines and containers ------------------------------- */
	{ "cmdb_ci_vm_object", "cmdb_ci", "Virtualization Object", "object_id", NULL },
	{ "cmdb_ci_vm_instance", "cmdb_ci_vm_object", "Virtual Machine Instance",
	  "state cpus:i memory:i disks:i disks_size:i nics:i guest_os_fullname"
	  " vm_inst_id", NULL },
	{ "cmdb_ci_kvm", "cmdb_ci_appl", "KVM", "", NULL },
	{ "cmdb_ci_kvm_vm_instance", "cmdb_ci_vm_instance", "KVM Instance", "", NULL },
	{ "cmdb_ci_kvm_network", "cmdb_ci_vm_object", "KVM Network", "state", NULL },
	{ "cmdb_ci_kvm_storage_pool", "cmdb_ci_vm_object", "KVM Storage Pool", "state",
	  NULL },
	{ "cmdb_kvm_device", NULL, "KVM Device",
	  "name type vm_instance>cmdb_ci_kvm_vm_instance", NULL },
	{ "cmdb_ci_oslv_container", "cmdb_ci", "OS-Level Virtualization Container",
	  "container_id state image_id u_computer>cmdb_ci_computer", "u_computer" },
	{ "cmdb_ci_docker_container", "cmdb_ci_oslv_container", "Docker Container",
	  "command", NULL },

	/* --- certificates --------------------------------------------------- */
	{ "cmdb_ci_certificate", "cmdb_ci", "Unique Certificate",
	  "subject_common_name*1000 subject_distinguished_name*1000 issuer*1000"
	  " valid_from:d valid_to:d fingerprint fingerprint_algorithm key_size:i"
	  " signature_algorithm state", "fingerprint" },
	{ "sn_disco_certmgmt_cmdb_installed_certificate", "cmdb_ci",
	  "Installed Certificate",
	  "certificate>cmdb_ci_certificate installed_on>cmdb_ci port:i", NULL },
	{ "sn_disco_certmgmt_certificate_history", NULL, "Certificate History",
	  "fingerprint raw*65000 source", NULL },
	{ "certificate_domain", NULL, "Certificate Domain",
	  "name certificate>cmdb_ci_certificate", NULL },
	{ "sn_disco_certmgmt_cert_url", NULL, "Certificate URL", "url active:b", NULL },

	/* --- layer 2 and 3, by discovery ------------------------------------ */
	{ "dscy_router_interface", NULL, "Router Interface",
	  "name type number:i ip_address mac_address cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "dscy_route_interface", NULL, "Route by Interface",
	  "dest_ip_network type cmdb_ci>cmdb_ci router_interface>dscy_router_interface"
	  " u_interface u_metric:i", "cmdb_ci" },
	{ "dscy_route_next_hop", NULL, "Route by Next Hop",
	  "dest_ip_network type next_hop_ip_address cmdb_ci>cmdb_ci"
	  " u_interface u_metric:i", "cmdb_ci" },
	{ "dscy_switchport", NULL, "Switch Port",
	  "name type status mac_address port_number:i interface_name"
	  " interface_number:i cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "dscy_swtch_fwd_rule", NULL, "Switch Forwarding Rule",
	  "mac_address mac_mfr status ip_address netmask cmdb_ci>cmdb_ci"
	  " switchport>dscy_switchport", "cmdb_ci" },
	{ "dscy_swtch_partition", NULL, "Switch Partition",
	  "name base_ip_address base_mac_address base_netmask type transparent:b"
	  " sourceroute:b status interface_number:i cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "discovery_device_neighbors", NULL, "Device Neighbor",
	  "neighbor_address neighbor_id neighbor_interface neighbor_source"
	  " origin_interface cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "discovery_net_arp_table", NULL, "ARP Table",
	  "ip_address mac_address cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "discovery_switch_bridge_port_table", NULL, "Bridge Port Table",
	  "bridge_port:i interface_number:i cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "discovery_switch_fwd_table", NULL, "Forwarding Table",
	  "mac_address bridge_port:i status vlan_id:i cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "discovery_switch_spanning_tree_table", NULL, "Spanning Tree Table",
	  "bridge_port:i state designated_root designated_bridge designated_port"
	  " cmdb_ci>cmdb_ci", "cmdb_ci" },
	{ "discovery_printer_supplies", NULL, "Printer Supply",
	  "description supply_type supply_class current_level:i max_capacity:i"
	  " printer>cmdb_ci_printer", "printer" },
	{ "discovery_schedule", NULL, "Discovery Schedule",
	  "name active:b discover mid_server>ecc_agent"
	  " mid_cluster>ecc_agent_cluster disco_run_type run_time run_period:i"
	  " time_zone u_ranges*60000 u_exclude*60000 u_window_days u_window_from"
	  " u_window_to u_capability u_parameters*4000 u_next:d u_last:d", "name" },
	{ "discovery_status", NULL, "Discovery Status",
	  "number state description source started:d completed:d discover"
	  " mid_server>ecc_agent scheduled_ended:d dscheduler>discovery_schedule"
	  " u_mid_server>ecc_agent u_mid_cluster>ecc_agent_cluster u_ranges*60000"
	  " u_exclude*60000 u_capability u_parameters*4000 u_output>ecc_queue"
	  " u_fence:i u_assigned:i u_why*1000 u_progress:i u_addresses:i"
	  " u_scanned:i u_found:i u_asking:i u_done:i u_failed:i u_same:i u_eta:i",
	  "state dscheduler" },
	{ "u_discovery_assignment", NULL, "Discovery Assignment",
	  "status>discovery_status mid_server>ecc_agent output>ecc_queue fence:i"
	  " state why*1000", "output fence status" },
	{ "discovery_device_history", NULL, "Device History",
	  "status>discovery_status source ip_address cmdb_ci>cmdb_ci class"
	  " current_activity last_state issues:i u_name u_topic u_error*1000",
	  "status" },
	{ "discovery_log", NULL, "Discovery Log",
	  "status>discovery_status level source message*4000 cmdb_ci>cmdb_ci", NULL },

	/* --- relations, sources, identification ------------------------------ */
	{ "cmdb_rel_type", NULL, "CI Relation Type",
	  "name parent_descriptor child_descriptor", "name" },
	{ "cmdb_rel_ci", NULL, "CI Relationship",
	  "parent>cmdb_ci child>cmdb_ci type>cmdb_rel_type connection_strength"
	  " port", "parent,child child" },
	{ "sys_object_source", NULL, "Source",
	  "name id last_scan:d target_table target_sys_id source_feed"
	  " source_recency_timestamp:d", "name,id target_sys_id" },
	{ "cmdb_identifier", NULL, "CI Identifier",
	  "name applies_to independent:b active:b description*1000"
	  " u_host_field u_relation u_host_end", "applies_to" },
	{ "cmdb_identifier_entry", NULL, "Identifier Entry",
	  "identifier>cmdb_identifier order:i table attributes active:b"
	  " exact_count_match:b optional_condition u_kind", "identifier" },
	{ "cmdb_related_entry", NULL, "Related Entry",
	  "identifier>cmdb_identifier related_table referenced_field attributes"
	  " active:b", NULL },
	{ "cmdb_reconciliation_definition", NULL, "Reconciliation Definition",
	  "name applies_to attributes*4000 discovery_source priority:i active:b",
	  "applies_to" },
	{ "sys_audit", NULL, "Audit",
	  "tablename documentkey fieldname oldvalue*4000 newvalue*4000 user"
	  " reason u_source u_sequence", "documentkey,fieldname tablename" },
	{ "reconcile_duplicate_task", NULL, "Reconcile Duplicate Task",
	  "number short_description*1000 state active:b u_class u_key", "u_key" },
	{ "duplicate_audit_result", NULL, "Duplicate Audit Result",
	  "follow_on_task>reconcile_duplicate_task duplicate_ci>cmdb_ci",
	  "follow_on_task" },
	{ "cmdb_ire_partial_payloads", NULL, "Partial Payload",
	  "data_source u_key payload*2000000 message*1000 status", "u_key" },
	{ "cmdb_ire_incomplete_payloads", NULL, "Incomplete Payload",
	  "data_source u_key payload*2000000 message*1000 status", "u_key" },
};
const size_t cmdb_class_count = COUNT_OF(cmdb_classes);
