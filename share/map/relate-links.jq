# SPDX-License-Identifier: Apache-2.0
#
# relate-links.jq - clones and duplicates. Clones: hosts that answer with one serial number or UUID and yet are not one host, for their names differ, or
# none of their MAC addresses is the other's. Nobody but a person can tell which is right.
# Duplicates: one host that was asked at several of its addresses. One object, or nothing.

def short: (. // "") | ascii_downcase | split(".")[0];
# A clone's CI has lost its serial number (worker/self.c); what it says stands beside it.
def value_of($by): if $by == "uuid" then .uuid else .serial // .ci.values.serial_number end;
def is_one: (map(.ci.values.name | short) | unique | length) == 1
  and ((map(select((.macs // []) | length > 0)) | length) < 2 or ([.[] | .macs[]?] | group_by(.) | any(.[]; length > 1)));
def told($by): {by: $by, value: (first | value_of($by) | tostring | .[0:100]), hosts: (map({address, name: (.ci.values.name // "" | .[0:100])}) | .[0:20])};
def groups($by): [.[] | select((value_of($by) // "") != "")] | group_by(value_of($by)) | .[] | select(length > 1);
def clones($by): groups($by) | select(is_one | not) | told($by);
def duplicates($by): groups($by) | select(is_one) | told($by);
def listed: unique_by(.hosts) | .[0:100];

.hosts | map(select(.missed == null and (.elsewhere | not))) | map(select(.kind == "host")) as $machines
| {clones: ([clones("serial_number"), ($machines | clones("uuid"))] | listed),
   duplicates: ([duplicates("serial_number"), ($machines | duplicates("uuid"))] | listed)}
| with_entries(select(.value | length > 0)) | select(. != {})
