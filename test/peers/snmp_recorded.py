#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recorded SNMP agents, one on each address: snmp_recorded.py PORT ADDRESS=FILE.snmprec...

They answer any community, and whoever asks for their engine ID; a file has lines of OID|TYPE|VALUE (probes/snmp/snmprec.h).
"""
import bisect
import selectors
import sys

from snmp_hostile import Agent, ids_of, integer, items, oid, read, tlv

NUMBERS = {65, 66, 67, 70}
UNKNOWN_ENGINES = (1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0)


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


def number(maker):
    """Of an encoded sysObjectID, the maker's, four bytes at most."""
    ids = ids_of(read(maker)[1])
    return ids[6].to_bytes(4, 'big') if len(ids) > 6 else b'\0'


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

    def engine(self):
        """Its number (snmpEngineID), or one of its maker and its first MAC address (RFC 3411)."""
        told = self.rows.get((1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0))
        if told:
            return told[2:]
        maker = self.rows.get((1, 3, 6, 1, 2, 1, 1, 2, 0), oid((1, 3, 6, 1, 4, 1, 0)))
        macs = [self.rows[n][2:] for n in self.order if n[:10] == (1, 3, 6, 1, 2, 1, 2, 2, 1, 6) and len(self.rows[n]) == 8]
        return bytes(4 - len(number(maker))) + number(maker) + b'\3' + (macs or [bytes(6)])[0]

    def answer(self, data):
        version, head = list(items(read(data)[1]))[:2]
        if version[1] != b'\3':
            return super().answer(data)
        engine = self.engine()
        engine = bytes([engine[0] | 0x80]) + engine[1:]
        ident = next(items(head[1]))[1]
        report = tlv(0xa8, tlv(2, ident) + integer(0) + integer(0) + tlv(0x30, tlv(0x30, oid(UNKNOWN_ENGINES) + tlv(65, b'\1'))))
        usm = tlv(0x30, tlv(4, engine) + integer(1) + integer(1) + tlv(4, b'') + tlv(4, b'') + tlv(4, b''))
        head = tlv(0x30, tlv(2, ident) + integer(65507) + tlv(4, b'\0') + integer(3))
        return tlv(0x30, integer(3) + head + tlv(4, usm) + tlv(0x30, tlv(4, engine) + tlv(4, b'') + report))

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
