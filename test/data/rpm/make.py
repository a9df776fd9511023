#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the small rpm databases of this folder (the results are kept beside it).

    make.py DIR [PACKAGES]    needs db5.3_load (Debian: db5.3-util)

Berkeley DB files come from its own loader, in both byte orders and with pages
so small that a header needs a chain of them; SQLite files from SQLite itself,
one of them with its last packages only in the write-ahead log; ndb, which
Debian's rpm cannot write, from the layout that rpm's sources describe.
"""
import os, shutil, sqlite3, struct, subprocess, sys, zlib

STRING, INT32, INT64, I18N = 6, 4, 5, 9


def header(fields):
    """The blob rpm keeps of a package: counts, index, store."""
    index, store = b"", b""
    for tag, kind, value in sorted(fields, key=lambda f: f[0]):
        if kind == INT32:
            store += b"\0" * (-len(store) % 4)
        if kind == INT64:
            store += b"\0" * (-len(store) % 8)
        index += struct.pack(">IIII", tag, kind, len(store), 1)
        if kind == INT32:
            store += struct.pack(">I", value)
        elif kind == INT64:
            store += struct.pack(">Q", value)
        else:
            store += value.encode() + b"\0"
    return struct.pack(">II", len(index) // 16, len(store)) + index + store


def package(i):
    """Every third is large, every fifth has an epoch and a 64-bit size."""
    fields = [
        (1000, STRING, "pkg-%d" % i), (1001, STRING, "1.%d" % i),
        (1002, STRING, "%d.el9" % (i % 7)), (1004, I18N, "Package number %d" % i),
        (1008, INT32, 1600000000 + i), (1011, STRING, "Example"),
        (1014, STRING, "MIT"), (1022, STRING, "x86_64"),
        (1044, STRING, "pkg-%d-1.%d.src.rpm" % (i, i)),
    ]
    if i % 3 == 0:
        fields.append((1005, I18N, "long text " * 300))
    if i % 5 == 0:
        fields += [(1003, INT32, 2), (5009, INT64, 5 << 30)]
    else:
        fields.append((1009, INT32, 1000 * i))
    return header(fields)


def bdb(path, blobs, page, order):
    """order: 1234 or 4321. Key 0 is rpm's counter."""
    end = "<" if order == 1234 else ">"
    rows = [(0, struct.pack(end + "I", len(blobs)))]
    rows += [(i + 1, b) for i, b in enumerate(blobs)]
    text = "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=%d\nHEADER=END\n" % page
    for key, value in rows:
        text += " %s\n %s\n" % (struct.pack(end + "I", key).hex(), value.hex())
    text += "DATA=END\n"
    if os.path.exists(path):
        os.unlink(path)
    subprocess.run(["db5.3_load", "-c", "db_lorder=%d" % order, path],
                   input=text.encode(), check=True)


def ndb(path, blobs):
    """One page of slots, then the blobs in blocks of 16 bytes."""
    at, slots, body = 256, b"", b""
    for i, blob in enumerate(blobs):
        n = (16 + len(blob) + 12 + 15) // 16
        room = n * 16 - 28 - len(blob)
        head = struct.pack("<4sIII", b"BlbS", i + 1, 1, len(blob))
        tail = struct.pack("<II4s", zlib.adler32(blob), len(blob), b"BlbE")
        body += head + blob + b"\0" * room + tail
        slots += struct.pack("<4sIII", b"Slot", i + 1, at, n)
        at += n
    start = struct.pack("<4sIIIIIII", b"RpmP", 0, 1, 1, len(blobs) + 1, 0, 0, 0)
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0)
    slots += free * ((4096 - 32 - len(slots)) // 16)
    open(path, "wb").write(start + slots + body)


def sqlite(path, blobs, late):
    """The last LATE packages stay in the log: it is copied while it is open."""
    work = path + ".work"
    for name in (work, work + "-wal", work + "-shm"):
        if os.path.exists(name):
            os.unlink(name)
    db = sqlite3.connect(work, isolation_level=None)
    db.execute("PRAGMA page_size=1024")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
    for i, blob in enumerate(blobs):
        if i == len(blobs) - late:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("INSERT INTO Packages(blob) VALUES(?)", (blob,))
    if late == 0:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(work, path)
    if late:
        shutil.copy(work + "-wal", path + "-wal")
    db.close()
    for name in (work, work + "-wal", work + "-shm"):
        if os.path.exists(name):
            os.unlink(name)


if __name__ == "__main__":
    where, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 6
    blobs = [package(i) for i in range(1, count + 1)]
    bdb(os.path.join(where, "little.bdb"), blobs, 512, 1234)
    bdb(os.path.join(where, "big.bdb"), blobs, 1024, 4321)
    if count < 250:
        ndb(os.path.join(where, "small.ndb"), blobs)
    sqlite(os.path.join(where, "plain.sqlite"), blobs, 0)
    sqlite(os.path.join(where, "logged.sqlite"), blobs, 2)
    open(os.path.join(where, "header.bin"), "wb").write(blobs[4])
