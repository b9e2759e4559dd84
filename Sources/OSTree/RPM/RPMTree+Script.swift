extension RPMTree {
    /// Installs packages into a tree and writes its database anew; runs in namespaces of its own.
    static let script = #"""
        import hashlib, json, os, sqlite3, stat, struct, subprocess, sys, tempfile

        MACROS = "--macros=/usr/lib/rpm/macros"  # none of this machine's administrator

        def plain(root, path, makes=False):
            """A folder of the tree none of whose parts is a link, which a package could have put there."""
            at = root
            for part in path.strip("/").split("/"):
                at += "/" + part
                if makes and not os.path.lexists(at): os.mkdir(at, 0o755)
                if not os.path.isdir(at) or os.path.islink(at):
                    raise SystemExit("the tree has no plain folder " + path)
            return at

        def headers(file):
            """The start and length of each header, its installation time replaced (the rpm package format, version 4)."""
            while True:
                start = file.tell()
                intro = file.read(16)
                if not intro: return
                magic, _, count, size = struct.unpack(">4sIII", intro)
                if magic != b"\x8e\xad\xe8\x01" or count > 1 << 20 or size > 1 << 28:
                    raise SystemExit("the package database has a header that is none")
                blob = bytearray(file.read(count * 16 + size))
                for at in range(0, count * 16, 16):
                    tag, kind, offset, _ = struct.unpack(">IIiI", blob[at:at + 16])
                    if tag in (1008, 1128) and kind == 4:  # INSTALLTIME, INSTALLTID
                        struct.pack_into(">I", blob, count * 16 + offset, int(os.environ["SOURCE_DATE_EPOCH"]))
                file.seek(start + 16)
                file.write(blob)
                yield hashlib.sha256(blob).digest(), start, 16 + len(blob)

        def canonical(database, temporary):
            """Writes the package database anew: whatever the order of installation was, the bytes are the same."""
            with tempfile.TemporaryDirectory(dir=temporary) as work:
                with open(work + "/all", "w+b") as every, open(work + "/sorted", "w+b") as ordered:
                    subprocess.run(["rpmdb", MACROS, "--dbpath", database, "--exportdb"], stdout=every, check=True)
                    every.seek(0)
                    for _, start, length in sorted(headers(every)):
                        every.seek(start)
                        ordered.write(every.read(length))
                    ordered.seek(0)
                    os.mkdir(work + "/db")
                    subprocess.run(["rpmdb", MACROS, "--dbpath", work + "/db", "--importdb"], stdin=ordered, check=True)
                fresh = sqlite3.connect(work + "/db/rpmdb.sqlite", isolation_level=None)
                for words in ("pragma wal_checkpoint(truncate)", "pragma journal_mode=delete", "vacuum"):
                    fresh.execute(words).fetchall()
                fresh.close()
                for name in os.listdir(database):
                    if name == ".rpm.lock" or name.startswith("rpmdb.sqlite"): os.unlink(database + "/" + name)
                with open(work + "/db/rpmdb.sqlite", "rb") as source, open(database + "/rpmdb.sqlite", "xb") as target:
                    for part in iter(lambda: source.read(1 << 20), b""): target.write(part)
                os.chmod(database + "/rpmdb.sqlite", 0o644)

        def prepared(root):
            """Folders for the devices and processes that scripts see; they vanish with the namespace."""
            for name, kind in (("dev", "tmpfs"), ("proc", "proc")):
                place = root + "/" + name
                if not os.path.lexists(place): os.mkdir(place, 0o755)
                subprocess.run(["mount", "-t", kind, "-o", "nosuid", kind, plain(root, name)], check=True)
            for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
                os.mknod(root + "/dev/" + name, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
            for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
                os.symlink(target, root + "/dev/" + name)

        def database(root, files):
            """Where the tree keeps its package database: where it has one, or where its own rpm will look for it."""
            new, old = "/usr/lib/sysimage/rpm", "/var/lib/rpm"
            for place in (new, old):
                if os.path.lexists(root + place + "/rpmdb.sqlite"): return place
            query = ["rpm", MACROS, "-qp", "--nosignature", "--nodigest", "--dbpath", root + "/dev/none",
                     "--qf", "[%{FILENAMES}\n]"]
            with subprocess.Popen(query + files, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as run:
                found = False
                for line in run.stdout: found = found or line.rstrip() == new.encode()
            return new if found else old

        def install(order):
            os.umask(0o022)
            root, files = order["root"], order["files"]
            prepared(root)
            place = database(root, files)
            plain(root, place, makes=True)  # rpm opens its database before it enters the tree
            flags = ["--root", root, "--dbpath", place, "--nosignature", "--noplugins", "--define", "_netsharedpath /dev:/proc"]
            run = subprocess.run(["rpm", MACROS, "-i"] + flags + files, stdin=subprocess.DEVNULL)
            if run.returncode != 0: return run.returncode if 0 < run.returncode < 100 else 100
            canonical(plain(root, place), root + "/dev")
            return 0

        if __name__ == "__main__":
            with open(sys.argv[1], encoding="utf-8") as file:
                order = json.load(file)
            os.dup2(2, 1)
            sys.exit(install(order))
        """#
}
