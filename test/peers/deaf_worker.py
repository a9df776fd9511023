#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# deaf_worker - greets as a worker does, takes one run, and then asks without end and reads no answer.
import json, socket, struct

link = socket.socket(fileno=0)


def say(kind, run, body=b""):
    link.sendall(struct.pack("<IBBHI", len(body), kind, 0, 0, run) + body)


def hear():
    head = link.recv(12, socket.MSG_WAITALL)
    link.recv(struct.unpack_from("<I", head)[0], socket.MSG_WAITALL)
    return head[4], struct.unpack_from("<I", head, 8)[0]


link.setblocking(True)
say(1, 0, json.dumps({"protocol": 1, "probes": [], "guard": {}}).encode())
_, run = hear()
say(2, run)
hear()
while True:
    say(11, run, b'{"what":"x","about":"y"}')
