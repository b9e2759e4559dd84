"""Large images: into the engine, out of it, and only what is new of either."""
import os

import fixtures
from measure import Row, alternate, table

MIB = 1 << 20
NAME = "localhost/big:latest"


def project(bench, mib):
    """A project with two versions of an image, both in podman's store as `v1` and `v2`, each entry in a commit, tagged likewise.

    The versions differ in the last layer of 11 MB. Of both stand the archives as `peer1.tar` and `peer2.tar`.
    """
    folder = os.path.join(bench.scratch.folder, f"image{mib}")
    if os.path.exists(folder):
        return folder
    top = bench.size(11)
    fixtures.make_image(bench.scratch, folder, [(bench.size(mib) - top) // 3] * 3, top)
    for version in ("1", "2"):
        fixtures.write_random(os.path.join(folder, "top"), top)
        bench.prepare("--engine", "podman", "build", folder=folder)
        bench.scratch.commit(folder, f"Version {version}")
        bench.scratch.shell(
            f"git tag v{version} && podman tag {NAME} localhost/v{version} && podman save -q -o peer{version}.tar {NAME}", folder)
    fixtures.settle(bench.scratch, folder)
    return folder


def load(bench):
    """Cold, with the image there, and with all but the last layer there."""
    for mib, rounds in ((200, bench.rounds), (1000, max(1, bench.rounds // 2))):
        folder = project(bench, mib)
        scratch = bench.scratch

        def podman(*names):
            """Leaves just these of the images in podman's store."""
            scratch.shell("podman rmi --force --all", folder)
            for name in names:
                scratch.quietly("podman", "load", "-q", "-i", f"peer{name}.tar", folder=folder)
                scratch.quietly("podman", "tag", NAME, f"localhost/v{name}", folder=folder)
            if "2" not in names:
                scratch.shell(f"podman rmi {NAME} || true", folder)
            os.sync()

        def without_top():
            scratch.shell(f"podman rmi --force {NAME} || true", folder)
            os.sync()

        peer = ["podman", "load", "-q", "-i", "peer2.tar"]
        cold = [bench.ours("load", ["load"], folder, before=podman), bench.command("podman load", peer, folder, before=podman)]
        samples = alternate(cold, rounds)
        rows = [Row("cold, `podman load -i`", "load", "podman load")]
        podman("1")
        thin = [
            bench.ours("thin", ["load"], folder, before=without_top),
            bench.command("podman thin", peer, folder, before=without_top),
        ]
        samples |= alternate(thin, rounds * 2)
        rows.append(Row("all but 11 MB is there, `podman load -i` of the whole", "thin", "podman thin"))
        podman("2")
        warm = [bench.ours("warm", ["load"], folder), bench.command("podman warm", peer, folder)]
        samples |= alternate(warm, rounds * 2)
        rows.append(Row("the image is there, `podman load -i`", "warm", "podman warm"))
        if bench.has_docker:
            more, lines = docker_loads(bench, folder, rounds)
            samples |= more
            rows += lines
        table(f"load, {bench.size(mib) // MIB} MB", samples, rows)
        podman("1", "2")


def docker_loads(bench, folder, rounds):
    """The same with docker; CPU is the daemon's, too."""
    daemon = bench.docker

    def docker(script):
        bench.scratch.shell(script, folder, daemon.environment)
        os.sync()

    def empty():
        docker("docker images -aq | sort -u | xargs -r docker rmi --force")

    def without_top():
        docker("docker rmi --force big:latest localhost/big:latest || true")

    def pair(name, before):
        peer = ["docker", "load", "-q", "-i", "peer2.tar"]
        return [
            bench.ours_on_docker(name, ["load"], folder, before=before),
            bench.command(f"docker {name}", peer, folder, daemon.environment, daemon=daemon, before=before),
        ]

    samples = alternate(pair("docker cold", empty), rounds)
    empty()
    docker("docker load -q -i peer1.tar && docker tag localhost/big:latest old && docker rmi localhost/big:latest")
    samples |= alternate(pair("docker thin", without_top), rounds * 2)
    docker("docker load -q -i peer2.tar && docker tag localhost/big:latest big:latest")
    samples |= alternate(pair("docker warm", None), rounds * 2)
    empty()
    return samples, [
        Row("cold, `docker load -i`", "docker cold", "docker docker cold"),
        Row("all but 11 MB is there, `docker load -i` of the whole", "docker thin", "docker docker thin"),
        Row("the image is there, `docker load -i`", "docker warm", "docker docker warm"),
    ]


def save(bench):
    """All of it, and where the entry has all but the last layer; then what stands there is verified."""
    folder, scratch = project(bench, 402), bench.scratch
    rounds = bench.rounds
    scratch.quietly("podman", "tag", "localhost/v2", NAME, folder=folder)

    def clear(text="images: {big: {}}"):
        """No entry, no object, nothing noted of the archive; the inputs are known, as after a build."""
        scratch.shell(f"echo '{text}' >cache-image.yml; rm -rf docker-cache .git/lfs/objects .git/cache-image peer", folder)
        bench.prepare("status", folder=folder)
        os.sync()

    def clear_for_pointer():
        clear("{images: {big: {}}, git: {worktree: pointer}}")

    def older():
        """The entry of the first version; the object of the second is gone."""
        scratch.shell(
            "git checkout -q v2 && oid=$(git show v2:docker-cache/big-latest.tar | sed -n 's/^oid sha256://p') && "
            "git checkout -q v1 -- docker-cache && find .git/lfs/objects -name $oid -delete && rm -f peer", folder)
        os.sync()

    words = ["save", "--force"]
    peer = ["podman", "save", "-q", "--format", "docker-archive", NAME]
    out = os.path.join(folder, "peer")
    # The thin rows come first: they need the objects of both versions.
    thin = [
        bench.ours("thin", words, folder, before=older),
        bench.command("podman thin", peer, folder, before=older, output=out),
    ]
    samples = alternate(thin, rounds)
    rows = [Row("all but 11 MB is in the entry, `podman save > file`", "thin", "podman thin")]
    full = [
        bench.ours("full", words, folder, before=clear),
        bench.ours("unstaged", words + ["--no-stage"], folder, before=clear),
        bench.ours("pointer", words, folder, before=clear_for_pointer),
        bench.command("podman save", peer, folder, before=clear, output=out),
    ]
    samples |= alternate(full, rounds)
    rows += [
        Row("all of it, staged, `podman save > file`", "full", "podman save"),
        Row("the same with `worktree: pointer`", "pointer", "podman save"),
        Row("all of it, not staged (`--no-stage`)", "unstaged", "podman save"),
    ]
    if bench.has_docker:
        daemon = bench.docker
        scratch.shell("docker load -q -i peer2.tar && docker tag localhost/big:latest big:latest", folder, daemon.environment)
        full = [
            bench.ours_on_docker("docker full", words, folder, before=clear),
            bench.command(
                "docker save", ["docker", "save", "big:latest"], folder, daemon.environment, daemon=daemon, before=clear,
                output=out),
        ]
        samples |= alternate(full, rounds)
        rows.append(Row("all of it, staged, `docker save > file`", "docker full", "docker save"))
    table(f"save, {bench.size(402) // MIB} MB", samples, rows)
    verify(bench, folder)


def verify(bench, folder):
    """Every byte of an entry, against the check that git-lfs has."""
    bench.scratch.shell("echo 'images: {big: {}}' >cache-image.yml; rm -rf docker-cache .git/lfs/objects", folder)
    bench.prepare("--engine", "podman", "build", folder=folder)
    bench.scratch.commit(folder, "Verify this")
    commands = [
        bench.ours("verify", ["verify"], folder),
        bench.command("fsck", ["git", "lfs", "fsck", "--objects"], folder),
        bench.command("md5sum", ["sh", "-c", "cd docker-cache && md5sum *.tar"], folder),
    ]
    rows = [
        Row("`verify` against `git lfs fsck`", "verify", "fsck"),
        Row("`verify` against `md5sum`, as scripts do", "verify", "md5sum"),
    ]
    table(f"verify, {bench.size(402) // MIB} MB", alternate(commands, bench.rounds), rows)
