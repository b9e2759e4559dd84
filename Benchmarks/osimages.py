"""OS images: each cache of image-composer against a first build, and against mmdebstrap without a cache."""
import os, shutil, statistics, tempfile

from measure import Command, run

PACKAGES = ["ca-certificates", "curl", "iproute2", "openssh-server", "python3-minimal", "systemd-sysv", "vim-tiny"]
FURTHER = "less"

TEMPLATE = """image: {{name: bench, version: "1"}}
target: {{os: debian, dist: bookworm, arch: x86_64, imageType: img}}
disk:
  artifacts: [{{type: tar}}, {{type: ext4}}]
systemConfig:
  name: bench
  packages: [{packages}]
"""


class Place:
    """Caches and work folder of one series of builds; on a tmpfs where there is room, since disks are slow and shared."""

    def __init__(self, program):
        shared = "/dev/shm" if shutil.disk_usage("/dev/shm").free > 6 << 30 else None
        self.folder = tempfile.mkdtemp(prefix="composer-", dir=shared)
        self.program = program
        self.template("base.yml", PACKAGES)
        self.template("more.yml", PACKAGES + [FURTHER])

    def template(self, name, packages):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(TEMPLATE.format(packages=", ".join(packages)))

    def build(self, name, template, *flags, before=None, namespace=()):
        words = [
            *namespace, self.program, "build", "--cache-dir", self.folder + "/cache", "--work-dir", self.folder + "/work",
            "--quiet", *flags, template]
        return Command(name, words, self.folder, {**os.environ, "HOME": self.folder}, before=before)

    def forget(self, *parts):
        for part in parts:
            shutil.rmtree(os.path.join(self.folder, part), ignore_errors=True)

    def forget_locks(self):
        for name in ("base.lock.json", "more.lock.json"):
            if os.path.exists(os.path.join(self.folder, name)):
                os.remove(os.path.join(self.folder, name))

    def mmdebstrap(self):
        words = [
            "mmdebstrap", "--quiet", "--variant=required", "--include=" + ",".join(PACKAGES), "bookworm",
            self.folder + "/peer.tar"]
        return Command("mmdebstrap", words, self.folder, {**os.environ, "HOME": self.folder})


def osimages(bench):
    """The table of issue and README: wall and CPU seconds by what is in the caches."""
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        print("OS images: left out, they need root and mmdebstrap\n", flush=True)
        return
    program = os.path.join(os.path.dirname(bench.program), "image-composer")
    rounds = 1 if bench.is_quick else 3
    samples = {}
    for _ in range(rounds):
        place = Place(program)
        try:
            for command in steps(place):
                samples.setdefault(command.name, []).append(run(command))
        finally:
            shutil.rmtree(place.folder)
    show(samples)


def steps(place):
    """One series: each command finds what those before it left."""
    offline = ("unshare", "-n")
    yield place.mmdebstrap()
    yield place.build("first build, all caches empty", "base.yml")
    yield place.build("identical, image cache", "base.yml")
    yield place.build("identical, image cache, offline (`unshare -n`)", "base.yml", namespace=offline)
    yield place.build("identical, image cache off", "base.yml", "--no-image-cache", namespace=offline)
    yield place.build("one package more", "more.yml", "--no-image-cache")
    yield place.build(
        "package cache only, offline (`unshare -n`)", "base.yml", "--no-image-cache", "--no-tree-cache", namespace=offline)


def show(samples):
    middle = statistics.median
    first = samples["first build, all caches empty"]
    peer = samples["mmdebstrap"]
    print(f"| OS image, {len(PACKAGES)} packages named, tar and ext4 | wall s | CPU s | CPU of the first build | CPU of mmdebstrap | MB |")
    print("|---|---|---|---|---|---|")
    for name, figures in samples.items():
        of_first = middle(a.cpu / b.cpu for a, b in zip(figures, first))
        of_peer = middle(a.cpu / b.cpu for a, b in zip(figures, peer))
        title = "`mmdebstrap`, no cache, tar only" if name == "mmdebstrap" else name
        print(
            f"| {title} | {middle(f.wall for f in figures):.2f} | {middle(f.cpu for f in figures):.2f} "
            f"| {100 * of_first:.1f} % | {100 * of_peer:.1f} % | {max(f.memory for f in figures):.0f} |")
    print(flush=True)
