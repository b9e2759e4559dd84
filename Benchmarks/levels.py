"""A level's command in a container, against the engine's own `run`."""
import os, resource, shutil

from measure import Row, alternate, table

DOCKERFILE = 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n'


def limits():
    """Limits that a container may have here; without them some machines start none."""
    with open("/proc/sys/kernel/pid_max") as file:
        processes = int(file.read())
    own = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    processes = processes if own == resource.RLIM_INFINITY else min(processes, own)
    files = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 1 << 20)
    return ["--ulimit", f"nofile={files}:{files}", "--ulimit", f"nproc={processes}:{processes}"]


def run(bench):
    """The entry is fresh, the engine has the image, the command does nothing."""
    folder = os.path.join(bench.scratch.folder, "level")
    os.makedirs(folder)
    shutil.copy("/bin/busybox", folder)
    for name, text in (
            ("Dockerfile", DOCKERFILE), ("cache-image.yml", "images: {small: {}}\ntests: {levels: {unit: [echo, hello]}}\n")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    bench.scratch.quietly("git", "init", "-q", folder=folder)
    bench.prepare("--engine", "podman", "update", folder=folder)
    bench.scratch.commit(folder, "Keep the image")
    program = os.path.join(os.path.dirname(bench.program), "run-tests")
    commands = [
        bench.command("level", [program, "--engine", "podman", "unit"], folder),
        bench.command(
            "podman run", ["podman", "run", "--rm", "--pull=never", *limits(), "localhost/small:latest", "echo", "hello"], folder),
    ]
    rows = [Row("`run-tests unit` against `podman run --rm`", "level", "podman run")]
    table("a command that does nothing", alternate(commands, bench.rounds * 3), rows, "ms")
