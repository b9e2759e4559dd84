#!/usr/bin/env python3
"""A small HTTP server whose paths misbehave on demand; it prints its port, and logs each request as a line of JSON."""
import gzip
import json
import socket
import sys
import time
import urllib.parse
import zlib

import server


class Handler(server.Handler):
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
        self.note(length=len(body), port=self.client_address[1])
        if words[0] == "echo":
            self.answer(200, json.dumps({"method": self.command, "headers": dict(self.headers),
                                         "body": body.decode("latin-1")}).encode())
        elif words[0] == "status":
            self.answer(int(words[1]), b"the body of " + words[1].encode(), {k: v for k, v in query.items()})
        elif words[0] == "encoded":
            text = b"decoded text " * 100
            packed = {"gzip": gzip.compress, "deflate": zlib.compress}.get(words[1], lambda bytes: bytes)(text)
            self.answer(200, packed, {"Content-Encoding": words[1]})
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
        elif words[0] == "endless":
            # A body without an end: /endless/STATUS/BYTES-A-PIECE/SECONDS-BETWEEN-PIECES.
            self.send_response(int(words[1]))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.close_connection = True
            try:
                while True:
                    self.wfile.write(b"x" * int(words[2]))
                    time.sleep(float(words[3]))
            except OSError:
                pass
        elif words[0] == "heads":
            # A head without an end, or interim answers without one.
            self.close_connection = True
            try:
                if words[1] == "fields":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                if words[1] in ("status", "line"):
                    self.wfile.write(b"HTTP/1.1 200 " if words[1] == "status" else b"HTTP/1.1 200 OK\r\nX: ")
                    while True:
                        self.wfile.write(b"A" * 65536)
                while True:
                    self.wfile.write(b"X-Field: y\r\n" if words[1] == "fields" else b"HTTP/1.1 103 Hints\r\nA: b\r\n\r\n")
            except OSError:
                pass
        elif words[0] == "hangup":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif words[0] == "garbage":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            self.close_connection = True
        else:
            self.answer(404, b"no such path")

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any


server.serve(Handler, *sys.argv[2:])
