"""A rebuild after a change of one line, on a clone whose engine holds nothing."""
import os, shutil

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


def project(bench, seconds, size):
    """A project whose entry was built and committed, with its base image; peers' archives of image and base beside it."""
    scratch = bench.scratch
    base, folder = (os.path.join(scratch.folder, name) for name in ("stepbase", "steps"))
    os.makedirs(base)
    os.makedirs(folder)
    shutil.copy("/bin/busybox", base)
    write(base, "Dockerfile", BASE)
    write(base, "cache-image.yml", 'images: {localhost/base: {tag: "1", cache: false}}\n')
    bench.prepare("--engine", "podman", "--config", "cache-image.yml", "update", folder=base)
    write(folder, "Dockerfile", STEPS.format(bytes=size, seconds=seconds))
    write(folder, "cache-image.yml", "images: {steps: {}}\n")
    write(folder, "deps", "one\n")
    write(folder, "app", "first\n")
    scratch.quietly("git", "init", "-q", folder=folder)
    bench.prepare("--engine", "podman", "update", folder=folder)
    scratch.commit(folder, "Build")
    scratch.shell(f"podman save -q --format docker-archive -o ../base.tar localhost/base:1", folder)
    return folder


def reused(log):
    """Steps that a build's log shows as run, FROM left out."""
    with open(log) as file:
        lines = file.read().splitlines()
    steps = sum(line.startswith("STEP ") and ": FROM " not in line for line in lines)
    return steps - sum(line.startswith("--> Using cache") for line in lines), steps


def rebuild(bench):
    """Ours against what people do today: load the image and its base, then build."""
    scratch = bench.scratch
    folder = project(bench, 0 if bench.is_quick else 10, bench.size(200))
    clone = os.path.join(scratch.folder, "stepclone")
    number = 0

    def fresh():
        """An empty store, and a clone with one line changed."""
        nonlocal number
        number += 1
        scratch.shell(f"podman rmi --force --all; rm -rf {clone}; git clone -q {folder} {clone}", scratch.folder)
        bench.prepare("pull", folder=clone)
        write(clone, "app", f"change {number}\n")
        os.sync()

    tar = "docker-cache/steps-latest.tar"
    build = f"podman build --isolation chroot --network host --format docker --layers -t {NAME} --logfile ../peer.log ."
    load = f"podman load -q -i {tar} && podman load -q -i ../base.tar && {build}"
    commands = [
        bench.ours("ours", ["update"], clone, before=fresh),
        bench.command("load and build", ["sh", "-c", load], clone, before=fresh),
    ]
    samples = alternate(commands[:1], bench.rounds)
    ran, steps = reused(os.path.join(clone, ".git/cache-image/steps-latest.log"))
    samples |= alternate(commands[1:], bench.rounds)
    peer, _ = reused(os.path.join(scratch.folder, "peer.log"))
    rows = [Row("one line changed, `podman load` of image and base, then `podman build`", "ours", "load and build")]
    table(f"rebuild on a fresh clone, {bench.size(200) >> 20} MB", samples, rows)
    sizes = [os.path.getsize(os.path.join(folder, path)) for path in (tar, "docker-cache/steps-latest.steps.tar")]
    print(f"Steps run: ours {ran} of {steps}, the peer {peer} of {steps}; at best 3 of {steps}.")
    print(f"Bytes stored: {sizes[0]} of the archive, {sizes[1]} of the steps archive.\n", flush=True)
