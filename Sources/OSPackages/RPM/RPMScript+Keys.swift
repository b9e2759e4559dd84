extension RPMScript {
    /// Reads keys of any form: files or downloads, armored or not, one or several.
    static let reading = #"""
        import base64, hashlib, json, os, re, shutil, subprocess, sys, tempfile, urllib.request

        class Refusal(Exception):
            """What is told in one line: the kind of trouble, what it is about, why."""
            def __init__(self, kind, subject, reason):
                Exception.__init__(self, reason)
                self.answer = {"kind": kind, "subject": subject, "reason": " ".join(str(reason).split())[:600]}

        def bounded(file, limit):
            data = file.read(limit + 1)
            if len(data) > limit:
                raise ValueError("it is longer than %d bytes" % limit)
            return data

        def key_bytes(one, known, offline):
            """The bytes of a repository's key; None where the one of last time is to do."""
            if one["keyURL"] is not None:
                if offline:
                    if known:
                        return None
                    raise Refusal("offline", one["name"], "its key was not downloaded yet")
                if not one["keyURL"].startswith(("http://", "https://", "file://")):
                    raise Refusal("untrusted", one["name"], "its key's address is none of http, https or file")
                try:
                    with urllib.request.urlopen(one["keyURL"], timeout=30) as answer:
                        return bounded(answer, 1 << 20)
                except (OSError, ValueError) as error:
                    raise Refusal("network", one["name"], "its key cannot be downloaded: %s" % error)
            try:
                with open(one["keyFile"], "rb") as file:
                    return bounded(file, 1 << 20)
            except (OSError, ValueError) as error:
                raise Refusal("file", one["name"], "its key cannot be read: %s" % error)

        def unarmored(data):
            """OpenPGP packets: those of every armored block, or the bytes themselves."""
            block = rb"-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(.*?)-----END PGP PUBLIC KEY BLOCK-----"
            found = b""
            for text in re.findall(block, data, re.S):
                body = re.split(rb"\r?\n[ \t]*\r?\n", b"\n" + text, maxsplit=1)[-1]
                lines = [line.strip() for line in body.splitlines()]
                found += base64.b64decode(b"".join(line for line in lines if not line.startswith(b"=")))
            return found or data

        def split_keys(data):
            """One piece for each primary key (RFC 9580, 4.2: packet tag 6)."""
            keys, at = [], 0
            while at < len(data):
                start, head = at, data[at]
                if not head & 0x80:
                    raise ValueError("it is no OpenPGP key")
                if head & 0x40:
                    tag, first = head & 0x3F, data[at + 1]
                    if first < 192: size, at = first, at + 2
                    elif first < 224: size, at = ((first - 192) << 8) + data[at + 2] + 192, at + 3
                    elif first == 255: size, at = int.from_bytes(data[at + 2:at + 6], "big"), at + 6
                    else: raise ValueError("it is no OpenPGP key")
                else:
                    tag, width = (head >> 2) & 0xF, 1 << (head & 3)
                    if width == 8: raise ValueError("it is no OpenPGP key")
                    size, at = int.from_bytes(data[at + 1:at + 1 + width], "big"), at + 1 + width
                at += size
                if at > len(data): raise ValueError("it is cut short")
                if tag == 6: keys.append(b"")
                if not keys: raise ValueError("it is no OpenPGP public key")
                keys[-1] += data[start:at]
            if not keys: raise ValueError("it is empty")
            return keys

        def armored(data):
            crc = 0xB704CE
            for byte in data:
                crc ^= byte << 16
                for _ in range(8):
                    crc = crc << 1 ^ (0x1864CFB if crc & 0x800000 else 0)
            body = base64.encodebytes(data) + b"=" + base64.b64encode(crc.to_bytes(3, "big"))
            return b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + body + b"\n-----END PGP PUBLIC KEY BLOCK-----\n"
        """#
}
