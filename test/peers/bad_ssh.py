#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bad_ssh - a server that means ill to whoever speaks SSH (RFC 4253) to it.

    bad_ssh.py ADDRESS WAY

Prints the port it listens on. WAY, for each connection until its end:
  flood     lines before the greeting, without end
  line      one line without an end
  escapes   a greeting that writes to terminals, then the end
  junk      a greeting, then noise
  huge      a greeting, then a packet that says it has 4 GB
  kexinit   a greeting, then the same good KEXINIT again and again
  old       a greeting of SSH 1
  mute      nothing but the end
"""
import os
import socket
import struct
import sys

GREETING = b"SSH-2.0-bad\r\n"


def packet(payload):
    pad = 8 - (len(payload) + 5) % 8 + 4
    return struct.pack(">IB", len(payload) + pad + 1, pad) + payload + bytes(pad)


def kexinit():
    names = [b"curve25519-sha256", b"ssh-ed25519", b"aes128-ctr", b"aes128-ctr", b"hmac-sha2-256", b"hmac-sha2-256",
             b"none", b"none", b"", b""]
    return packet(b"\x14" + os.urandom(16) + b"".join(struct.pack(">I", len(n)) + n for n in names) + bytes(5))


def again(first, more):
    yield first
    while True:
        yield more


WAYS = {
    "flood": lambda: again(b"", b"have patience\r\n" * 1000),
    "line": lambda: again(b"", b"x" * 10000),
    "escapes": lambda: [b"SSH-2.0-\x1b[2J\x1b]0;owned\x07\r\n" + os.urandom(64)],
    "junk": lambda: again(GREETING, os.urandom(4096)),
    "huge": lambda: again(GREETING + b"\xff\xff\xff\xff\x04\x14", bytes(10000)),
    "kexinit": lambda: again(GREETING, kexinit()),
    "old": lambda: [b"SSH-1.5-old\r\n"],
    "mute": lambda: [],
}


def main():
    way = WAYS[sys.argv[2]]
    listener = socket.create_server((sys.argv[1], 0), backlog=16)
    print(listener.getsockname()[1], flush=True)
    while True:
        peer, _ = listener.accept()
        peer.settimeout(60)
        try:
            for piece in way():
                peer.sendall(piece)
        except OSError:
            pass
        peer.close()


main()
