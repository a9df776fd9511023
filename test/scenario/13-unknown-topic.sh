# SPDX-License-Identifier: Apache-2.0
# A topic nobody serves, and a payload nobody can read, are answered at once with an error.
. "$(dirname "$0")/lib.sh"
lab_init
lab_start
agent_start

if run_job NoSuchProbe >"$W/out" 2>"$W/err"; then die "an unknown topic was answered with success"; fi
has "$(cat "$W/err")" "probe not supported by midd: NoSuchProbe"
equal "$(run_job NoSuchProbe --json 2>/dev/null | jq -r .error_class)" UNSUPPORTED

printf '<!DOCTYPE a [<!ENTITY x "y">]><parameters/>' >"$W/dtd.xml"
if run_job Echo --payload "$W/dtd.xml" >"$W/out" 2>"$W/err"; then die "a DTD was accepted"; fi
has "$(cat "$W/err")" "DTD"
each_once NoSuchProbe 2
agent_stop
pass
