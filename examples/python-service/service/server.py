"""The HTTP side: GET /greet/NAME."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from service.greeting import greeting


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if not self.path.startswith("/greet/"):
            return self.answer(404, {"error": "no such page"})
        try:
            self.answer(200, {"greeting": greeting(unquote(self.path[len("/greet/"):]))})
        except ValueError as error:
            self.answer(400, {"error": str(error)})

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def make_server(host, port):
    return ThreadingHTTPServer((host, port), Handler)
