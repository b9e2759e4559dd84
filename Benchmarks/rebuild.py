"""A rebuild after a change of one line, on a clone whose engine holds nothing."""
import os, re, shutil, subprocess

import fixtures
from measure import alternate, Row, table

NAME = "localhost/steps:latest"
BASE = 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n'
# The second step stands for `pip install`: a large layer that takes a while.
STEPS = """FROM localhost/base:1
COPY deps /deps
RUN head -c {bytes} /dev/urandom > /installed && sleep {seconds}
ENV GREETING=hello
COPY app /app
RUN cat /app > /out
CMD ["/bin/sh"]
"""


def write(folder, name, text):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)


def project(bench, seconds, size, engine="podman", environment=None):
    """A project whose entry was built by an engine and committed, with the base image in that engine."""
    scratch = bench.scratch
    base, folder = (os.path.join(scratch.folder, f"{name}-{engine}") for name in ("stepbase", "steps"))
    os.makedirs(base)
    os.makedirs(folder)
    shutil.copy("/bin/busybox", base)
    write(base, "Dockerfile", BASE)
    write(base, "cache-image.yml", 'images: {localhost/base: {tag: "1", cache: false}}\n')
    bench.prepare(
        "--engine", engine, "--config", "cache-image.yml", "update", folder=base, environment=environment)
    write(folder, "Dockerfile", STEPS.format(bytes=size, seconds=seconds))
    write(folder, "cache-image.yml", "images: {steps: {}}\n")
    write(folder, "deps", "one\n")
    write(folder, "app", "first\n")
    scratch.quietly("git", "init", "-q", folder=folder)
    bench.prepare("--engine", engine, "update", folder=folder, environment=environment)
    scratch.commit(folder, "Build")
    return folder


def reused(log):
    """Steps that a build's log shows as run, FROM left out."""
    with open(log) as file:
        lines = file.read().splitlines()
    steps = sum(line.startswith("STEP ") and ": FROM " not in line for line in lines)
    return steps - sum(line.startswith("--> Using cache") for line in lines), steps


def vertices(log):
    """The same of a log of BuildKit, which shows steps that make files."""
    with open(log) as file:
        lines = file.read().splitlines()
    steps = {line.split()[0] for line in lines if re.match(r"#\d+ \[[^]]*\d+/\d+\] (?!FROM )", line)}
    cached = {line.split()[0] for line in lines if re.match(r"#\d+ CACHED", line)}
    return len(steps - cached), len(steps)


def rebuild(bench):
    """Ours against what people do today: load the image and its base, then build."""
    with_podman(bench)
    if bench.has_docker:
        with_buildkit(bench)


def compare(bench, title, peer, commands, ran, sizes, best):
    """Measures our rebuild and the peer's, and prints what they ran and what is stored for them."""
    samples = alternate(commands[:1], bench.rounds)
    ours, steps = ran[0]()
    samples |= alternate(commands[1:], bench.rounds)
    theirs, _ = ran[1]()
    table(title, samples, [Row(f"one line changed, {peer}", commands[0].name, commands[1].name)])
    print(f"Steps run: ours {ours} of {steps}, the peer {theirs} of {steps}; at best {best} of {steps}.")
    stored = [" + ".join(str(os.path.getsize(path)) for path in paths) for paths in sizes]
    print(f"Bytes stored: ours {stored[0]} (archive + steps archive), the peer {stored[1]}.\n", flush=True)


def fresh(bench, folder, clone, clear, environment=None):
    """Before each run: an engine that holds nothing, and a clone with one line changed."""
    number = 0

    def prepare():
        nonlocal number
        number += 1
        bench.scratch.shell(f"{clear}; rm -rf {clone}; git clone -q {folder} {clone}", environment=environment)
        bench.prepare("pull", folder=clone, environment=environment)
        write(clone, "app", f"change {number}\n")
        os.sync()

    return prepare


def entry(folder):
    return [os.path.join(folder, "docker-cache", name) for name in ("steps-latest.tar", "steps-latest.steps.tar")]


def with_podman(bench):
    scratch, size = bench.scratch, bench.size(200)
    folder, clone = project(bench, bench.seconds, size), os.path.join(scratch.folder, "stepclone")
    base, log = (os.path.join(scratch.folder, name) for name in ("base.tar", "peer.log"))
    scratch.shell(f"podman save -q --format docker-archive -o {base} localhost/base:1", folder)
    before = fresh(bench, folder, clone, "podman rmi --force --all")
    tar = "docker-cache/steps-latest.tar"
    build = f"podman build --isolation chroot --network host --format docker --layers -t {NAME} --logfile {log} ."
    load = f"podman load -q -i {tar} && podman load -q -i {base} && rm -f {log} && {build}"
    commands = [
        bench.ours("ours", ["update"], clone, before=before),
        bench.command("load and build", ["sh", "-c", load], clone, before=before),
    ]
    ran = [lambda: reused(os.path.join(clone, ".git/cache-image/steps-latest.log")), lambda: reused(log)]
    compare(
        bench, f"rebuild on a fresh clone, {size >> 20} MB", "`podman load` of image and base, then `podman build`",
        commands, ran, [entry(folder), [entry(folder)[0], base]], 3)


def with_buildkit(bench):
    """The same with BuildKit; a local cache needs a plugin, so the peer's cache is in its image (`type=inline`)."""
    scratch, size = bench.scratch, bench.size(200)
    # Clients before 23 bring BuildKit; later ones need the plugin.
    path = "/usr/bin:" + bench.docker.environment["PATH"]
    environment = dict(bench.docker.environment, DOCKER_BUILDKIT="1", PATH=path)
    probe = subprocess.run(
        ["docker", "build", "-q", "-"], input=b"FROM scratch\nENV a=b\n", env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if probe.returncode != 0:
        print("No BuildKit, so no rows of it.\n", flush=True)
        return
    folder = project(bench, bench.seconds, size, "docker", environment)
    clone = os.path.join(scratch.folder, "stepclone-docker")
    base, image, log = (os.path.join(scratch.folder, name) for name in ("base2.tar", "inline.tar", "peer2.log"))
    build = "docker build --progress plain --network host --build-arg BUILDKIT_INLINE_CACHE=1 -t steps:latest"
    scratch.shell(f"{build} . && docker save -o {image} steps:latest && docker save -o {base} localhost/base:1", folder, environment)
    clear = "docker images -aq | sort -u | xargs -r docker rmi --force; docker builder prune -af"
    before = fresh(bench, folder, clone, clear, environment)
    load = f"docker load -q -i {image} && docker load -q -i {base} && {build} --cache-from steps:latest . >{log} 2>&1"
    commands = [
        bench.command(
            "ours, BuildKit", [bench.program, "--engine", "docker", "update"], clone, environment,
            daemon=bench.docker, before=before),
        bench.command(
            "load and build, BuildKit", ["sh", "-c", load], clone, environment, daemon=bench.docker, before=before),
    ]
    ran = [lambda: vertices(os.path.join(clone, ".git/cache-image/steps-latest.log")), lambda: vertices(log)]
    compare(
        bench, f"rebuild on a fresh clone with BuildKit, {size >> 20} MB",
        "`docker load` of image and base, then `docker build --cache-from`", commands, ran,
        [entry(folder), [image, base]], 2)
