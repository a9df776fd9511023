#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scan_rows CASE TARGETS MIDD: midd and others ask the same addresses by turns (ROUNDS of them); a row for each with its
medians. MIDD is a command that takes ports and prints midctl's answer."""
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

case, path, midd = sys.argv[1:4]
targets = open(path, encoding="ascii").read().split()
PORTS = "22,80,443,135,445,3389,5985,8080,3306,1433"
RAW = "-e $IFACE --router-mac $GATEWAY --adapter-ip $SOURCE --adapter-port 40000-40255"
NMAP = "nmap -n -Pn -T5 -p $PORTS --max-retries 1 --min-hostgroup 4096 --min-rate 50000 --max-rtt-timeout 1000ms -iL $TARGETS -oG - "
PAIRS = re.compile(r"^ *(10\.[\d.]+) *[: ] *(\d+)", re.M)
# Name, the program that must be there, how it is called.
TCP = [
    ("midd", midd, midd + " $PORTS none"),
    ("midd with midd-raw", midd, midd + " $PORTS raw"),
    ("nmap -sT", "nmap", NMAP + "-sT --min-parallelism 1000"),
    ("nmap -sS", "nmap", NMAP + "-sS"),
    ("masscan 100k/s", "masscan", "masscan -iL $TARGETS -p $PORTS --rate 100000 --wait 2 -oL - " + RAW),
    ("masscan 10k/s", "masscan", "masscan -iL $TARGETS -p $PORTS --rate 10000 --wait 2 -oL - " + RAW),
    ("zmap, port by port", "zmap", "for p in $(echo $PORTS | tr , ' '); do zmap -q -p $p -i $IFACE -G $GATEWAY -S $SOURCE -r 100000 -c 1"
     " -b /dev/null -w $TARGETS -v 0 -o - | sed \"s/$/ $p/\"; done"),
    ("pnscan, port by port", "pnscan", "for p in $(echo $PORTS | tr , ' '); do pnscan -n256 -t1000 $FIRST:$LAST $p; done"),
    ("least, connect", os.environ.get("LEAST", "") + "/scan", "$LEAST/scan $TARGETS $PORTS -w 4000 -t 1000"),
    ("least, raw SYN", os.environ.get("LEAST", "") + "/synscan", "$LEAST/synscan $TARGETS $PORTS $SOURCE -r 200000 -p 3 -t 300"),
]
PING = [
    ("midd", midd, midd + " icmp none"),
    ("midd with midd-raw", midd, midd + " icmp raw"),
    ("fping -i 1", "fping", "fping -a -i 1 -p 20 -t 500 -r 1 -f $TARGETS"),
    ("fping -i 0.01", "fping", "fping -a -i 0.01 -t 500 -r 1 -f $TARGETS"),
    ("nmap -sn -PE", "nmap", "nmap -n -sn -PE -T5 --min-hostgroup 4096 --disable-arp-ping -iL $TARGETS -oG -"),
]


def midd_found(text):
    hosts = json.loads(text)["hosts"]
    if case == "icmp":
        return {(h["address"], "") for h in hosts if h["alive"]}
    return {(h["address"], str(p["port"])) for h in hosts for p in h.get("ports", []) if p["result"] == "open"}


def found(text):
    if text.startswith('{"schema"'):
        return midd_found(text)
    if case == "icmp":
        return {(a, "") for a in re.findall(r"^(?:Host: )?(10\.[\d.]+)", text, re.M)}
    pairs = set(PAIRS.findall(text)) | {(a, p) for p, a in re.findall(r"^open tcp (\d+) (\S+)", text, re.M)}
    for host, ports in re.findall(r"^Host: (\S+) .*Ports: (.*)", text, re.M):
        pairs |= {(host, p) for p in re.findall(r"(\d+)/open/", ports)}
    return pairs


def run(command, env):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        subprocess.run(["timeout", "200", "sh", "-c", command], stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                       env=env, check=False)
        wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        out.seek(0)
        pairs = found(out.read())
    known = set(targets)
    return (wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            len(pairs & want), len({p for p in pairs if p[0] in known} - want))


if case == "icmp":
    want, questions, rows = {(t, "") for t in targets}, len(targets), PING
else:
    want = {(t, "22") for t in targets} | {(t, "80") for t in targets[::5]} | {(t, "443") for t in targets[::10]}
    questions, rows = len(targets) * len(PORTS.split(",")), TCP
environment = dict(os.environ, PORTS=PORTS, TARGETS=path, FIRST=targets[0], LAST=targets[-1])
rows = [r for r in rows if re.search(os.environ.get("OTHERS", "."), r[0]) or r[0].startswith("midd")]
for name, program, _ in rows:
    if shutil.which(program) is None and not name.startswith("least"):
        print("bench-discovery: MISSING: %s (make bench-deps)" % name, file=sys.stderr)
rows = [r for r in rows if shutil.which(r[1])]
seen = {name: [] for name, _, _ in rows}
for turn in range(int(os.environ.get("ROUNDS", "3"))):
    for name, _, command in rows[turn % len(rows):] + rows[:turn % len(rows)]:
        if sum(r[0] for r in seen[name]) < 60:      # who needs minutes is not asked thrice
            seen[name].append(run(command, environment))
print("  %-22s %8s %9s %12s %14s %6s" % ("", "wall s", "a second", "CPU us each", "found", "wrong"))
for name, results in sorted(seen.items(), key=lambda kv: statistics.median(r[0] for r in kv[1])):
    wall, cpu, least, wrong = (statistics.median(r[0] for r in results), statistics.median(r[1] for r in results),
                               min(r[2] for r in results), max(r[3] for r in results))
    print("  %-22s %8.2f %9.0f %12.1f %7d/%d %6d" % (name, wall, questions / wall, cpu * 1e6 / questions, least, len(want), wrong))
if case == "icmp":
    wall, cpu = run(midd + " icmp none " + targets[0], environment)[:2]
    print("  of midd's, its start and its end: %.2f s, %.0f ms of processor time" % (wall, cpu * 1000))
