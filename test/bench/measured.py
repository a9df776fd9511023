#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""measured NAME FILE COMMAND...: a row with the wall and processor time of a command and all
it started, the memory of the largest process, and the size of its output."""
import os
import resource
import subprocess
import sys
import time

name, out, command = sys.argv[1], sys.argv[2], sys.argv[3:]
start = time.monotonic()
with open(out, "wb") as f:
    subprocess.run(command, stdout=f, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False, timeout=300)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("  %-34s %9.0f %9.0f %9.1f %9d" % (name, wall * 1000, (used.ru_utime + used.ru_stime) * 1000,
                                         used.ru_maxrss / 1024, os.path.getsize(out) // 1024))
