#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SNMP agents that lie, one on each address: snmp_hostile.py PORT ADDRESS=FAULT...

Each has the system group and ifDescr (1.3.6.1.2.1.2.2.1.2) and ifType of 300 interfaces. Faults:
    clean loop wrongid foreign flip cut toobig generr dup drop slow big v1only dead
"""
import bisect
import random
import selectors
import socket
import sys
import threading
import time

GET, NEXT, RESPONSE, BULK = 0xa0, 0xa1, 0xa2, 0xa5
RANDOM = random.Random(4711)


def length(n):
    if n < 128:
        return bytes([n])
    body = n.to_bytes((n.bit_length() + 7) // 8, 'big')
    return bytes([0x80 | len(body)]) + body


def tlv(tag, body):
    return bytes([tag]) + length(len(body)) + body


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, 'big', signed=True))


def oid(ids):
    out = bytearray([ids[0] * 40 + ids[1]])
    for n in ids[2:]:
        part = [n & 127]
        while n > 127:
            n >>= 7
            part.append(128 | n & 127)
        out += bytes(reversed(part))
    return tlv(6, bytes(out))


def read(data, at=0):
    tag, n, at = data[at], data[at + 1], at + 2
    if n & 128:
        n, at = int.from_bytes(data[at:at + (n & 127)], 'big'), at + (n & 127)
    return tag, data[at:at + n], at + n


def items(data):
    at = 0
    while at < len(data):
        tag, body, at = read(data, at)
        yield tag, body


def ids_of(body):
    out, n = [body[0] // 40, body[0] % 40], 0
    for b in body[1:]:
        n = n << 7 | b & 127
        if b < 128:
            out.append(n)
            n = 0
    return tuple(out)


def objects(fault):
    system = (1, 3, 6, 1, 2, 1, 1)
    rows = {system + (1, 0): tlv(4, b'an agent that is ' + fault.encode()),
            system + (2, 0): oid((1, 3, 6, 1, 4, 1, 99999)), system + (3, 0): tlv(0x43, b'\x01')}
    for i in range(1, 301):
        rows[(1, 3, 6, 1, 2, 1, 2, 2, 1, 2, i)] = tlv(4, b'port %d' % i)
        rows[(1, 3, 6, 1, 2, 1, 2, 2, 1, 3, i)] = integer(6)
    if fault == 'big':
        rows[system + (6, 0)] = tlv(4, b'x' * 60000)
    return rows


class Agent:
    def __init__(self, address, port, fault):
        self.fault, self.rows = fault, objects(fault)
        self.order = sorted(self.rows)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.other.bind((address, 0))

    def next(self, name):
        at = bisect.bisect_right(self.order, name)
        if self.fault == 'loop' and name >= (1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 50) and name < (1, 3, 6, 1, 2, 1, 2, 2, 1, 3):
            at = self.order.index((1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 1))
        return self.order[at] if at < len(self.order) else None

    def pairs(self, kind, names, repeat):
        if kind == GET:
            return [(n, self.rows.get(n, b'\x81\x00')) for n in names]
        out, now = [], list(names)
        for _ in range(repeat if kind == BULK else 1):
            for i, name in enumerate(now):
                found = self.next(name)
                out.append((found or name, self.rows[found] if found else b'\x82\x00'))
                now[i] = found or name
        return out

    def answer(self, data):
        _, body, _ = read(data)
        (_, version), (_, community), (kind, pdu) = items(body)
        if kind not in (GET, NEXT, BULK) or self.fault == 'v1only' and version != b'\0':
            return None
        (_, request), _, (_, repeat), (_, binds) = items(pdu)
        names = [ids_of(next(items(b))[1]) for _, b in items(binds)]
        pairs, error, index = self.pairs(kind, names, int.from_bytes(repeat, 'big')), 0, 0
        if self.fault == 'toobig' and len(pairs) > 5:
            pairs, error = [], 1
        if self.fault == 'generr':
            bad = [i for i, (n, _) in enumerate(pairs) if n[:10] == (1, 3, 6, 1, 2, 1, 2, 2, 1, 3)]
            if bad:
                pairs, error, index = [(n, b'\5\0') for n in names], 5, bad[0] % len(names) + 1
        if self.fault == 'wrongid':
            request = bytes([request[0] ^ 1]) + request[1:]
        binds = b''.join(tlv(0x30, oid(n) + v) for n, v in pairs)
        pdu = tlv(2, request) + integer(error) + integer(index) + tlv(0x30, binds)
        return tlv(0x30, tlv(2, version) + tlv(4, community) + tlv(RESPONSE, pdu))

    def serve(self):
        data, who = self.socket.recvfrom(65535)
        answer = self.answer(data) if self.fault != 'dead' else None
        if answer is None or self.fault == 'drop' and RANDOM.random() < 0.3:
            return
        if self.fault == 'slow':
            time.sleep(0.15)
        if self.fault == 'tardy':	# the others are not to wait for it
            threading.Timer(3, self.socket.sendto, (answer, who)).start()
            return
        if self.fault == 'foreign':
            self.other.sendto(answer, who)
            return
        if self.fault == 'flip':
            for _ in range(30):
                bad = bytearray(answer)
                for _ in range(RANDOM.randrange(1, 4)):
                    bad[RANDOM.randrange(len(bad))] ^= 1 << RANDOM.randrange(8)
                self.socket.sendto(bytes(bad), who)
        if self.fault == 'cut':
            for _ in range(10):
                self.socket.sendto(answer[:RANDOM.randrange(len(answer))], who)
        for _ in range(3 if self.fault == 'dup' else 1):
            self.socket.sendto(answer, who)


def main():
    selector = selectors.DefaultSelector()
    for word in sys.argv[2:]:
        address, fault = word.split('=')
        agent = Agent(address, int(sys.argv[1]), fault)
        selector.register(agent.socket, selectors.EVENT_READ, agent)
    print('ready', flush=True)
    while True:
        for key, _ in selector.select():
            key.data.serve()


if __name__ == '__main__':
    main()
