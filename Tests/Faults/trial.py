"""One command in a small repository: run undisturbed, then disturbed, and judged by what is left."""
import os, re, shutil

import injection, scenarios
from scenarios import READERS, Place, SCENARIOS

ERRORS = ["EIO", "ENOSPC", "EACCES"]
CLOCK_FAULTS = ["BACK", "RIGHT"]
FAULTS = ["KILL", "INT", "TERM", *ERRORS, *CLOCK_FAULTS]
READ_FAULTS = ["EIO", "ESTALE"]
# Git's loose objects, and what the program only remembers, may be more or fewer; temporary names never.
IGNORED = (".git/objects/", ".git/logs/", ".git/cache-image/", "../home/", ".git/ORIG_HEAD", ".git/COMMIT_EDITMSG")
TEMPORARY = re.compile(r"(^|/)(\.tmp-|index\.(lock|cache-image))|^\.git/lfs/(tmp|incomplete)/")


class Trial:
    """One scenario in a folder of its own, made once and copied for each point."""

    def __init__(self, folder, name, program, clock):
        self.name, self.program, self.clock = name, program, clock
        self.reads = name in READERS
        self.faults = READ_FAULTS if self.reads else FAULTS
        prepare, words, *allowed = READERS[name] if self.reads else SCENARIOS[name]
        self.allowed = allowed[0] if allowed else set()
        self.words = [program, *words]
        self.place = Place(os.path.join(folder, "place"), program)
        self.template = os.path.join(folder, "template")
        self.trace = os.path.join(folder, "trace")
        scenarios.start(self.place)
        prepare(self.place)
        os.rename(self.place.root, self.template)
        self.points = []
        if not self.reads:
            self.reset()
            self.points = clock.points(self.place, self.words, self.stdin())
        self.reset()
        self.points += injection.points(self.place, self.words, self.trace, self.stdin(), self.reads)
        self.said = self.shown(self.again())
        self.after = self.listing()

    def stdin(self):
        return open(os.path.join(self.place.root, "given.tar"), "rb")

    def reset(self):
        shutil.rmtree(self.place.root, ignore_errors=True)
        shutil.copytree(self.template, self.place.root, symlinks=True)
        self.place.settle()

    def again(self):
        return self.place.run(*self.words) if self.name != "filter" else self.place.run("sh", "-c", '"$@" <../given.tar', "-", *self.words)

    def relief(self):
        """Takes away what disturbs, before the command runs once more."""

    @staticmethod
    def shown(done):
        """What a command said on stdout, without the seconds that it took."""
        return re.sub(r" [0-9.]+$", "", done.stdout, flags=re.MULTILINE)

    def listing(self):
        """All names below the root but for the engine's, and the content of what Git and users see."""
        names = {}
        for folder, _, files in os.walk(self.place.root):
            for file in files:
                path = os.path.join(folder, file)
                name = os.path.relpath(path, self.place.project)
                if "/engine/" in path or name.startswith(IGNORED) and not TEMPORARY.search(name):
                    continue
                shown = name.startswith(("docker-cache/", ".git/lfs/objects/", ".gitattributes", ".git/info/exclude", "../remote.git/lfs"))
                names[name] = open(path, "rb").read() if shown and not name.endswith(".inputs.json") else None
        for line in self.place.run("git", "ls-files", "-s").stdout.splitlines():
            mode, blob, _, name = line.split(None, 3)
            names["index " + name] = None if name.endswith(".inputs.json") else blob
        return names

    def wrong(self, call, number, fault):
        """What is wrong after this fault; empty where nothing is."""
        self.reset()
        with self.stdin() as stdin:
            if fault in CLOCK_FAULTS:
                done, is_met = self.clock.disturbed(self.place, self.words, number, fault, stdin), True
            else:
                done, is_met = injection.disturbed(
                    self.place, self.words, call, number, fault, stdin, self.trace, self.reads)
        if not is_met:
            return None
        if done is None:
            return ["does not end"]
        return self.judged(done, fault)

    def judged(self, done, fault):
        """What is wrong after a command that was disturbed; None where it was not."""
        found = []
        if fault in injection.SIGNALS:
            number = injection.SIGNALS[fault]
            is_ended = done.returncode in (-number, 128 + number)
            if fault == "KILL" and not is_ended:
                return None
            # Who has done its work may end as if nothing had come.
            if not is_ended and done.returncode != 0:
                found.append(f"ended by {done.returncode}: {done.stderr.strip()[:200]}")
            if fault != "KILL" and (left := [name for name in self.listing() if TEMPORARY.search(name)]):
                found.append(f"left over at the end: {', '.join(left[:4])}")
        elif done.returncode < 0 or done.returncode > 125 or fault in CLOCK_FAULTS and done.returncode != 0:
            found.append(f"ended by {done.returncode}: {done.stderr.strip()[:200]}")
        elif done.returncode > 0 and len([l for l in done.stderr.splitlines() if l.startswith("cache-image: ")]) != 1:
            found.append(f"no one-line error: {done.stderr.strip()[:300]}")
        if self.reads:
            if done.returncode == 0 and self.shown(done) != self.said:
                found.append(f"says {self.shown(done).strip()[:200]!r}, not {self.said.strip()[:200]!r}")
            return found
        if (index := self.place.run("git", "ls-files")).returncode != 0:
            found.append(f"git ls-files: {index.stderr.strip()}")
        state = self.place.run(self.program, "status")
        word = state.stdout.split(" ")[0].strip()
        if word not in {"fresh"} | self.allowed:
            found.append(f"status: {word or state.stderr.strip()[:200]}")
        if word == "fresh" and (verify := self.place.run(self.program, "verify")).returncode != 0:
            found.append(f"fresh, but verify: {(verify.stdout + verify.stderr).strip()[:200]}")
        self.relief()
        again = self.again()
        if again.returncode != 0:
            found.append(f"the next run: exit {again.returncode}: {again.stderr.strip()[:300]}")
        if fault in ERRORS:
            # A file that could not be removed stays until a command looks for leftovers; one with nothing to do does not.
            self.place.run(self.program, "load")
        after = self.listing()
        if more := sorted(set(after) - set(self.after)):
            found.append(f"left over: {', '.join(more[:4])}")
        # What `load` gives the engine need not be kept as an object.
        kept = {name for name in self.after if self.name != "load" or not name.startswith(".git/lfs/objects/")}
        if less := sorted(kept - set(after)):
            found.append(f"missing: {', '.join(less[:4])}")
        if other := [name for name in after if name in self.after and after[name] != self.after[name]]:
            found.append(f"other content: {', '.join(other[:4])}")
        return found
