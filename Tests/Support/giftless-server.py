#!/usr/bin/env python3
"""giftless as the tests want it; prints its port, and logs each request as a line of JSON.

    giftless-server.py LOG MODE FOLDER

MODE is `local` (objects in FOLDER, anybody may read and write) or `s3` (objects in moto's S3 behind presigned URLs; a
token is asked for, which stands in FOLDER/token).
"""
import json
import os
import sys
import threading
import time

log_path, mode, folder = sys.argv[1:4]
log = open(log_path, "a", buffering=1)
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1")

from giftless.app import init_app  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


def logged(name, app):
    """Writes down what a WSGI application is asked."""

    def run(environ, start_response):
        headers = {k[5:].replace("_", "-").title(): v for k, v in environ.items() if k.startswith("HTTP_")}
        entry = {"server": name, "method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"], "headers": headers}

        def start(status, *rest):
            log.write(json.dumps(dict(entry, status=int(status.split()[0]))) + "\n")
            return start_response(status, *rest)

        return app(environ, start)

    return run


def serve(name, app):
    server = make_server("127.0.0.1", 0, logged(name, app), threaded=True, request_handler=Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


config = {"TESTING": False, "LEGACY_ENDPOINTS": False}
if mode == "local":
    config["AUTH_PROVIDERS"] = ["giftless.auth.allow_anon:read_write"]
    config["TRANSFER_ADAPTERS"] = {
        "basic": {
            "factory": "giftless.transfer.basic_streaming:factory",
            "options": {
                "storage_class": "giftless.storage.local_storage:LocalStorage",
                "storage_options": {"path": folder},
            },
        }
    }
else:
    import boto3
    import jwt
    from moto.server import DomainDispatcherApplication, create_backend_app

    storage = serve("s3", DomainDispatcherApplication(create_backend_app))
    endpoint = "http://127.0.0.1:%d" % storage
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="lfs")
    log.truncate(0)
    key = "a key of the tests, long enough for HS256"
    token = jwt.encode({"sub": "tester", "scopes": ["obj:team/demo/*"], "exp": int(time.time()) + 3600}, key, "HS256")
    with open(os.path.join(folder, "token"), "w") as file:
        file.write(token)
    config["AUTH_PROVIDERS"] = [
        {"factory": "giftless.auth.jwt:factory", "options": {"algorithm": "HS256", "private_key": key}}
    ]
    config["TRANSFER_ADAPTERS"] = {
        "basic": {
            "factory": "giftless.transfer.basic_external:factory",
            "options": {
                "storage_class": "giftless.storage.amazon_s3:AmazonS3Storage",
                "storage_options": {"bucket_name": "lfs", "endpoint": endpoint},
            },
        }
    }

print(serve("giftless", init_app(additional_config=config).wsgi_app), flush=True)
threading.Event().wait()
