"""Where a command changes the file system or reads the clock, and how to disturb it there, with strace and `clock.c`."""
import collections, os, re, shutil, signal, subprocess, time

CALLS = (
    "openat,open,creat,write,pwrite64,writev,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,"
    "symlinkat,ftruncate,truncate,fallocate,fsync,fdatasync,copy_file_range,sendfile,ioctl,fchmod,chmod,fchmodat,utimensat,fchown"
)
READS = "openat,read,pread64,newfstatat,statx,getdents64,readlink,readlinkat"
LINE = re.compile(r"^(\d+) +(\w+)\((.*)")
# Calls with a descriptor as their first argument count where it is a file; strace -y shows its path.
ON_FILE = re.compile(r"^\d+<(/[^>]*)>")
SIGNALS = {"KILL": signal.SIGKILL, "INT": signal.SIGINT, "TERM": signal.SIGTERM}
STOPPED = "--- stopped by SIGSTOP"
NOT_FILES = re.compile(r"^/(dev|proc|sys)/|^/dev/null")


def points(place, words, trace, stdin, reads=False):
    """All (call, number) at which this command changes the file system, or reads from its project, in an undisturbed run."""
    done = subprocess.run(
        ["strace", "-f", "-b", "execve", "-y", "-qq", "-o", trace, "-e", f"trace={READS if reads else CALLS}", *words],
        cwd=place.project,
        env=place.environment, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    counts, found, others = collections.Counter(), [], set()
    with open(trace, errors="replace") as lines:
        for line in lines:
            match = LINE.match(line)
            if not match:
                continue
            thread, call, rest = match.groups()
            counts[thread, call] += 1
            point = (call, counts[thread, call])
            if f"{place.root}/" in rest.split(") = ")[0] if reads else changes(call, rest):
                if point not in found:
                    found.append(point)
            else:
                others.add((thread, *point))
    # strace counts the calls of each thread: the loader, or a thread that wakes another, has the same number elsewhere.
    mixed = {point[1:] for point in others if point[1:] in found and (reads or point[1] in ("write", "openat"))}
    return [point for point in found if point not in mixed]


def changes(call, rest):
    """Whether a call of this name with these arguments changes a file or a folder."""
    if call in ("openat", "open"):
        return ("O_CREAT" in rest or "O_TRUNC" in rest) and "ENOENT" not in rest
    if call == "ioctl":
        return "FICLONE" in rest
    if call in ("write", "pwrite64", "writev", "ftruncate", "fallocate", "fsync", "fdatasync", "fchmod", "fchown"):
        file = ON_FILE.match(rest)
        return file is not None and not NOT_FILES.match(file.group(1))
    if call in ("copy_file_range", "sendfile"):
        return True
    return "EEXIST" not in rest or call not in ("mkdir", "mkdirat")


def disturbed(place, words, call, number, fault, stdin, trace, reads=False):
    """Runs the command; at the call's number-th use it gets a signal (`KILL`, `INT`, `TERM`), or the call fails with the errno
    that `fault` names.

    Gives the ended process, None where it does not end; and whether the fault met a call that changes, or reads, the project's
    files: the threads of a program take turns as they like.
    """
    # A signal of strace's own is delivered past those that wait for signals: the command is stopped there, and gets it from us.
    what = "signal=KILL" if fault == "KILL" else "signal=STOP" if fault in SIGNALS else f"error={fault}"
    words = ["strace", "-f", "-b", "execve", "-y", "-qq", "-o", trace, "-e", f"trace={call}",
             "-e", f"inject={call}:{what}:when={number}", *words]
    if os.path.exists(trace):
        os.remove(trace)
    with subprocess.Popen(
            words, cwd=place.project, env=place.environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace", start_new_session=True) as process:
        if fault in SIGNALS and fault != "KILL":
            signal_when_stopped(process, trace, SIGNALS[fault])
        try:
            output, errors = process.communicate(timeout=60 if fault == "KILL" or fault not in SIGNALS else 5)
            done = subprocess.CompletedProcess(words, process.returncode, output, errors)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            done = None
    with open(trace, errors="replace") as file:
        lines = file.readlines()
    if fault in SIGNALS:
        return done, fault == "KILL" or any(STOPPED in line for line in lines)
    injected = [match for line in lines if "(INJECTED)" in line and (match := LINE.match(line))]
    if reads:
        return done, any(f"{place.root}/" in match[3] for match in injected)
    # strace counts the calls of each thread: one by which threads wake each other proves nothing.
    return done, bool(injected) and all(changes(match[2], match[3]) for match in injected)


class Clock:
    """A clock of the day that is set while a command runs."""

    def __init__(self, folder):
        self.library, self.count = os.path.join(folder, "clock.so"), os.path.join(folder, "readings")
        compiler = next(filter(None, map(shutil.which, ("cc", "clang", "gcc"))), None)
        if compiler is None:
            raise SystemExit("a compiler of C is missing, for a clock that can be set: apt-get install gcc")
        source = os.path.join(os.path.dirname(os.path.realpath(__file__)), "clock.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", self.library, source, "-ldl"], check=True)

    def run(self, place, words, stdin, **variables):
        environment = place.environment | {"LD_PRELOAD": self.library} | variables
        try:
            return subprocess.run(
                words, cwd=place.project, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, errors="replace", timeout=60)
        except subprocess.TimeoutExpired:
            return None

    def points(self, place, words, stdin):
        """All ("clock", number) at which the command reads the time of day."""
        done = self.run(place, words, stdin, CLOCK_COUNT=self.count)
        if done is None or done.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: {done}")
        with open(self.count) as file:
            return [("clock", number + 1) for number in range(int(file.read() or 0))]

    def disturbed(self, place, words, number, fault, stdin):
        """Runs the command; at this reading the clock goes back a day (`BACK`), or one that was a day ahead is set right (`RIGHT`)."""
        at, step = (number, -86_400) if fault == "BACK" else (-number, 86_400)
        return self.run(place, words, stdin, CLOCK_AT=str(at), CLOCK_STEP=str(step))


def signal_when_stopped(process, trace, number):
    """Waits until the command under strace is stopped, then sends it a signal and lets it go on; so whenever it is stopped, since
    strace counts the calls of each thread. Ends with the command, or after a minute.
    """
    tasks, met, end = f"/proc/{process.pid}/task/{process.pid}/children", 0, time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            with open(trace, errors="replace") as file:
                parts = file.read().split("--- SIGSTOP {")
            if len(parts) - 1 > met and STOPPED in parts[-1]:
                with open(tasks) as file:
                    command = int(file.read().split()[0])
                if met == 0:
                    os.kill(command, number)
                os.kill(command, signal.SIGCONT)
                met = len(parts) - 1
        except (OSError, IndexError):
            pass
        time.sleep(0.003)


def available():
    return shutil.which("strace") is not None
