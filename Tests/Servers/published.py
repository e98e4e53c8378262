"""published.py FOLDER MODE LOG: serves a folder on loopback, well or badly, and says its port on standard output.

Modes: plain; truncate (the first answer for a blob breaks off in its middle); wrong (the first blob that is asked for has
another byte); missing (that blob is not there); slow (blobs come in small pieces); redirect (every address leads to itself);
forbidden (what is not there, and attestations, may not be asked for); failing (attestations, but for their list, are an
error).
LOG gets a line for each request: method, path and range.
"""

import http.server
import os
import sys
import threading
import time

folder, mode, log = sys.argv[1:4]
lock = threading.Lock()
seen = set()
victim = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        wanted = self.headers.get("Range", "")
        is_blob = "/blobs/" in self.path
        with lock:
            with open(log, "a") as file:
                file.write(f"{self.command} {self.path} {wanted}\n")
            is_first = self.path not in seen
            seen.add(self.path)
            if is_blob and not victim:
                victim.append(self.path)
            is_victim = self.path in victim
        if mode == "redirect":
            self.send_response(302)
            self.send_header("Location", self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path = os.path.join(folder, self.path.lstrip("/"))
        is_attestation = "/attestations/" in self.path
        refused = None
        if mode == "forbidden" and (is_attestation or not os.path.isfile(path)):
            refused = 403
        if mode == "failing" and is_attestation and not self.path.endswith("/index.json"):
            refused = 500
        if refused:
            self.send_response(refused)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if not os.path.isfile(path) or (mode == "missing" and is_victim):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        with open(path, "rb") as file:
            data = bytearray(file.read())
        if mode == "wrong" and is_victim:
            data[len(data) // 2] ^= 1
        start = int(wanted[len("bytes="):].split("-")[0]) if wanted else 0
        if start >= len(data) > 0:
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = bytes(data[start:])
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(body)))
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if mode == "truncate" and is_blob and is_first:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
            return
        if mode == "slow" and is_blob:
            for place in range(0, len(body), 64):
                self.wfile.write(body[place : place + 64])
                self.wfile.flush()
                time.sleep(0.02)
            return
        self.wfile.write(body)

    def do_HEAD(self):
        with lock, open(log, "a") as file:
            file.write(f"HEAD {self.path}\n")
        self.send_error(405)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
