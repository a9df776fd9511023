#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An exec probe in Python, standard library only.

One JSON object comes on standard input; each line of standard output is one
JSON object with one word in it. Exit status 0 means done.
"""
import heapq
import json
import os
import sys


def say(word, value):
    print(json.dumps({word: value}), flush=True)


def files_below(top):
    for folder, _, names in os.walk(top, onerror=lambda e: say("partial", f"{e.filename}: {e.strerror}")):
        for name in names:
            path = os.path.join(folder, name)
            try:
                yield os.lstat(path).st_size, path
            except OSError as e:
                say("partial", f"{path}: {e.strerror}")


def main():
    job = json.load(sys.stdin)
    path = job["params"]["path"]
    if not os.path.isabs(path) or not os.path.isdir(path):
        say("error", {"class": "bad_param", "message": f"path is {path!r}, expected an absolute path of a folder"})
        return
    say("log", {"level": "debug", "text": f"walking {path}, {job['deadline_ms']} ms left"})
    total = count = 0
    largest = []
    keep = max(0, int(job["params"]["largest"]))
    for size, name in files_below(path):
        total += size
        count += 1
        heapq.heappush(largest, (size, name))
        if len(largest) > keep:
            heapq.heappop(largest)
    say("json", {"path": path, "bytes": total, "files": count,
                 "largest": [{"path": n, "bytes": s} for s, n in sorted(largest, reverse=True)]})


main()
