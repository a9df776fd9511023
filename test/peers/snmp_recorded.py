#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recorded SNMP agents, one on each address: snmp_recorded.py PORT ADDRESS=FILE.snmprec...

They answer any community; a file has lines of OID|TYPE|VALUE (probes/snmp/snmprec.h).
"""
import bisect
import selectors
import sys

from snmp_hostile import Agent, integer, oid, tlv

NUMBERS = {65, 66, 67, 70}


def value(kind, text):
    tag = int(kind.rstrip('x'))
    if kind.endswith('x'):
        return tlv(tag, bytes.fromhex(text))
    if tag == 6:
        return oid(tuple(int(n) for n in text.split('.')))
    if tag == 64:
        return tlv(tag, bytes(int(n) for n in text.split('.')))
    if tag == 2:
        return integer(int(text))
    if tag in NUMBERS:
        return tlv(tag, integer(int(text))[2:])
    return tlv(tag, text.encode())


def rows_of(path):
    rows = {}
    with open(path) as f:
        for line in f:
            line = line.rstrip('\n')
            if line and line[0] != '#':
                name, kind, text = line.split('|', 2)
                rows[tuple(int(n) for n in name.split('.'))] = value(kind, text)
    return rows


class Recorded(Agent):
    def __init__(self, address, port, path):
        super().__init__(address, port, 'clean')
        self.rows = rows_of(path)
        self.order = sorted(self.rows)

    def next(self, name):
        at = bisect.bisect_right(self.order, name)
        return self.order[at] if at < len(self.order) else None


def main():
    port, agents = int(sys.argv[1]), selectors.DefaultSelector()
    for word in sys.argv[2:]:
        address, path = word.split('=', 1)
        agent = Recorded(address, port, path)
        agents.register(agent.socket, selectors.EVENT_READ, agent)
    print('ready', flush=True)
    while True:
        for key, _ in agents.select():
            key.data.serve()


if __name__ == '__main__':
    main()
