# SPDX-License-Identifier: Apache-2.0
#
# relate-links.jq - clones: hosts that answer with one serial number or UUID and yet are not one host, for their names differ, or
# none of their MAC addresses is the other's. Nobody but a person can tell which is right. One object, or nothing.

def short: (. // "") | ascii_downcase | split(".")[0];
def is_one: (map(.ci.values.name | short) | unique | length) == 1
  and ((map(select((.macs // []) | length > 0)) | length) < 2 or ([.[] | .macs[]?] | group_by(.) | any(.[]; length > 1)));
def clones($by; value): [.[] | select(value != null and value != "")] | group_by(value)
  | .[] | select(length > 1 and (is_one | not))
  | {by: $by, value: (first | value | tostring | .[0:100]), hosts: (map({address, name: (.ci.values.name // "" | .[0:100])}) | .[0:20])};

.hosts | [clones("serial_number"; .ci.values.serial_number), (map(select(.kind == "host")) | clones("uuid"; .uuid))]
| unique_by(.hosts) | .[0:100] | select(length > 0) | {clones: .}
