extension RPMScript {
    /// Downloads files, several at a time.
    static let fetching = #"""
        import json, os, sys, threading, time, urllib.error, urllib.request

        def fetch(one, folder):
            if not one["url"].startswith(("http://", "https://", "file://")):
                raise ValueError("its address is none of http, https or file")
            part = folder + "/" + one["file"] + ".part"
            left = one["size"]
            try:
                with urllib.request.urlopen(one["url"], timeout=60) as answer, open(part, "xb") as file:
                    while left >= 0:
                        data = answer.read(min(1 << 18, left + 1))
                        if not data: break
                        left -= len(data)
                        file.write(data)
                if left != 0:
                    raise ValueError("it is %s than the %d bytes of the index" % ("longer" if left < 0 else "shorter", one["size"]))
                os.rename(part, folder + "/" + one["file"])
            finally:
                if os.path.lexists(part): os.unlink(part)

        def patiently(one, folder):
            """Three tries; what the server does not have, and a disk that is full, is told at once."""
            for attempt in range(3):
                try:
                    return fetch(one, folder)
                except (OSError, ValueError) as error:
                    final = isinstance(error, urllib.error.HTTPError) and error.code < 500 or attempt == 2
                    if final or isinstance(error, OSError) and getattr(error, "errno", None) in (28, 122, 13, 30):
                        return str(getattr(error, "reason", None) or error) or type(error).__name__
                    time.sleep(0.2 * 4 ** attempt)

        def run(order):
            left, failed, lock = list(reversed(order["packages"])), [], threading.Lock()
            def work():
                while True:
                    with lock:
                        if not left: return
                        one = left.pop()
                    reason = patiently(one, order["folder"])
                    if reason:
                        with lock: failed.append({"file": one["file"], "reason": " ".join(reason.split())[:400]})
            threads = [threading.Thread(target=work, daemon=True) for _ in range(max(1, min(64, order["workers"])))]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return failed
        """#
}
