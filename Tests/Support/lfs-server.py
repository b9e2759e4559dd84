#!/usr/bin/env python3
"""An LFS server that misbehaves on demand; it prints its port, and logs each request as a line of JSON.

    lfs-server.py LOG

POST /control/behaviour sets how it behaves (a JSON object, see Handler), POST /control/object adds an object and
answers its OID, GET /control/objects names those it has. The API is below /repo/info/lfs.
"""
import base64
import hashlib
import json
import time
import urllib.parse

import server

objects = {}
locks = {}
behaviour = {}
counts = {}


def uses(name):
    """Whether a behaviour is on; NAME_times limits how often."""
    if not behaviour.get(name):
        return False
    with server.lock:
        counts[name] = counts.get(name, 0) + 1
        return counts[name] <= behaviour.get(name + "_times", 1 << 30)


class Handler(server.Handler):
    def answer(self, status, body=b"", headers={}, kind="application/vnd.git-lfs+json"):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        super().answer(status, body, {"Content-Type": kind, **headers})

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        body = self.read_body()
        if url.path.startswith("/control/"):
            return self.control(url.path[9:], body)
        more = {"body": json.loads(body) if body else None} if url.path.startswith("/repo/") else {}
        self.note(path=url.path, length=len(body), **more)
        host = self.headers.get("Host", "")
        if url.path == "/repo/info/lfs/objects/batch" or url.path == "/moved/objects/batch":
            if url.path.startswith("/repo") and "redirect" in behaviour:
                to = behaviour.get("redirect_to", "http://%s/moved/objects/batch" % host)
                return self.answer(behaviour["redirect"], b"", {"Location": to})
            return self.batch(json.loads(body), host)
        if url.path.startswith("/storage/"):
            return self.storage(url.path[9:], body)
        if url.path == "/verify":
            return self.verify(json.loads(body))
        if url.path.startswith("/repo/info/lfs/locks"):
            return self.locks(url, json.loads(body) if body else {})
        self.answer(404, b"<html>no such page</html>", kind="text/html")

    do_GET = do_PUT = do_POST = do_HEAD = handle_any

    def control(self, what, body):
        if what == "behaviour":
            with server.lock:
                behaviour.clear()
                behaviour.update(json.loads(body))
                counts.clear()
            return self.answer(200, {})
        if what == "object":
            oid = hashlib.sha256(body).hexdigest()
            objects[oid] = body
            return self.answer(200, oid.encode())
        self.answer(200, sorted(objects))

    def allowed(self):
        """Whether the login is right, where one is wanted."""
        if "user" not in behaviour:
            return True
        wanted = base64.b64encode(("%s:%s" % (behaviour["user"], behaviour["password"])).encode()).decode()
        return self.headers.get("Authorization", "") == "Basic " + wanted

    def batch(self, request, host):
        if not self.allowed():
            headers = {"LFS-Authenticate": 'Basic realm="LFS"'} if behaviour.get("challenge", True) else {}
            return self.answer(401, {"message": "Credentials needed"}, headers)
        if "token" in behaviour and self.headers.get("Authorization") != behaviour["token"]:
            return self.answer(401, {"message": "wrong token"})
        if uses("batch_status"):
            kind = behaviour.get("batch_kind", "application/vnd.git-lfs+json")
            text = {"message": behaviour.get("batch_message", "")} if kind.endswith("json") else b"<html></html>"
            return self.answer(behaviour["batch_status"], text, behaviour.get("batch_headers", {}), kind)
        if len(request["objects"]) > behaviour.get("max_objects", 100):
            return self.answer(413, {"message": "too many objects"})
        answer = {"objects": [self.object(request["operation"], o, host) for o in request["objects"]]}
        for key in ("transfer", "hash_algo"):
            if key in behaviour:
                answer[key] = behaviour[key]
        if behaviour.get("unknown_oid"):
            answer["objects"][0]["oid"] = "0" * 64
        if behaviour.get("silent"):
            answer["objects"] = []
        if "raw" in behaviour:
            return self.answer(200, behaviour["raw"].encode())
        self.answer(200, answer)

    def object(self, operation, wanted, host):
        oid, size = wanted["oid"], wanted["size"]
        result = {"oid": oid, "size": size + behaviour.get("size_lie", 0)}
        if "object_error" in behaviour:
            return dict(result, error=behaviour["object_error"])
        storage = behaviour.get("storage_host", host)
        if storage == "localhost":
            storage = "localhost:%d" % self.server.server_address[1]
        action = {"href": "http://%s/storage/%s?signature=secret" % (storage, oid)}
        if "action_header" in behaviour:
            action["header"] = behaviour["action_header"]
        if uses("expires_in"):
            action["expires_in"] = behaviour["expires_in"]
        if uses("expires_at"):
            action["expires_at"] = behaviour["expires_at"]
        if behaviour.get("authenticated"):
            result["authenticated"] = True
        key = "_links" if behaviour.get("links") else "actions"
        if operation == "download":
            if oid not in objects:
                return dict(result, error={"code": 404, "message": "Object does not exist"})
            if not behaviour.get("no_action"):
                result[key] = {"download": action}
        elif oid not in objects or behaviour.get("always_upload"):
            result[key] = {"upload": action}
            if "verify" in behaviour:
                result[key]["verify"] = {"href": "http://%s/verify" % host, "header": {"X-Verify": "yes"}}
        return result

    def storage(self, oid, body):
        if uses("storage_status"):
            return self.answer(
                behaviour["storage_status"], {"message": behaviour.get("storage_message", "")},
                behaviour.get("storage_headers", {}))
        if self.command == "PUT":
            if hashlib.sha256(body).hexdigest() != oid:
                return self.answer(400, {"message": "wrong bytes"})
            objects[oid] = body
            return self.answer(behaviour.get("put_status", 200))
        if oid not in objects:
            return self.answer(404, {"message": "gone"})
        data = objects[oid]
        if uses("flip"):
            data = bytes([data[0] ^ 1]) + data[1:]
        if uses("cut"):
            # Says that it sends all, and does not.
            self.answer(200, data[: len(data) // 2], {"Content-Length": str(len(data))})
            self.close_connection = True
            return
        if uses("short"):
            data = data[: len(data) // 2]
        if uses("long"):
            data = data + b"more"
        if uses("slow"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            for start in range(0, len(data), max(1, len(data) // 10)):
                self.wfile.write(data[start : start + max(1, len(data) // 10)])
                self.wfile.flush()
                time.sleep(behaviour["slow"] / 10)
            return
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes=") and behaviour.get("range"):
            start = int(wanted[6:].split("-")[0])
            if behaviour["range"] == "refused":
                return self.answer(416, b"", {"Content-Range": "bytes */%d" % len(data)})
            if behaviour["range"] == "wrong":
                start = 0
            return self.answer(
                206, data[start:], {"Content-Range": "bytes %d-%d/%d" % (start, len(data) - 1, len(data))})
        self.answer(200, data)

    def verify(self, request):
        if uses("verify_status"):
            return self.answer(behaviour["verify_status"], {"message": "not verified"})
        there = len(objects.get(request["oid"], b"")) == request["size"]
        self.answer(200 if there else 404, {})

    def locks(self, url, request):
        if "locks_status" in behaviour:
            return self.answer(behaviour["locks_status"], {"message": "no locks"})
        place = url.path[len("/repo/info/lfs/locks"):]
        if place == "/verify":
            return self.answer(200, {"ours": behaviour.get("ours", []), "theirs": behaviour.get("theirs", [])})
        if self.command == "GET":
            wanted = dict(urllib.parse.parse_qsl(url.query))
            found = [lock for lock in locks.values() if all(lock[k] == wanted.get(k, lock[k]) for k in ("id", "path"))]
            start = int(wanted.get("cursor", 0))
            answer = {"locks": found[start:start + 2]}
            if start + 2 < len(found):
                answer["next_cursor"] = str(start + 2)
            return self.answer(200, answer)
        if place.endswith("/unlock"):
            lock = locks.pop(urllib.parse.unquote(place.split("/")[1]), None)
            return self.answer(200, {"lock": lock}) if lock else self.answer(404, {"message": "no such lock"})
        held = next((lock for lock in locks.values() if lock["path"] == request["path"]), None)
        if held:
            return self.answer(409, {"lock": held, "message": "already created lock"})
        lock = {"id": "i%d/x" % len(locks), "path": request["path"], "owner": {"name": "Ann"},
                "locked_at": "2024-01-02T03:04:05Z"}
        locks[lock["id"]] = lock
        self.answer(201, {"lock": lock})


server.serve(Handler)
