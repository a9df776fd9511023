#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""latency LAB URL AGENT JOBS APART: milliseconds from the insert of an Echo job at midlab to
its row being processed, which midlab does when the answer is in; a line each. The connection is
open before, and the row is looked at every 2 ms. APART: at most so many seconds between jobs."""
import http.client
import json
import random
import ssl
import sys
import time
from urllib.parse import urlparse

lab, url, agent, jobs, apart = sys.argv[1], urlparse(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
tls = ssl.create_default_context(cafile=lab + "/ca.pem")
tls.load_cert_chain(lab + "/agents/admin.pem", lab + "/agents/admin.key")
to = http.client.HTTPSConnection(url.hostname, url.port, context=tls, timeout=60)
TABLE = "/api/now/table/ecc_queue"
PAYLOAD = '<?xml version="1.0"?><parameters><parameter name="text" value="%d"/></parameters>'


def call(method, path, body=None):
    to.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
    answer = to.getresponse()
    said = answer.read()
    if answer.status >= 300:
        sys.exit("latency: %s %s: %d %s" % (method, path, answer.status, said[:200]))
    return json.loads(said)["result"]


for i in range(jobs):
    time.sleep(random.uniform(0, apart))    # not in step with the polls
    row = {"agent": "mid.server." + agent, "queue": "output", "state": "ready", "topic": "Echo", "name": "latency",
           "payload": PAYLOAD % i}
    start = time.monotonic()
    sys_id = call("POST", TABLE, row)["sys_id"]
    while call("GET", "%s/%s?sysparm_fields=state" % (TABLE, sys_id))["state"] != "processed":
        if time.monotonic() - start > 60:
            sys.exit("latency: job %s has no answer after 60 s" % sys_id)
        time.sleep(0.002)
    print("%.2f" % ((time.monotonic() - start) * 1000), flush=True)
