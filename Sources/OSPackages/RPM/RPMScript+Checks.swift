extension RPMScript {
    /// Looks again at what dnf accepted.
    static let checking = #"""
        def digest(path):
            total = hashlib.sha256()
            with open(path, "rb") as file:
                for part in iter(lambda: file.read(1 << 18), b""):
                    total.update(part)
            return total.hexdigest()

        def signers(key, home, folder, name):
            """The primary keys whose good signature the index has; what dnf saw is not taken for granted."""
            run = subprocess.run(
                ["gpgv", "--homedir", home, "--status-fd", "1", "--keyring", key,
                 folder + "/repomd.xml.asc", folder + "/repomd.xml"], stdin=subprocess.DEVNULL, capture_output=True)
            found, good = set(), False
            for line in run.stdout.decode("utf-8", "replace").splitlines():
                words = line.split()[1:]
                if not words: continue
                if words[0] == "BADSIG":
                    raise Refusal("untrusted", name, "its repomd.xml has a bad signature")
                if words[0] in ("GOODSIG", "EXPKEYSIG", "REVKEYSIG", "EXPSIG"):
                    good = words[0] == "GOODSIG"
                if words[0] == "VALIDSIG" and good:
                    found.add(words[-1].upper())
            if not found:
                raise Refusal("untrusted", name, "no trusted key signed its repomd.xml")
            return sorted(found)

        def check_files(folder, name):
            """Compares the metadata that dnf reads with the digests of the signed index."""
            space = "{http://linux.duke.edu/metadata/repo}"
            parts = 0
            for data in tree.parse(folder + "/repomd.xml").getroot().iter(space + "data"):
                place = data.find(space + "location").get("href", "")
                path = os.path.join(folder, os.path.basename(place))
                if not os.path.isfile(path):
                    continue
                check = data.find(space + "checksum")
                if check.get("type") not in ("sha256", "sha512"):
                    raise Refusal("untrusted", name, "its repomd.xml gives no SHA-256 of its files")
                if check.get("type") == "sha256" and digest(path) != check.text:
                    raise Refusal("untrusted", name, "%s does not have the digest of repomd.xml" % os.path.basename(place))
                parts += 1
            if parts == 0:
                raise Refusal("untrusted", name, "its repomd.xml names no files that are here")

        def kind_of(text, offline):
            low = text.lower()
            if "gpg" in low or "signature" in low or "checksum" in low:
                return "untrusted"
            return "offline" if offline else "network"

        def reason_of(text):
            """What librepo found, rather than that all mirrors were tried; None where it found nothing special."""
            if "checksum doesn't match" in text:
                return "its package lists do not have the digests of its repomd.xml"
            found = re.search(r"Bad GPG signature|[^.:;]*GPG signature is not [^.:;]*", text)
            return found.group().strip() if found else None

        class Heard(logging.Handler):
            """What dnf tells its log alone, such as why each mirror failed."""
            def __init__(self):
                logging.Handler.__init__(self, logging.WARNING)
                self.lines = []
                logging.getLogger("dnf").addHandler(self)

            def emit(self, record):
                self.lines.append(record.getMessage())
                print(record.getMessage(), file=sys.stderr)
        """#
}
