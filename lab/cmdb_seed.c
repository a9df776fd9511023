/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmdb_seed - the rows that are there before the first discovery: kinds of
 * relation, known data sources, and the rules of identification.
 */
#include "cmdb.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "db.h"

/* Parent descriptor, child descriptor; the name is both with "::" between. */
static const char *const rel_types[][2] = {
	{ "Runs on", "Runs" },
	{ "Hosted on", "Hosts" },
	{ "Contains", "Contained by" },
	{ "Owns", "Owned by" },
	{ "Uses", "Used by" },
	{ "Depends on", "Used by" },
	{ "Connects to", "Connected by" },
	{ "IP Connection", "IP Connection" },
	{ "Virtualized by", "Virtualizes" },
	{ "Registered on", "Has registered" },
	{ "Instantiates", "Instantiated by" },
	{ "Exchanges data with", "Exchanges data with" },
	{ "Provides storage for", "Stored on" },
	{ "Provided By", "Provides" },
	{ "Defines resources for", "Gets resources from" },
	{ "Members", "Member of" },
	{ "Powers", "Powered by" },
	{ "Cluster of", "Cluster" },
};

static const char *const data_sources[] = {
	"ServiceNow", "midd", "Manual Entry", "ImportSet", "SG-Import",
};

/*
 * Who is recognised by what. HOST_FIELD: the column that names the CI this one
 * hangs on; RELATION: the relation that says so in a payload, with the host at
 * the "parent" or the "child" end. Without both the class stands alone.
 */
static const struct identifier {
	const char *name, *applies_to, *host_field, *relation, *host_end;
} identifiers[] = {
	{ "CI Rule", "cmdb_ci", "", "", "" },
	{ "Hardware Rule", "cmdb_ci_hardware", "", "", "" },
	{ "Software Package Rule", "cmdb_ci_spkg", "", "", "" },
	{ "Certificate Rule", "cmdb_ci_certificate", "", "", "" },
	{ "Virtual Machine Rule", "cmdb_ci_vm_object", "", "", "" },
	{ "IP Network Rule", "cmdb_ci_ip_network", "", "", "" },
	{ "Network Adapter Rule", "cmdb_ci_network_adapter", "cmdb_ci",
	  "Owns::Owned by", "parent" },
	{ "IP Address Rule", "cmdb_ci_ip_address", "nic", "Owns::Owned by",
	  "parent" },
	{ "Storage Device Rule", "cmdb_ci_storage_device", "computer",
	  "Contains::Contained by", "parent" },
	{ "Fibre Channel Port Rule", "cmdb_ci_fc_port", "computer",
	  "Contains::Contained by", "parent" },
	{ "Disk Partition Rule", "cmdb_ci_disk_partition", "computer",
	  "Contains::Contained by", "parent" },
	{ "Storage Pool Rule", "cmdb_ci_storage_pool", "hosted_by",
	  "Contains::Contained by", "parent" },
	{ "Storage Volume Rule", "cmdb_ci_storage_volume", "computer",
	  "Contains::Contained by", "parent" },
	{ "File System Rule", "cmdb_ci_file_system", "computer",
	  "Contains::Contained by", "parent" },
	{ "Memory Module Rule", "cmdb_ci_memory_module", "u_computer",
	  "Contains::Contained by", "parent" },
	{ "Container Rule", "cmdb_ci_oslv_container", "u_computer",
	  "Runs on::Runs", "child" },
	{ "Application Rule", "cmdb_ci_appl", "", "Runs on::Runs", "child" },
	{ "Serial Number Rule", "cmdb_serial_number", "cmdb_ci", "", "" },
	{ "Software Instance Rule", "cmdb_software_instance", "installed_on", "",
	  "" },
	{ "Software Installation Rule", "cmdb_sam_sw_install", "installed_on", "",
	  "" },
	{ "Running Process Rule", "cmdb_running_process", "computer", "", "" },
	{ "TCP Rule", "cmdb_tcp", "computer", "", "" },
	{ "Local User Rule", "u_local_user", "u_computer", "", "" },
	{ "Local Group Rule", "u_local_group", "u_computer", "", "" },
	{ "Operating System Service Rule", "u_os_service", "u_computer", "", "" },
	{ "Network Module Rule", "u_network_module", "u_device", "", "" },
	{ "UPS Input Rule", "cmdb_ci_ups_input", "ups", "", "" },
	{ "UPS Output Rule", "cmdb_ci_ups_output", "ups", "", "" },
	{ "Router Interface Rule", "dscy_router_interface", "cmdb_ci", "", "" },
	{ "Route by Interface Rule", "dscy_route_interface", "cmdb_ci", "", "" },
	{ "Route by Next Hop Rule", "dscy_route_next_hop", "cmdb_ci", "", "" },
	{ "Switch Port Rule", "dscy_switchport", "cmdb_ci", "", "" },
	{ "Switch Forwarding Rule", "dscy_swtch_fwd_rule", "cmdb_ci", "", "" },
	{ "Switch Partition Rule", "dscy_swtch_partition", "cmdb_ci", "", "" },
	{ "Device Neighbor Rule", "discovery_device_neighbors", "cmdb_ci", "", "" },
	{ "ARP Rule", "discovery_net_arp_table", "cmdb_ci", "", "" },
	{ "Printer Supply Rule", "discovery_printer_supplies", "printer", "", "" },
	{ "Bridge Port Rule", "discovery_switch_bridge_port_table", "cmdb_ci", "",
	  "" },
	{ "Forwarding Rule", "discovery_switch_fwd_table", "cmdb_ci", "", "" },
	{ "Spanning Tree Rule", "discovery_switch_spanning_tree_table", "cmdb_ci",
	  "", "" },
	{ "Installed Certificate Rule",
	  "sn_disco_certmgmt_cmdb_installed_certificate", "installed_on", "", "" },
	{ "Certificate Domain Rule", "certificate_domain", "certificate", "", "" },
	{ "Certificate History Rule", "sn_disco_certmgmt_certificate_history", "",
	  "", "" },
	{ "Certificate URL Rule", "sn_disco_certmgmt_cert_url", "", "", "" },
	{ "KVM Device Rule", "cmdb_kvm_device", "vm_instance", "", "" },
};

