#!/usr/bin/env python3
"""A registry whose repositories misbehave on demand; it prints its port, and logs each request as a line of JSON.

The first part of a repository's name says how it is guarded (open, bearer, basic, downgrade), the second what it does.
The login is `ada` and `secret`, the identity token `refresh`, the token that the registry takes `good`.
"""
import base64
import hashlib
import json
import sys
import urllib.parse

import server

BASIC = "Basic " + base64.b64encode(b"ada:secret").decode()
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(media_type, data, **more):
    return {"mediaType": media_type, "digest": digest(data), "size": len(data), **more}


def config(architecture):
    return json.dumps({"os": "linux", "architecture": architecture, "config": {"Env": ["A=1"]},
                       "rootfs": {"type": "layers", "diff_ids": []}}).encode()


def manifest(architecture):
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
                       "config": descriptor("application/vnd.oci.image.config.v1+json", config(architecture))}).encode()


index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [
    descriptor(MANIFEST, manifest(architecture), platform={"os": "linux", "architecture": architecture})
    for architecture in ("arm64", "amd64")]}).encode()
blobs = {digest(data): data for make in (config, manifest) for data in (make("arm64"), make("amd64"))}
blobs[digest(index)] = index


class Handler(server.Handler):
    def answer(self, status, body=b"", **headers):
        super().answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def handle_any(self):
        body = self.read_body().decode()
        self.note(body=body)
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/token":
            self.give_token(dict(urllib.parse.parse_qsl(body or url.query)))
            return
        words = url.path.strip("/").split("/")
        if len(words) != 5 or words[0] != "v2":
            self.answer(404)
            return
        _, guard, behaviour, kind, name = words
        given = self.headers.get("Authorization")
        own = "%s://127.0.0.1:%d" % ("https" if len(sys.argv) > 2 else "http", self.server.server_address[1])
        realm = own.replace("https", "http") if guard == "downgrade" else own
        if guard in ("bearer", "downgrade") and given != "Bearer good":
            scope = "repository:%s/%s:pull" % (guard, behaviour)
            self.answer(401, WWW_Authenticate='Bearer realm="%s/token",service="a registry",scope="%s"' % (realm, scope))
        elif guard == "basic" and given != BASIC:
            self.answer(401, WWW_Authenticate='Basic realm="a registry"')
        else:
            self.give(behaviour, kind, name, own)

    def give_token(self, fields):
        if self.command == "POST":
            known = fields.get("grant_type") == "refresh_token" and fields.get("refresh_token") == "refresh"
        else:
            known = self.headers.get("Authorization", BASIC) == BASIC
        if not known:
            self.answer(401)
        elif self.headers.get("Authorization") == BASIC or self.command == "POST" or "open" in fields["scope"]:
            self.answer(200, json.dumps({"token" if self.command == "GET" else "access_token": "good"}).encode())
        else:
            self.answer(200, json.dumps({"token": "anonymous"}).encode())

    def give(self, behaviour, kind, name, own):
        data = blobs.get(name, index if behaviour != "single" else manifest("amd64"))
        headers = {"Content-Type": INDEX, "Docker-Content-Digest": digest(data)}
        if behaviour == "missing":
            self.answer(404)
        elif behaviour == "limited":
            self.answer(429, Retry_After="30")
        elif behaviour == "broken":
            self.answer(500)
        elif behaviour == "nohead" and self.command == "HEAD":
            self.answer(405)
        elif behaviour == "elsewhere":
            self.answer(307, Location="%s/v2/open/index/%s/%s" % (own.replace("127.0.0.1", "localhost"), kind, name))
        elif behaviour == "huge":
            self.answer(200, b" " * (5 << 20))
        elif behaviour == "wrong":
            self.answer(200, data + b" ")
        elif behaviour == "liar":
            self.answer(200, data + b" ", **({} if self.command == "HEAD" else headers))
        elif behaviour == "silent":
            self.answer(200, data)
        elif behaviour == "garbage":
            self.answer(200, b"{}", Docker_Content_Digest=digest(b"{}"))
        else:
            self.answer(200, data, **headers)

    do_GET = do_HEAD = do_POST = handle_any


server.serve(Handler, *sys.argv[2:])
