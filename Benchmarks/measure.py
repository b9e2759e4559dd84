"""What the benchmark scripts share: commands in turn, the best run of each, one Markdown row per command."""
import os, subprocess, sys, time


def run(command, folder, environment=None):
    """Runs a command to its end: (wall seconds, CPU seconds, peak resident MB of the program itself)."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{message.decode(errors='replace')}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(rows, folder, runs, environment=None, between=None):
    """Runs the commands of all rows in turn, `runs` times; gives the smallest figures of each: (name, wall, CPU, memory).

    `between` is called with a row's name before each of its runs, outside the measurement.
    """
    best = {}
    for _ in range(runs):
        for name, command in rows:
            if between:
                between(name)
            figures = run(command, folder, environment)
            best[name] = tuple(map(min, zip(figures, best.get(name, figures))))
    return [(name, *best[name]) for name, _ in rows]


def table(title, figures, unit):
    """Prints the rows; each ratio is that of CPU time to the first row's."""
    factor, digits = (1000, 0) if unit == "ms" else (1, 2)
    print(f"| {title} | wall {unit} | CPU {unit} | CPU ratio | peak MB |\n|---|---|---|---|---|")
    for name, wall, cpu, memory in figures:
        ratio = cpu / figures[0][2] if figures[0][2] else 0
        print(f"| {name} | {wall * factor:.{digits}f} | {cpu * factor:.{digits}f} | {ratio:.2f} | {memory:.0f} |")
    print(flush=True)
