"""The commands that are disturbed: what stands before each, and where it works."""
import hashlib, io, json, os, shutil, subprocess, tarfile

PROJECT = "project"


class Place:
    """A folder with a project, a home, an engine's stand-in and a remote; all below one root whose path stays."""

    def __init__(self, root, program):
        self.root, self.program = root, program
        self.project = os.path.join(root, PROJECT)
        self.environment = {
            "PATH": f"{root}/bin:/usr/bin:/bin", "HOME": f"{root}/home", "STANDIN": f"{root}/engine", "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1", "XDG_STATE_HOME": f"{root}/home/state", "XDG_CACHE_HOME": f"{root}/home/cache",
            # One worker thread, and the same order of things in each run.
            "LIBDISPATCH_COOPERATIVE_POOL_STRICT": "1", "SWIFT_DETERMINISTIC_HASHING": "1",
        }

    def run(self, *words, folder=None, **rest):
        return subprocess.run(
            words, cwd=folder or self.project, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace", **rest)

    def must(self, *words, folder=None):
        done = self.run(*words, folder=folder)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def write(self, path, content):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def settle(self):
        """Lets Git see files that were copied as it saw them before."""
        self.run("git", "update-index", "-q", "--refresh")


def archive(version):
    """A docker-archive whose one layer holds a file with this text: (bytes, image ID, layer digest)."""
    def tar(members):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as file:
            for name, content in members:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                file.addfile(info, io.BytesIO(content))
        return out.getvalue()

    layer = tar([("a", f"version {version}\n".encode() * 400)])
    digest = hashlib.sha256(layer).hexdigest()
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
    }, separators=(",", ":")).encode()
    identity = hashlib.sha256(config).hexdigest()
    manifest = json.dumps([{"Config": f"{identity}.json", "RepoTags": ["localhost/demo:latest"], "Layers": [f"{digest}.tar"]}])
    return tar([(f"{digest}.tar", layer), (f"{identity}.json", config), ("manifest.json", manifest.encode())]), identity, digest


def offer(place, version):
    """What the engine builds, and what `import` is given, is this version from now on."""
    content, identity, digest = archive(version)
    place.write("engine/image.tar", content)
    place.write("engine/image.id", identity)
    place.write("engine/image.layer", digest)
    place.write("given.tar", content)
    place.write(f"{PROJECT}/a", f"version {version}\n")


def hold(place):
    """The engine has the version that is offered, under its name."""
    identity = open(os.path.join(place.root, "engine/image.id")).read()
    for kind in ("tar", "layer"):
        shutil.copy(f"{place.root}/engine/image.{kind}", f"{place.root}/engine/images/{identity}.{kind}")
    place.write("engine/names/localhost_demo:latest", identity + "\n")


def start(place):
    """A repository whose image `demo` has a committed entry of version 1, with a remote that has all of it."""
    for folder in ("bin", "home", "engine/images", "engine/names", PROJECT):
        os.makedirs(os.path.join(place.root, folder))
    shutil.copy(os.path.join(os.path.dirname(os.path.realpath(__file__)), "podman"), f"{place.root}/bin/podman")
    place.write(f"{PROJECT}/Dockerfile", "FROM scratch\nCOPY a /\n")
    place.write(
        f"{PROJECT}/cache-image.yml", "engine: podman\nstorage: {journal: false}\nimages: {demo: {platform: linux/amd64}}\n")
    place.write("home/.gitconfig", "[user]\n\tname = f\n\temail = f@example.org\n[init]\n\tdefaultBranch = main\n")
    offer(place, 1)
    place.must("git", "init", "-q", "--bare", "../remote.git")
    place.must("git", "init", "-q")
    place.must("git", "remote", "add", "origin", f"{place.root}/remote.git")
    place.must(place.program, "import", "../given.tar", "demo")
    place.must("git", "add", "-A")
    place.must("git", "commit", "-qm", "Version 1")
    place.must(place.program, "push")
    place.must("git", "push", "-q", "-u", "origin", "HEAD")


def second(place):
    """Version 2 is what the files say; the entry is of version 1."""
    offer(place, 2)
    hold(place)


def unpushed(place):
    offer(place, 2)
    place.must(place.program, "import", "../given.tar", "demo")
    place.must("git", "commit", "-qam", "Version 2")


def elsewhere(place):
    """The entry of version 2 is on another branch."""
    place.must("git", "checkout", "-qb", "other")
    unpushed(place)
    place.must("git", "checkout", "-q", "main")
    offer(place, 2)


def without_object(place):
    """The object is only in the remote, the archive is a pointer in the work tree."""
    pointer = place.must("git", "cat-file", "blob", "HEAD:docker-cache/demo-latest.tar")
    shutil.rmtree(f"{place.project}/.git/lfs")
    os.remove(f"{place.project}/docker-cache/demo-latest.tar")
    place.write(f"{PROJECT}/docker-cache/demo-latest.tar", pointer)


def crowded(place):
    """Three pushed versions, of which the limits leave one."""
    for version in (2, 3):
        offer(place, version)
        place.must(place.program, "import", "../given.tar", "demo")
        place.must("git", "add", "-A")
        place.must("git", "commit", "-qm", f"Version {version}")
        place.must(place.program, "push")
        place.must("git", "push", "-q")
    configuration = f"{place.project}/cache-image.yml"
    with open(configuration) as file:
        text = file.read()
    place.write(f"{PROJECT}/cache-image.yml", text.replace("journal: false", "journal: false, image_cache: {max_count: 1}"))


# Name: what comes before, the command, and what `status` may say after a disturbed run besides `fresh`.
SCENARIOS = {
    "import": (second, ["import", "../given.tar", "demo"], {"stale"}),
    "save": (second, ["save", "--force"], {"stale"}),
    "build": (second, ["update"], {"stale"}),
    "restore": (elsewhere, ["update"], {"stale"}),
    "first": (lambda place: (place.must("git", "rm", "-q", "-r", "docker-cache", ".gitattributes"), second(place)), ["update"],
              {"missing", "stale"}),
    "pull": (without_object, ["pull"], {"pointer"}),
    "load": (without_object, ["load"], {"pointer"}),
    "push": (unpushed, ["push"], set()),
    "clean": (crowded, ["clean"], set()),
    "filter": (second, ["lfs", "clean", "--", "x.tar"], {"stale"}),
}


def noted(place):
    """The entry is of the present files, and the engine has its image."""
    hold(place)
    place.must(place.program, "update")


# What only reads: what comes before, the command. Whatever it says with success has to be what it says undisturbed.
READERS = {
    "key": (noted, ["inputs", "--key"]),
    "first key": (lambda place: (noted(place), shutil.rmtree(f"{place.project}/.git/cache-image")), ["inputs", "--key"]),
    "status": (noted, ["status"]),
    "verify": (noted, ["verify"]),
    "nothing to do": (noted, ["update"]),
}
