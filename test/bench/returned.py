#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""returned DIR: which classes of facts stand in each tool's output (files named after the tools).
A mark is something that only a fact of this class brings: a name from this very machine
where there is one, else the words the tools use for it."""
import os
import re
import socket
import sys


def first(path, pattern, other):
    try:
        found = re.search(pattern, open(path, errors="replace").read(), re.M)
    except OSError:
        found = None
    return re.escape(found.group(1)) if found else other


disk = next((d for d in sorted(os.listdir("/sys/block")) if not re.match("loop|ram|zram", d)), "sda")
nic = next((n for n in sorted(os.listdir("/sys/class/net")) if n != "lo"), "lo")
marks = {
    "os": first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]+)', "Linux") + "|" + first("/etc/os-release", r'^VERSION_CODENAME=(\S+)', "Linux"),
    "kernel": re.escape(os.uname().release),
    "name": re.escape(socket.gethostname()),
    "cpu": first("/proc/cpuinfo", r"^model name\s*: (\S+ \S+)", "(?i)cpu model"),
    "memory": r"(?i)memtotal|\"?memory|ram_mb|physical",
    "disks": r"\b" + disk + r"\b",
    "mounts": r"(?i)\bext4\b|\bxfs\b|\bbtrfs\b|\boverlay\b",
    "nics": r"\b" + nic + r"\b",
    "mac": r"(?i)\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b",
    "ip": r"\b127\.0\.0\.1\b",
    "routes": r"(?i)\"routes?\"|gateway|<ipgateway",
    "dns": r"(?i)nameserver|\"dns|<dns",
    "packages": r"\blibc6\b",
    "processes": r"kworker|ksoftirqd|<CMD>",
    "sockets": r"(?i)\"sockets\"|local_port|\"listen",
    "services": r"(?i)\"services\"|<service|\w+\.service\b",
    "users": r"\bwww-data\b",
    "pci": r"(?i)\b[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9]\b|pciid|<controllers",
    "virtual": r"(?i)hypervisor|virtual|vmsystem|\bkvm\b",
    "neighbours": r"(?i)neighbou?r|\barp\b",
    "clock": r"(?i)timezone|uptime|boot_?time",
}
width = max(len(c) for c in marks)
tools = sorted(os.listdir(sys.argv[1]))
texts = {t: open(os.path.join(sys.argv[1], t), errors="replace").read() for t in tools}
print("  %-*s" % (width, "") + "".join("%16s" % t[:15] for t in tools))
have = dict.fromkeys(tools, 0)
for c, pattern in marks.items():
    counts = {t: len(re.findall(pattern, texts[t])) for t in tools}
    for t in tools:
        have[t] += counts[t] > 0
    print("  %-*s" % (width, c) + "".join("%16s" % (counts[t] or "-") for t in tools))
print("  %-*s" % (width, "classes") + "".join("%16d" % have[t] for t in tools))
