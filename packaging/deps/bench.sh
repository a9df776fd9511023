#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The peers that make bench puts midd beside. None is needed to build or test
# midd; a peer that is not there is skipped, and the table says so.
set -eu
export DEBIAN_FRONTEND=noninteractive
for p in zabbix-agent zabbix-agent2 default-jdk-headless fusioninventory-agent fusioninventory-agent-task-network glpi-agent facter ohai ocsinventory-agent ansible-core nmap masscan zmap pnscan fping ansible pssh python3-paramiko python3-asyncssh prometheus-node-exporter; do
	apt-get install -y -q --no-install-recommends "$p" || echo "bench: $p is not to be had, and will be skipped"
done