/*
 * The lower ORDER is tried first. TABLE other than the class itself: a lookup,
 * the payload's lookup items of that table are sought by ATTRIBUTES among the
 * rows that fulfil CONDITION; EXACT: and there must be equally many.
 */
static const struct entry {
	const char *applies_to;
	int order;
	const char *table, *attributes, *condition;
	bool exact;
} entries[] = {
	{ "cmdb_ci_hardware", 100, "cmdb_serial_number",
	  "serial_number,serial_number_type", "valid=true^absent=false", true },
	{ "cmdb_ci_hardware", 200, "", "serial_number", "", false },
	{ "cmdb_ci_hardware", 300, "", "name", "", false },
	{ "cmdb_ci_hardware", 400, "cmdb_ci_network_adapter",
	  "ip_address,mac_address", "install_status!=7", false },
	{ "cmdb_ci", 100, "", "name", "", false },
	{ "cmdb_ci_spkg", 100, "", "name,version", "", false },
	{ "cmdb_ci_spkg", 200, "", "key", "", false },
	{ "cmdb_ci_certificate", 100, "", "fingerprint", "", false },
	{ "cmdb_ci_vm_object", 100, "", "object_id", "", false },
	{ "cmdb_ci_ip_network", 100, "", "subnet", "", false },
	{ "cmdb_ci_network_adapter", 100, "", "name,mac_address", "", false },
	{ "cmdb_ci_network_adapter", 200, "", "name", "", false },
	{ "cmdb_ci_ip_address", 100, "", "ip_address", "", false },
	{ "cmdb_ci_storage_device", 100, "", "serial_number", "", false },
	{ "cmdb_ci_storage_device", 200, "", "name", "", false },
	{ "cmdb_ci_fc_port", 100, "", "wwpn", "", false },
	{ "cmdb_ci_disk_partition", 100, "", "name", "", false },
	{ "cmdb_ci_storage_pool", 100, "", "name", "", false },
	{ "cmdb_ci_storage_volume", 100, "", "name", "", false },
	{ "cmdb_ci_file_system", 100, "", "mount_point", "", false },
	{ "cmdb_ci_file_system", 200, "", "name", "", false },
	{ "cmdb_ci_memory_module", 100, "", "name", "", false },
	{ "cmdb_ci_oslv_container", 100, "", "container_id", "", false },
	{ "cmdb_ci_appl", 100, "", "name,tcp_port", "", false },
	{ "cmdb_ci_appl", 200, "", "name", "", false },
	{ "cmdb_serial_number", 100, "", "serial_number,serial_number_type", "",
	  false },
	{ "cmdb_software_instance", 100, "", "software", "", false },
	{ "cmdb_sam_sw_install", 100, "", "display_name,version", "", false },
	/* The whole command line; how many there are of it is in "count". */
	{ "cmdb_running_process", 100, "", "command", "", false },
	{ "cmdb_running_process", 200, "", "name,pid", "", false },
	{ "cmdb_tcp", 100, "", "type,ip,port,u_protocol", "", false },
	{ "cmdb_tcp", 200, "", "type,ip,port", "", false },
	{ "u_local_user", 100, "", "name", "", false },
	{ "u_local_group", 100, "", "name", "", false },
	{ "u_os_service", 100, "", "name", "", false },
	{ "u_network_module", 100, "", "serial_number", "", false },
	{ "u_network_module", 200, "", "name", "", false },
	{ "cmdb_ci_ups_input", 100, "", "input_index", "", false },
	{ "cmdb_ci_ups_output", 100, "", "output_index", "", false },
	{ "dscy_router_interface", 100, "", "number", "", false },
	{ "dscy_router_interface", 200, "", "name", "", false },
	{ "dscy_route_interface", 100, "", "dest_ip_network,u_interface", "",
	  false },
	{ "dscy_route_next_hop", 100, "",
	  "dest_ip_network,next_hop_ip_address", "", false },
	{ "dscy_switchport", 100, "", "port_number", "", false },
	{ "dscy_switchport", 200, "", "interface_number", "", false },
	{ "dscy_swtch_fwd_rule", 100, "", "mac_address", "", false },
	{ "dscy_swtch_partition", 100, "", "name", "", false },
	{ "discovery_device_neighbors", 100, "",
	  "neighbor_id,origin_interface", "", false },
	{ "discovery_net_arp_table", 100, "", "ip_address,mac_address", "", false },
	{ "discovery_printer_supplies", 100, "", "description", "", false },
	{ "discovery_switch_bridge_port_table", 100, "", "bridge_port", "", false },
	{ "discovery_switch_fwd_table", 100, "", "mac_address,vlan_id", "", false },
	{ "discovery_switch_fwd_table", 200, "", "mac_address", "", false },
	{ "discovery_switch_spanning_tree_table", 100, "", "bridge_port", "",
	  false },
	{ "sn_disco_certmgmt_cmdb_installed_certificate", 100, "",
	  "certificate,port", "", false },
	{ "sn_disco_certmgmt_cmdb_installed_certificate", 200, "", "certificate",
	  "", false },
	{ "certificate_domain", 100, "", "name", "", false },
	{ "sn_disco_certmgmt_certificate_history", 100, "", "fingerprint", "",
	  false },
	{ "sn_disco_certmgmt_cert_url", 100, "", "url", "", false },
	{ "cmdb_kvm_device", 100, "", "name,type", "", false },
};

