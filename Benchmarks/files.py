"""Many files, nothing changed: is the image up to date? And what the key costs when nothing is known yet."""
import os, shutil

import fixtures
from measure import Command, Row, alternate, memory as memory_table, table

HASHES = "find src -type f -print0 | sort -z | xargs -0 md5sum | md5sum"


def project(bench, count):
    """The project of this many files, made once."""
    count = count // (10 if bench.is_quick else 1)
    folder = os.path.join(bench.scratch.folder, f"files{count}")
    if not os.path.exists(folder):
        os.makedirs(folder)
        fixtures.make_files(bench.scratch, folder, count)
    return folder, count


def unchanged(bench):
    """The entry is fresh, and the engine has the image."""
    for size, builds in ((400, 3), (10_000, 1), (100_000, 0)):
        folder, count = project(bench, size)
        bench.prepare("--engine", "podman", "update", folder=folder)
        bench.scratch.commit(folder, "Keep the image")
        fixtures.settle(bench.scratch, folder)
        git = bench.command("git status", ["git", "status", "--porcelain"], folder)
        status = bench.ours("status", ["status"], folder)
        update = bench.ours("update", ["update"], folder)
        script = bench.command("script", ["sh", "-c", HASHES], folder)
        commands = [git, status, update, script]
        rows = [
            Row("`status` against `git status`", "status", "git status"),
            Row("`update`, podman, against `git status`", "update", "git status"),
            Row("`update`, podman, against find, sort, md5sum", "update", "script"),
        ]
        if bench.has_docker:
            bench.prepare("--engine", "docker", "update", folder=folder, environment=bench.docker.environment)
            commands.append(bench.ours_on_docker("update docker", ["update"], folder))
            rows.append(Row("`update`, docker, against `git status`", "update docker", "git status"))
        samples = alternate(commands, bench.rounds * 3)
        if builds:
            # A build of many files takes seconds: fewer rounds, and those of `update` beside it once more.
            slow, lines = peers(bench, folder, update)
            samples.update({f"{name} again": value for name, value in alternate(slow, max(1, bench.rounds * builds // 5)).items()})
            rows += lines
        table(f"{count} files, nothing changed", samples, rows, "ms")


def peers(bench, folder, update):
    """Cached builds of the same project by podman and by BuildKit."""
    commands = [update, bench.command("podman build", ["podman", "build", "-q", "--layers", "--format", "docker", "."], folder)]
    rows = [Row("`update`, podman, against `podman build --layers`, all cached", "update again", "podman build again")]
    if bench.has_docker and (client := buildkit_client()):
        environment = dict(bench.docker.environment, DOCKER_BUILDKIT="1")
        commands += [
            bench.ours_on_docker("update docker", ["update"], folder),
            Command("BuildKit", [client, "build", "-q", "."], folder, environment, daemon=bench.docker),
        ]
        rows.append(Row("`update`, docker, against BuildKit, all cached", "update docker again", "BuildKit again"))
    return commands, rows


def buildkit_client():
    """The first docker client on PATH that builds with BuildKit without a plugin: those before 23.0."""
    for place in os.get_exec_path():
        client = os.path.join(place, "docker")
        if os.access(client, os.X_OK) and os.popen(f"'{client}' --version").read().split()[2:3] < ["23"]:
            return client
    return None


def key(bench):
    """The key of a project of which nothing is known, and once more."""
    for size in (10_000, 100_000):
        folder, count = project(bench, size)

        def forget():
            shutil.rmtree(os.path.join(folder, ".git/cache-image"), ignore_errors=True)

        commands = [
            bench.ours("first", ["inputs", "--key"], folder, before=forget),
            bench.ours("again", ["inputs", "--key"], folder),
            bench.command("script", ["sh", "-c", HASHES], folder),
        ]
        rows = [
            Row("the first key against find, sort, md5sum", "first", "script"),
            Row("the key again against find, sort, md5sum", "again", "script"),
        ]
        table(f"key of {count} files", alternate(commands, bench.rounds), rows, "ms")


def memory(bench):
    """Peak memory where it could grow: many files, and a long history."""
    folder, count = project(bench, 100_000)

    def forget():
        shutil.rmtree(os.path.join(folder, ".git/cache-image"), ignore_errors=True)

    versions = 200 // (10 if bench.is_quick else 1)
    old = os.path.join(bench.scratch.folder, "versions")
    if not os.path.exists(old):
        os.makedirs(old)
        fixtures.make_files(bench.scratch, old, 1000)
        for number in range(versions):
            with open(os.path.join(old, "src/0/0/0.txt"), "w") as file:
                file.write(f"version {number}\n")
            bench.prepare("--engine", "podman", "update", folder=old)
            bench.scratch.commit(old, f"Version {number}")
    memory_table("peak memory", [
        bench.ours(f"`inputs --key`, {count} files, nothing known yet", ["inputs", "--key"], folder, before=forget),
        bench.ours(f"`status`, {count} files", ["status"], folder),
        bench.ours(f"`history` of {versions} versions of an image of 1,000 files", ["history", "bench"], old),
    ])
