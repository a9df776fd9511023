#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A collector of traces for tests: takes OTLP/HTTP JSON at any path, holds every request against the
shape of ExportTraceServiceRequest, and writes what it took to FOLDER/spans, a line a span.

    otlp_sink.py FOLDER [CERT KEY]

FOLDER/port: where it listens. FOLDER/answer, if there: the status of the next answers, and a body behind it.
FOLDER/wrong: what did not have the shape. FOLDER/asked: the request lines.
"""
import http.server
import json
import os
import re
import ssl
import sys

FOLDER = sys.argv[1]
KINDS = {"stringValue": str, "intValue": str, "boolValue": bool, "doubleValue": float}


class Wrong(Exception):
    pass


def keys(o, must, may=()):
    """An unknown field is a misspelt one: receivers let it pass in silence."""
    if not isinstance(o, dict):
        raise Wrong(f"no object: {o!r:.80}")
    for k in must:
        if k not in o:
            raise Wrong(f"{k} is missing in {sorted(o)}")
    for k in o:
        if k not in must and k not in may:
            raise Wrong(f"{k} is no field here")


def attributes(rows):
    seen = {}
    for row in rows:
        keys(row, ("key", "value"))
        (kind, value), = row["value"].items()
        if kind not in KINDS or not isinstance(value, KINDS[kind]) or row["key"] in seen:
            raise Wrong(f"attribute {row}")
        if kind == "intValue" and not re.fullmatch(r"-?\d{1,19}", value):
            raise Wrong(f"number {row}")
        seen[row["key"]] = value
    return seen


def hexed(o, key, n, may_lack=False):
    if not re.fullmatch("[0-9a-f]{%d}" % n, o[key]) or set(o[key]) == {"0"}:
        if not (may_lack and o[key] == ""):
            raise Wrong(f"{key} {o[key]!r}")


def span(o):
    keys(o, ("traceId", "spanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano"),
         ("parentSpanId", "attributes", "status"))
    hexed(o, "traceId", 32)
    hexed(o, "spanId", 16)
    if "parentSpanId" in o:
        hexed(o, "parentSpanId", 16, may_lack=True)
    if not o["name"] or o["kind"] not in range(6):
        raise Wrong(f"name {o['name']!r}, kind {o['kind']}")
    for k in ("startTimeUnixNano", "endTimeUnixNano"):
        if not isinstance(o[k], str) or not re.fullmatch(r"\d{19}", o[k]):
            raise Wrong(f"{k} {o[k]!r}")
    if o["endTimeUnixNano"] < o["startTimeUnixNano"]:
        raise Wrong(f"{o['name']} ends before it begins")
    keys(o.get("status", {}), (), ("code", "message"))
    if o.get("status", {}).get("code", 0) not in (0, 1, 2):
        raise Wrong(f"status {o['status']}")
    return dict(o, attributes=attributes(o.get("attributes", [])))


def spans(whole):
    found = []
    keys(whole, ("resourceSpans",))
    for r in whole["resourceSpans"]:
        keys(r, ("resource", "scopeSpans"))
        keys(r["resource"], ("attributes",))
        of = attributes(r["resource"]["attributes"])
        if "service.name" not in of:
            raise Wrong("no service.name")
        for s in r["scopeSpans"]:
            keys(s, ("scope", "spans"))
            keys(s["scope"], ("name",), ("version",))
            found += [dict(span(o), resource=of) for o in s["spans"]]
    return found


def put(name, line):
    with open(os.path.join(FOLDER, name), "a", encoding="utf-8") as f:
        f.write(line + "\n")


class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = 200, '{"partialSuccess":{}}'
        try:
            with open(os.path.join(FOLDER, "answer"), encoding="utf-8") as f:
                status, answer = (f.read().strip() + " ").split(" ", 1)
        except FileNotFoundError:
            pass
        put("asked", f"{self.path} {self.headers['Content-Type']} {status}")
        if int(status) == 200:
            try:
                for s in spans(json.loads(body.decode("utf-8"))):
                    put("spans", json.dumps(s))
            except (Wrong, ValueError, KeyError, TypeError, AttributeError) as e:
                put("wrong", repr(e))
                status = 400
        self.send_response(int(status))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    if len(sys.argv) > 3:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(sys.argv[2], sys.argv[3])
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    with open(os.path.join(FOLDER, "port.new"), "w", encoding="utf-8") as f:
        f.write(str(server.server_address[1]))
    os.rename(os.path.join(FOLDER, "port.new"), os.path.join(FOLDER, "port"))
    server.serve_forever()


main()
