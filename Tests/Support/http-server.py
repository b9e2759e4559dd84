#!/usr/bin/env python3
"""A small HTTP server whose paths misbehave on demand; it prints its port, and logs each request as a line of JSON."""
import http.server
import json
import socket
import ssl
import sys
import threading
import time
import urllib.parse

log = open(sys.argv[1], "a", buffering=1)
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "") == "chunked":
            total = b""
            while size := int(self.rfile.readline().strip(), 16):
                total += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return total
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status, body=b"", headers={}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        words = url.path.strip("/").split("/")
        if words[0] == "early":
            # An answer while the body is still on its way.
            self.answer(413, b"too big", {"Connection": "close"})
            self.close_connection = True
            return
        body = self.read_body()
        with lock:
            log.write(json.dumps({"method": self.command, "path": self.path, "headers": dict(self.headers),
                                  "length": len(body), "port": self.client_address[1]}) + "\n")
        if words[0] == "echo":
            self.answer(200, json.dumps({"method": self.command, "headers": dict(self.headers),
                                         "body": body.decode("latin-1")}).encode())
        elif words[0] == "status":
            self.answer(int(words[1]), b"the body of " + words[1].encode(), {k: v for k, v in query.items()})
        elif words[0] == "redirect":
            self.answer(int(words[1]), b"elsewhere", {"Location": query["to"]} if "to" in query else {})
        elif words[0] == "hops":
            left = int(words[1])
            if left == 0:
                self.answer(200, b"arrived")
            else:
                self.answer(307, b"", {"Location": "/hops/%d" % (left - 1)})
        elif words[0] == "bytes":
            count = int(words[1])
            self.send_response(200)
            self.send_header("Content-Length", str(count))
            self.end_headers()
            piece = bytes(range(256)) * 256
            while count > 0:
                self.wfile.write(piece[: min(count, len(piece))])
                count -= len(piece)
        elif words[0] == "short":
            self.answer(200, b"only this", {"Content-Length": "1000"})
            self.close_connection = True
        elif words[0] == "stall":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x")
            time.sleep(30)
        elif words[0] == "hangup":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif words[0] == "garbage":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            self.close_connection = True
        else:
            self.answer(404, b"no such path")

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.handle_error = lambda *_: None
if len(sys.argv) > 2:
    # A certificate and its key: the server speaks TLS.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