/*
 * Who may overwrite whom: the lower PRIORITY has the word. ATTRIBUTES: a comma
 * list, "" for all of the class; the nearer class, then the named attribute
 * decide. A source without a row comes last.
 */
#define PEOPLES "asset_tag,assigned_to,owned_by,managed_by,supported_by," \
	"support_group,location,department,environment,comments"
static const struct precedence {
	const char *name, *source, *attributes;
	int priority;
} precedences[] = {
	{ "People know whose it is", "Manual Entry", PEOPLES, 50 },
	{ "midd asks the thing itself", "midd", "", 100 },
	{ "Discovery", "ServiceNow", "", 200 },
	{ "Service graph connectors", "SG-Import", "", 300 },
	{ "Import sets", "ImportSet", "", 400 },
	{ "Typed in", "Manual Entry", "", 500 },
};

static int
seed_rel_type(struct db *db, const char *parent, const char *child)
{
	struct json_object *o = json_object_new_object();
	char name[128], query[160];

	(void)snprintf(name, sizeof(name), "%s::%s", parent, child);
	(void)snprintf(query, sizeof(query), "name=%s", name);
	json_put(o, "name", name);
	json_put(o, "parent_descriptor", parent);
	json_put(o, "child_descriptor", child);
	return db_ensure(db, "cmdb_rel_type", query, o, NULL);
}

