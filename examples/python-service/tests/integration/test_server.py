import json
import threading
from http.client import HTTPConnection

import pytest

from service.server import make_server


@pytest.fixture
def connection():
    server = make_server("127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()
    server.shutdown()
    server.server_close()


def get(connection, path):
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_greets_over_http(connection):
    assert get(connection, "/greet/Ada%20L") == (200, {"greeting": "Hello, Ada L!"})


def test_names_what_is_wrong(connection):
    assert get(connection, "/greet/") == (400, {"error": "nobody to greet"})
    assert get(connection, "/other")[0] == 404
