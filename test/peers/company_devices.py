#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recordings of a company's network devices: company_devices.py HOSTS MACS FOLDER

HOSTS is test/data/company/hosts, MACS has lines of "NAME MAC". Switches tell behind which port they see whom
(FDB) and who is beside them (LLDP); the router whom it knows (ARP). What printers and UPSs have besides comes from test/data/snmp.
"""
import os
import sys

PORTS = 24
LLDP = '1.0.8802.1.1.2.1'


def rows_of(path):
    with open(path) as f:
        return [line.split() for line in f if line.strip() and line[0] != '#']


hosts = [dict(net=r[0], last=r[1], port=int(r[2]), name=r[3], kind=r[4]) for r in rows_of(sys.argv[1])]
macs = dict(rows_of(sys.argv[2]))
folder = sys.argv[3]


def hexed(mac):
    return mac.replace(':', '')


def dotted(mac):
    return '.'.join(str(int(part, 16)) for part in mac.split(':'))


def port_mac(mac, n):
    return '%012x' % (int(hexed(mac), 16) + n)


def address(h):
    return '10.88.%s.%s' % (h['net'], h['last'])


def system(h, text, kind, services):
    return ['1.3.6.1.2.1.1.1.0|4|' + text, '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.' + kind, '1.3.6.1.2.1.1.3.0|67|123456700',
            '1.3.6.1.2.1.1.5.0|4|%s.company.test' % h['name'], '1.3.6.1.2.1.1.6.0|4|Room %s' % h['net'], '1.3.6.1.2.1.1.7.0|2|%d' % services]


def interface(i, name, mac):
    at = '1.3.6.1.2.1.2.2.1.'
    return ['%s1.%d|2|%d' % (at, i, i), '%s2.%d|4|%s' % (at, i, name), '%s3.%d|2|6' % (at, i), '%s6.%d|4x|%s' % (at, i, mac),
            '%s7.%d|2|1' % (at, i), '%s8.%d|2|1' % (at, i), '1.3.6.1.2.1.31.1.1.1.1.%d|4|%s' % (i, name)]


def at_address(ip, i):
    return ['1.3.6.1.2.1.4.20.1.1.%s|64|%s' % (ip, ip), '1.3.6.1.2.1.4.20.1.2.%s|2|%d' % (ip, i), '1.3.6.1.2.1.4.20.1.3.%s|64|255.255.255.0' % ip]


def chassis(h, model):
    at = '1.3.6.1.2.1.47.1.1.1.1.'
    return [at + '2.1|4|' + model, at + '4.1|2|0', at + '5.1|2|3', at + '7.1|4|chassis', at + '10.1|4|7.1',
            at + '11.1|4|CMP-%s' % h['name'].upper(), at + '12.1|4|Example Networks, Inc.', at + '13.1|4|' + model]


def neighbour(local, mac, port, name):
    at = '%s.4.1.1.%%d.0.%d.1|' % (LLDP, local)
    return [at % 4 + '2|4', at % 5 + '4x|' + hexed(mac), at % 6 + '2|5', at % 7 + '4|' + port, at % 9 + '4|%s.company.test' % name]


def lldp_port(i, name):
    return ['%s.3.7.1.2.%d|2|5' % (LLDP, i), '%s.3.7.1.3.%d|4|%s' % (LLDP, i, name)]


def switch(h):
    mac = macs[h['name']]
    rows = system(h, 'Example switch EX-%d' % PORTS, '1.1', 2) + chassis(h, 'EX-%d' % PORTS) + at_address(address(h), 100)
    rows += interface(100, 'vlan1', hexed(mac)) + ['1.3.6.1.2.1.17.1.1.0|4x|' + hexed(mac), '1.3.6.1.2.1.17.1.2.0|2|%d' % PORTS]
    for i in range(1, PORTS + 1):
        rows += interface(i, 'ge%d' % i, port_mac(mac, i)) + ['1.3.6.1.2.1.17.1.4.1.2.%d|2|%d' % (i, i)] + lldp_port(i, 'ge%d' % i)
    for other in hosts:
        if other['net'] == h['net'] and other['port'] not in (0, PORTS):
            m = dotted(macs[other['name']])
            rows += ['1.3.6.1.2.1.17.4.3.1.1.%s|4x|%s' % (m, hexed(macs[other['name']])), '1.3.6.1.2.1.17.4.3.1.2.%s|2|%d' % (m, other['port']),
                     '1.3.6.1.2.1.17.4.3.1.3.%s|2|3' % m]
    return rows + neighbour(PORTS, macs['router-1'], 'eth' + h['net'], 'router-1')


def router(h):
    rows = system(h, 'Example router RX-3', '2.1', 6) + chassis(h, 'RX-3') + ['1.3.6.1.2.1.4.1.0|2|1']
    for net in (1, 2, 3):
        rows += interface(net, 'eth%d' % net, port_mac(macs['router-1'], net)) + at_address('10.88.%d.1' % net, net) + lldp_port(net, 'eth%d' % net)
        rows += neighbour(net, macs['switch-%d' % net], 'ge%d' % PORTS, 'switch-%d' % net)
    for other in hosts:
        if other is not h:
            at, ip = '1.3.6.1.2.1.4.22.1.', address(other)
            rows += ['%s1.%s.%s|2|%s' % (at, other['net'], ip, other['net']), '%s2.%s.%s|4x|%s' % (at, other['net'], ip, hexed(macs[other['name']])),
                     '%s3.%s.%s|64|%s' % (at, other['net'], ip, ip), '%s4.%s.%s|2|3' % (at, other['net'], ip)]
    return rows


def recorded(h):
    """A recording of test/data/snmp under another name, serial and address."""
    mine = {'1.3.6.1.2.1.1.5.0': '4|%s.company.test' % h['name'], '1.3.6.1.2.1.43.5.1.1.17.1': '4|CMP-%s' % h['name'].upper()}
    rows = at_address(address(h), 1) + ['1.3.6.1.2.1.2.2.1.6.1|4x|' + hexed(macs[h['name']])]
    with open(os.path.join(os.path.dirname(sys.argv[1]), '../snmp/%s.snmprec' % h['kind'])) as f:
        for line in f:
            name, _, rest = line.strip().partition('|')
            if line[0] != '#' and '.4.20.1.' not in name and name != '1.3.6.1.2.1.2.2.1.6.1':
                rows.append('%s|%s' % (name, mine.get(name, rest)))
    return rows


def order(row):
    return tuple(int(n) for n in row.split('|')[0].split('.'))


for one in hosts:
    make = {'switch': switch, 'router': router, 'printer': recorded, 'ups': recorded}.get(one['kind'])
    if make:
        with open('%s/%s.snmprec' % (folder, one['name']), 'w') as f:
            f.write('\n'.join(sorted(set(make(one)), key=order)) + '\n')
