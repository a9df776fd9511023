# SPDX-License-Identifier: Apache-2.0
# A small company (test/peers/company.sh): one Discover job of the instance over its three networks. The CMDB and
# the graph are those of test/data/company/expected, line by line; a second run changes no row and no target sends a CI.
# make company (test/company-long.sh) kills midd meanwhile, and the lab misbehaves.
. "$(dirname "$0")/lib.sh"
PIT="exclude=10.88.3.50"
. "$(dirname "$0")/company.sh"
company_up "$W/company"
company_begins
from=$(log_now)
first=$(discover)
wait_for 120 ended "$first"
is_expected

# The clone is a CI of its own, without a serial number, and told of.
equal "$(lab table cmdb_ci_linux_server serial_number=CMP-BUILD-1 --json | jq length)" 1 "CIs with the serial number that two say is theirs"
clones() { ctl discovery "$first" --json | jq -c '[.clones[] | [.value, (.hosts | map(.address) | sort[])]]'; }
equal "$(clones)" '[["CMP-BUILD-1","10.88.2.14","10.88.2.15"]]'
has "$(cat "$W/$AGENT/midd.log")" "another machine by its name or MAC addresses: a clone"

# The router has three addresses, and is asked once.
equal "$(ctl discovery "$first" --json | jq -c '[.targets[] | select(.address | test("^10.88.[123].1$")) | .state] | sort')" '["done","same","same"]'

# Whoever shows another key than the one that is known gives no facts.
equal "$(lab table cmdb_ci_linux_server name=old-1 --json | jq length)" 0

company_again "$(sent_bytes "$from")"

# A discovery tells the log of the instance of the clones.
lab discover 10.88.2.14-10.88.2.15 --agent demo --with rate=0 --wait 60 >/dev/null 2>&1
equal "$(lab table discovery_log status.source=person --fields status.state,level,source,message --json | jq -r '.[] | map_values(tostring) | [.["status.state"], .level, .source, .message] | join(" ")')" \
	"Completed warning midd clones: serial_number CMP-BUILD-1 is that of build-1 (10.88.2.14) and build-2 (10.88.2.15)"
agent_stop
pass
