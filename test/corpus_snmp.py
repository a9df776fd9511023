#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges SnmpFacts by recorded devices, field by field: see corpus-snmp.sh."""
import argparse
import collections
import ipaddress
import json
import os
import subprocess

HEADLINE = ['vendor', 'class', 'os', 'os_version', 'model', 'serial', 'sysName', 'sysDescr', 'sysObjectID',
            'sysLocation', 'sysContact', 'if_count', 'port_count', 'ethernet_port_count', 'ip_count', 'entity_count',
            'lldp_neighbours', 'cdp_neighbours', 'storage_count', 'software_count']
TABLES = {'interfaces': ('ifIndex', ['ifDescr', 'ifName', 'ifAlias', 'ifType', 'ifMtu', 'ifSpeed', 'ifHighSpeed', 'mac', 'admin', 'oper']),
          'ip_addresses': ('ip', ['ifIndex', 'mask']),
          'entities': ('index', ['descr', 'containedIn', 'class', 'name', 'hardwareRev', 'firmwareRev', 'softwareRev',
                                 'serial', 'mfg', 'model']),
          'storage': ('index', ['descr', 'type', 'unit', 'size_bytes', 'used_bytes'])}
NAMES = {'lldp': ['chassisId', 'portId', 'portDesc', 'sysName'], 'cdp': ['deviceId', 'devicePort', 'platform']}


# What the recorder has made of a value, not the device: judged as right, and counted apart.
ARTEFACTS = {('cyberpower_pr2200rt2uc', 'interfaces.ifDescr'): 'five bytes of binary under a text object; we write such as hex'}


def same(want, got):
    """A text ends at its first NUL: what agents leave behind it in a field of fixed size is not meant."""
    if isinstance(want, str) and isinstance(got, str):
        return want.strip(' \0\r\n\t').split('\0')[0] == got.strip(' \0\r\n\t').split('\0')[0]
    return want == got


def key_of(table, value):
    if table != 'ip_addresses' or ':' not in str(value):
        return str(value)
    return ipaddress.ip_address(value).compressed


def text_of_hex(s):
    """An address that the neighbour gave as text was written as the hex of its letters."""
    try:
        return bytes.fromhex(s).decode('ascii') if len(s) == 34 else s
    except ValueError:
        return s


class Judge:
    def __init__(self):
        self.fields = collections.OrderedDict()
        self.details = []

    def check(self, name, field, want, got, accept=()):
        row = self.fields.setdefault(field, collections.Counter())
        if want is None:
            row['-'] += 1
            return
        if got is None and want not in ('', 0, []):
            verdict = 'missing'
        elif got is None or any(same(w, got) for w in [want, *accept]):
            verdict = 'right'
        else:
            verdict = 'wrong'
        if verdict != 'right' and (name, field) in ARTEFACTS:
            verdict = 'artefact'
        row[verdict] += 1
        if verdict not in ('right', 'artefact'):
            self.details.append('%s: %s %s: expected %s, got %s' % (
                name, verdict, field, json.dumps(want)[:150], json.dumps(got)[:150]))


def facts_of(args, address):
    done = subprocess.run([args.midctl, '--control', args.control, 'run', 'SnmpFacts', '--source', address,
                           'port=%d' % args.port, '--json'], capture_output=True, timeout=120)
    try:
        return json.loads(done.stdout)
    except ValueError:
        print((done.stdout + done.stderr).decode('utf-8', 'replace')[:300])
        return {}


def judge_tables(judge, name, facts, path):
    with open(path) as f:
        want = json.load(f)
    for table, (key, fields) in TABLES.items():
        got = {key_of(table, r.get(key)): r for r in facts.get(table, [])}
        for row in want.get(table) or []:
            there = got.get(key_of(table, row.get(key)), {})
            for field in fields:
                if field in row:
                    judge.check(name, table + '.' + field, row[field], there.get(field))
    judge_neighbours(judge, name, facts, want.get('neighbours') or [])
    for i, package in enumerate(want.get('software') or []):
        judge.check(name, 'software', package, (facts.get('software', [])[i:i + 1] or [None])[0])


def judge_neighbours(judge, name, facts, rows):
    """Several may stand behind one port: of those, the one that has most of what is expected."""
    left = list(facts.get('neighbours', []))
    for row in rows:
        here = [n for n in left if all(n.get(k) == row.get(k) for k in ('protocol', 'localPortNum', 'localIfIndex'))]
        fields = {f: text_of_hex(row[f]) for f in NAMES[row['protocol']] if row.get(f) is not None}
        best = max(here, key=lambda n: sum(same(v.lower(), (n.get(f) or '').lower()) for f, v in fields.items()), default={})
        if best:
            left.remove(best)
        for f, v in fields.items():
            got = best.get(f)
            judge.check(name, 'neighbours.' + f, v.lower() if v != row[f] else v, got and (got.lower() if v != row[f] else got))


def main():
    p = argparse.ArgumentParser()
    for option in ('--midctl', '--control', '--map', '--only'):
        p.add_argument(option)
    p.add_argument('--port', type=int)
    p.add_argument('--details', type=int, default=60)
    p.add_argument('folder')
    args = p.parse_args()
    with open(args.map) as f:
        where = json.load(f)
    with open(os.path.join(args.folder, 'expected.json')) as f:
        devices = json.load(f)['devices']
    by_name = {}
    for row in where:
        texts = [str(v) for v in (row.values() if isinstance(row, dict) else row)]
        address = next(t for t in texts if t.startswith('127.'))
        for t in texts:
            by_name.setdefault(os.path.basename(t).replace('.snmprec', ''), address)
    judge = Judge()
    for file, want in devices.items():
        name = file[:-len('.snmprec')]
        if name not in by_name or args.only and args.only not in name:
            continue
        facts = facts_of(args, by_name[name])
        for field in HEADLINE:
            judge.check(name, field, want.get(field), facts.get(field), (want.get('accept') or {}).get(field, ()))
        path = os.path.join(args.folder, 'expected', name + '.json')
        if os.path.exists(path):
            judge_tables(judge, name, facts, path)
    for line in judge.details[:args.details]:
        print(line)
    total = collections.Counter()
    print('%-28s %7s %7s %7s %7s' % ('field', 'right', 'wrong', 'missing', '-'))
    for field, row in judge.fields.items():
        print('%-28s %7d %7d %7d %7d' % (field, row['right'], row['wrong'], row['missing'], row['-']))
        total.update(row)
    if total['artefact']:
        print('not judged, as the recorder made them: %s' % '; '.join('%s %s: %s' % (*k, why) for k, why in ARTEFACTS.items()))
    print('snmp: %d right, %d wrong, %d missing' % (total['right'], total['wrong'], total['missing']))
    bad = total['wrong'] + total['missing']
    return 0 if total['right'] and bad * 100 <= total['right'] else 1


if __name__ == '__main__':
    raise SystemExit(main())
