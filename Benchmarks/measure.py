"""Measures commands side by side: in turn, several rounds, each round one ratio; prints medians and their spread."""
import dataclasses, os, statistics, subprocess, sys, time


@dataclasses.dataclass
class Command:
    """A command, where it runs, and what comes before each of its runs, outside of the measurement."""

    name: str
    words: list
    folder: str
    environment: dict = None
    before: object = None
    output: str = os.devnull
    daemon: object = None


@dataclasses.dataclass
class Row:
    """One line of a table: our command and a peer's, by name."""

    title: str
    ours: str
    peer: str


@dataclasses.dataclass
class Figures:
    """One run: seconds, seconds of CPU with those of children and of the daemon that worked for it, MB."""

    wall: float
    cpu: float
    memory: float


def run(command):
    """Runs a command to its end. Memory is the peak of the largest of its processes."""
    if command.before:
        command.before()
    work = command.daemon.cpu() if command.daemon else 0
    with open(command.output, "wb") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            command.words, cwd=command.folder, env=command.environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.PIPE)
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command.words)}: exit {process.returncode}\n{message.decode(errors='replace')}")
    work = command.daemon.cpu() - work if command.daemon else 0
    return Figures(wall, usage.ru_utime + usage.ru_stime + work, usage.ru_maxrss / 1024)


def alternate(commands, rounds, warms=True):
    """Runs all commands in turn, `rounds` times, after one round that does not count: the figures of each, by name."""
    samples = {command.name: [] for command in commands}
    for number in range(rounds + warms):
        for command in commands:
            figures = run(command)
            if number >= warms:
                samples[command.name].append(figures)
    return samples


def table(title, samples, rows, unit="s"):
    """Prints a Markdown table. A ratio is the median of the rounds' ratios, its spread their least and greatest."""
    print(f"| {title} | ours {unit} | peer {unit} | wall ratio | spread | CPU ratio | ours MB |\n|---|---|---|---|---|---|---|")
    factor, digits = (1000, 1) if unit == "ms" else (1, 2)
    for row in rows:
        ours, peer = samples[row.ours], samples[row.peer]
        walls = [a.wall / b.wall for a, b in zip(ours, peer)]
        cpus = [a.cpu / b.cpu if b.cpu else float("inf") for a, b in zip(ours, peer)]
        middle = statistics.median
        print(
            f"| {row.title} | {factor * middle(f.wall for f in ours):.{digits}f} "
            f"| {factor * middle(f.wall for f in peer):.{digits}f} | {middle(walls):.2f} "
            f"| {min(walls):.2f}–{max(walls):.2f} | {middle(cpus):.2f} | {max(f.memory for f in ours):.0f} |")
    print(flush=True)


def memory(title, commands):
    """Prints the peak memory of commands that are run once each."""
    print(f"| {title} | peak MB | wall s |\n|---|---|---|")
    for command in commands:
        figures = run(command)
        print(f"| {command.name} | {figures.memory:.0f} | {figures.wall:.2f} |", flush=True)
    print(flush=True)
