# SPDX-License-Identifier: Apache-2.0
#
# scan.jq - what a Scan or URLCertificateScanProbe has found into payloads for the
# Identification and Reconciliation API: the certificates that servers show. Hosts
# become CIs when they have been looked into, not when they answered.

def item($class; $id; values): {className: $class, internal_id: $id,
  values: (values | with_entries(select(.value != null and .value != "") | .value |= tostring))};

# The state by its dates, as of the day the map runs.
def state: (now | todate | .[0:10]) as $today
  | if .valid_to == null then null elif .valid_to[0:10] < $today then "expired" else "issued" end;

def certificate($id): item("cmdb_ci_certificate"; $id;
  {name: (.subject_common_name // .subject), subject_common_name, subject_distinguished_name: .subject, issuer, serial_number,
   valid_from, valid_to, fingerprint, fingerprint_algorithm, key_size, signature_algorithm, version,
   subject_alternative_name: .subject_alternative_names, is_ca, is_self_signed, state: state,
   short_description: "shown by \(.address) port \(.port)"});

# One that several show is told by the first of them, in whatever order they have answered.
[.certificates[]? | select(.fingerprint != null)]
| sort_by((.address | test(":")), (.address | split(".") | map(tonumber? // 0)), .address, .port) | unique_by(.fingerprint) as $all
| [range(0; $all | length; 500) as $at | $all[$at:$at + 500]] | .[]
| {items: [to_entries[] | .key as $i | .value | certificate("certificate\($i)")], relations: [], referenceItems: []}
