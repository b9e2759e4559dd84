"""What the benchmarks work on: projects of many files, images of some size, and engines with stores of their own."""
import os, shutil, signal, subprocess, time

GIT = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org"]


class Scratch:
    """A folder with a home, a Git configuration and a podman store of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(
            os.environ, HOME=folder, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.path.join(folder, "gitconfig"),
            XDG_STATE_HOME=os.path.join(folder, "state"), XDG_CACHE_HOME=os.path.join(folder, "cache"),
            CONTAINERS_STORAGE_CONF=os.path.join(folder, "storage.conf"))
        with open(os.path.join(folder, "storage.conf"), "w") as file:
            file.write(
                f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
                '[storage.options.overlay]\nskip_mount_home = "true"\n')

    def quietly(self, *words, folder=None, environment=None):
        """Runs a command that prepares something; its failure ends the benchmark with what it said."""
        done = subprocess.run(
            words, cwd=folder or self.folder, env=environment or self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout.decode(errors='replace')}")

    def shell(self, script, folder=None, environment=None):
        self.quietly("sh", "-c", script, folder=folder, environment=environment)

    def commit(self, folder, message):
        self.quietly(*GIT, "add", ".", folder=folder)
        self.quietly(*GIT, "commit", "-qm", message, folder=folder)

    def close(self):
        subprocess.run(
            ["podman", "system", "reset", "--force"], env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)


class Daemon:
    """A docker daemon with folders of its own, ended by its pid."""

    def __init__(self, scratch):
        place = os.path.join(scratch.folder, "docker")
        os.makedirs(place)
        # A socket's path has at most 107 bytes.
        self.address = f"unix://{place}/s"
        self.environment = dict(scratch.environment, DOCKER_HOST=self.address)
        self.log = open(os.path.join(place, "log"), "wb")
        self.process = subprocess.Popen(
            ["dockerd", "--iptables=false", "--bridge=none", "--exec-opt", "native.cgroupdriver=cgroupfs", "--data-root",
             f"{place}/data", "--exec-root", f"{place}/exec", "-H", self.address, "--pidfile", f"{place}/pid"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        for _ in range(300):
            if self.process.poll() is not None:
                break
            if subprocess.run(
                    ["docker", "version"], env=self.environment, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.1)
        self.close()
        raise SystemExit("dockerd does not answer")

    def cpu(self):
        """Seconds of CPU of the daemon, its containerd and all that they have ended."""
        ticks = 0
        for pid in [self.process.pid] + children(self.process.pid):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:15]))
            except FileNotFoundError:
                pass
        return ticks / os.sysconf("SC_CLK_TCK")

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        self.log.close()


def children(parent):
    with open(f"/proc/{parent}/task/{parent}/children") as file:
        return list(map(int, file.read().split()))


def write_random(path, size):
    """Bytes that no compression makes smaller."""
    with open(path, "wb") as file:
        while size > 0:
            size -= file.write(os.urandom(min(size, 1 << 20)))


def make_files(scratch, folder, count):
    """A committed project of `count` small files, an image of it, and an index that Git has settled."""
    for index in range(count):
        place = os.path.join(folder, "src", str(index // 1000), str(index // 100 % 10))
        if index % 100 == 0:
            os.makedirs(place)
        with open(os.path.join(place, f"{index}.txt"), "w") as file:
            file.write(f"file {index}\n" * 20)
    with open(os.path.join(folder, "Dockerfile"), "w") as file:
        file.write("FROM scratch\nCOPY src /src\n")
    with open(os.path.join(folder, "cache-image.yml"), "w") as file:
        file.write("images:\n  bench: {}\n")
    scratch.quietly("git", "init", "-q", folder=folder)
    scratch.commit(folder, "Add files")
    settle(scratch, folder)


def settle(scratch, folder):
    """Waits until no file is as young as the index, then lets Git write what it has seen."""
    time.sleep(1.1)
    scratch.quietly("git", "status", "--porcelain", folder=folder)


def make_image(scratch, folder, sizes, top):
    """A committed project whose image has layers of `sizes` bytes and one of `top` bytes that its next version changes."""
    os.makedirs(folder)
    lines = ["FROM scratch"]
    for number, size in enumerate(sizes):
        write_random(os.path.join(folder, f"layer{number}"), size)
        lines.append(f"COPY layer{number} /layer{number}")
    write_random(os.path.join(folder, "top"), top)
    lines.append("COPY top /top")
    with open(os.path.join(folder, "Dockerfile"), "w") as file:
        file.write("\n".join(lines) + "\n")
    with open(os.path.join(folder, "cache-image.yml"), "w") as file:
        file.write("images:\n  big: {}\n")
    with open(os.path.join(folder, ".gitignore"), "w") as file:
        file.write("/peer*\n")
    scratch.quietly("git", "init", "-q", folder=folder)
    scratch.commit(folder, "Add the image")
