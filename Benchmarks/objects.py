"""One large object in Git LFS, against git-lfs: filters, a download, and an image that is saved and staged."""
import http.server, json, os, shutil, threading

import fixtures
from measure import Row, alternate, table


class OneFile(http.server.BaseHTTPRequestHandler):
    """The least LFS server that gives one file."""

    path_of_file = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        actions = {"download": {"href": f"http://{self.headers['Host']}/object"}}
        body = json.dumps({"objects": [dict(object, actions=actions) for object in request["objects"]]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.git-lfs+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(self.path_of_file, "rb") as file:
            self.send_response(200)
            self.send_header("Content-Length", str(os.path.getsize(self.path_of_file)))
            self.end_headers()
            self.wfile.flush()
            self.connection.sendfile(file)


def lfs(bench):
    scratch = bench.scratch
    folder = os.path.join(scratch.folder, "lfs")
    os.makedirs(folder)
    big = os.path.join(scratch.folder, "object")
    fixtures.write_random(big, bench.size(1024))
    scratch.shell(
        f"git init -q && printf '*.tar filter=lfs -text\\n' >.gitattributes && git add . && git lfs clean <{big} >../pointer && "
        "git update-index --add --cacheinfo 100644,$(git hash-object -w ../pointer),image.tar && "
        "git -c user.name=bench -c user.email=bench@example.org commit -qm image", folder)
    OneFile.path_of_file = big
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), OneFile)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    scratch.quietly("git", "config", "lfs.url", f"http://127.0.0.1:{server.server_address[1]}/repo", folder=folder)

    def without_object():
        shutil.rmtree(os.path.join(folder, ".git/lfs"), ignore_errors=True)
        os.sync()

    names, commands = ("fetch", "clean", "smudge"), []
    for name in names:
        # Files reach the filters by redirection, as they do from Git.
        line = {"fetch": "fetch", "clean": f"clean -- image.tar <{big}", "smudge": "smudge image.tar <../pointer"}[name]
        for who, program in (("ours", f"'{bench.program}' lfs"), ("git-lfs", "git-lfs")):
            before = os.sync if name == "smudge" else without_object
            commands.append((name, bench.command(
                f"{name} {who}", ["sh", "-c", f"exec {program} {line}"], folder, before=before,
                output=os.path.join(scratch.folder, "out"))))
    samples = {}
    for name in names:
        if name == "smudge":
            scratch.shell(f"git lfs clean <{big} >/dev/null", folder)
        samples |= alternate([command for kind, command in commands if kind == name], max(1, bench.rounds // 2))
    rows = [Row(f"`lfs {name}`, `git lfs {name}`", f"{name} ours", f"{name} git-lfs") for name in names]
    server.shutdown()
    shutil.rmtree(folder)
    samples |= stage(bench, big)
    rows += [
        Row("`save`, against `podman save`, `git lfs track`, `git add`", "save", "peer"),
        Row("the same with `worktree: pointer`", "pointer", "peer"),
    ]
    table(f"Git LFS, {bench.size(1024) >> 20} MB", samples, rows)


def stage(bench, big):
    """An image of one large layer, saved and staged in a fresh repository."""
    scratch = bench.scratch
    folder = os.path.join(scratch.folder, "stage")
    os.makedirs(folder)
    shutil.move(big, os.path.join(folder, "object"))
    with open(os.path.join(folder, "Dockerfile"), "w") as file:
        file.write("FROM scratch\nCOPY object /object\n")
    scratch.quietly("podman", "build", "-q", "--format", "docker", "-t", "localhost/big:latest", ".", folder=folder)

    def fresh(text="images: {big: {}}"):
        scratch.shell(
            f"echo '{text}' >cache-image.yml && rm -rf .git .gitattributes docker-cache && git init -q && git add . && "
            "git -c user.name=bench -c user.email=bench@example.org commit -qm project && sync", folder)

    def fresh_for_pointer():
        fresh("{images: {big: {}}, git: {worktree: pointer}}")

    script = (
        "mkdir docker-cache && podman save -q --format docker-archive -o docker-cache/big.tar localhost/big:latest && "
        "git lfs install --local && git lfs track 'docker-cache/*.tar' && git add .gitattributes docker-cache")
    commands = [
        bench.ours("save", ["save"], folder, before=fresh),
        bench.ours("pointer", ["save"], folder, before=fresh_for_pointer),
        bench.command("peer", ["sh", "-c", script], folder, before=fresh),
    ]
    return alternate(commands, max(1, bench.rounds // 2))
