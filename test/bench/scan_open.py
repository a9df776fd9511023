#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scan_open DEVICE TARGETS: the open ports of the bench's scan: 22 everywhere, 80 on every fifth address
of the file, 443 on every tenth. Takes each connection and closes it; says "ready" when all are open."""
import select
import socket
import sys

device, path = sys.argv[1], sys.argv[2]
targets = open(path, encoding="ascii").read().split()
poll = select.epoll()
servers = {}
for address, port in [("0.0.0.0", 22)] + [(t, 80) for t in targets[::5]] + [(t, 443) for t in targets[::10]]:
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    s.bind((address, port))
    s.listen(4096)
    s.setblocking(False)
    poll.register(s, select.EPOLLIN)
    servers[s.fileno()] = s
print("ready", flush=True)
while True:
    for fd, _ in poll.poll():
        try:
            for _ in range(64):
                servers[fd].accept()[0].close()
        except OSError:
            pass