static int
seed_source(struct db *db, const char *value)
{
	struct json_object *o = json_object_new_object();
	char query[160];

	(void)snprintf(query, sizeof(query),
	    "name=cmdb_ci^element=discovery_source^value=%s", value);
	json_put(o, "name", "cmdb_ci");
	json_put(o, "element", "discovery_source");
	json_put(o, "value", value);
	json_put(o, "label", value);
	json_put(o, "inactive", "false");
	return db_ensure(db, "sys_choice", query, o, NULL);
}

static int
seed_precedence(struct db *db, const struct precedence *p)
{
	struct json_object *o = json_object_new_object();
	char query[160], priority[16];

	(void)snprintf(query, sizeof(query), "name=%s", p->name);
	(void)snprintf(priority, sizeof(priority), "%d", p->priority);
	json_put(o, "name", p->name);
	json_put(o, "applies_to", "cmdb_ci");
	json_put(o, "attributes", p->attributes);
	json_put(o, "discovery_source", p->source);
	json_put(o, "priority", priority);
	json_put(o, "active", "true");
	return db_ensure(db, "cmdb_reconciliation_definition", query, o, NULL);
}

int
cmdb_seed(struct db *db)
{
	size_t i;
	int r = 0;

	for (i = 0; i < COUNT(rel_types) && r == 0; i++)
		r = seed_rel_type(db, rel_types[i][0], rel_types[i][1]);
	for (i = 0; i < COUNT(data_sources) && r == 0; i++)
		r = seed_source(db, data_sources[i]);
	for (i = 0; i < COUNT(precedences) && r == 0; i++)
		r = seed_precedence(db, &precedences[i]);
	return r;
}

static int
seed_entry(struct db *db, const char *identifier, const struct entry *e)
{
	struct json_object *o = json_object_new_object();
	char query[160], order[16];

	(void)snprintf(order, sizeof(order), "%d", e->order);
	(void)snprintf(query, sizeof(query), "identifier=%s^order=%s",
	    identifier, order);
	json_put(o, "identifier", identifier);
	json_put(o, "order", order);
	json_put(o, "table", e->table[0] != '\0' ? e->table : e->applies_to);
	json_put(o, "attributes", e->attributes);
	json_put(o, "optional_condition", e->condition);
	json_put(o, "exact_count_match", e->exact ? "true" : "false");
	json_put(o, "u_kind", e->table[0] != '\0' ? "lookup" : "own");
	json_put(o, "active", "true");
	return db_ensure(db, "cmdb_identifier_entry", query, o, NULL);
}

static int
seed_identifier(struct db *db, const struct identifier *id)
{
	struct json_object *o = json_object_new_object();
	bool alone = id->host_field[0] == '\0' && id->relation[0] == '\0';
	char query[160], sys_id[SYS_ID_LEN + 1];
	size_t i;
	int r;

	(void)snprintf(query, sizeof(query), "applies_to=%s", id->applies_to);
	json_put(o, "name", id->name);
	json_put(o, "applies_to", id->applies_to);
	json_put(o, "independent", alone ? "true" : "false");
	json_put(o, "active", "true");
	json_put(o, "u_host_field", id->host_field);
	json_put(o, "u_relation", id->relation);
	json_put(o, "u_host_end", id->host_end);
	r = db_ensure(db, "cmdb_identifier", query, o, sys_id);
	for (i = 0; i < COUNT(entries) && r == 0; i++)
		if (strcmp(entries[i].applies_to, id->applies_to) == 0)
			r = seed_entry(db, sys_id, &entries[i]);
	return r;
}

int
cmdb_seed_rules(struct db *db)
{
	size_t i;
	int r = 0;

	for (i = 0; i < COUNT(identifiers) && r == 0; i++)
		r = seed_identifier(db, &identifiers[i]);
	return r;
}
