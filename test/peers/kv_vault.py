#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kv_vault CERT KEY PORT_FILE: a vault of KV version 2 that can misbehave on command.

Secrets: secret/data/web. Logins: AppRole role "role", secret id "canary-approle"; each token is good for
three reads, so that an agent must log in again. GET /counts tells how often each thing was
asked for."""
import http.server
import json
import os
import ssl
import sys

counts = {"login": 0, "read": 0, "denied": 0}
tokens = {}


class Vault(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path != "/v1/auth/approle/login" or body != {"role_id": "role", "secret_id": "canary-approle"}:
            self.answer(400, {"errors": ["invalid role or secret ID"]})
            return
        counts["login"] += 1
        token = "canary-token-%d" % counts["login"]
        tokens[token] = 3
        self.answer(200, {"auth": {"client_token": token, "lease_duration": 3600, "renewable": True}})

    def do_GET(self):
        if self.path == "/counts":
            self.answer(200, counts)
            return
        token = self.headers.get("X-Vault-Token", "")
        if tokens.get(token, 0) < 1:
            counts["denied"] += 1
            self.answer(403, {"errors": ["permission denied"]})
            return
        tokens[token] -= 1
        counts["read"] += 1
        if self.path == "/v1/secret/data/web":
            self.answer(200, {"data": {"data": {"username": "dora", "password": "canary-kv"}, "metadata": {"version": 1}}})
        else:
            self.answer(404, {"errors": []})

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vault)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(sys.argv[3] + ".new", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(sys.argv[3] + ".new", sys.argv[3])
server.serve_forever()
