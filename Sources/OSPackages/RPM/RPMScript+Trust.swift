extension RPMScript {
    /// Keeps the keys of repositories, and gives answers.
    static let trusting = #"""
        def prepare(one, state, offline):
            """Keeps a repository's key as gpgv, dnf and rpm read it: key.gpg, key.asc, db."""
            if one["keyFile"] is None and one["keyURL"] is None:
                one["key"] = None
                return
            folder = state + "/keys/" + one["id"]
            one["key"] = folder + "/key"
            known = os.path.isfile(folder + "/key.gpg")
            data = key_bytes(one, known, offline)
            if data is None:
                return
            try:
                keys = split_keys(unarmored(data))
            except (ValueError, IndexError) as error:
                raise Refusal("untrusted", one["name"], "its key cannot be used: %s" % (error if str(error) else "cut short"))
            whole = b"".join(keys)
            if known:
                with open(folder + "/key.gpg", "rb") as file:
                    if file.read() == whole: return
            os.makedirs(state + "/keys", exist_ok=True)
            fresh = tempfile.mkdtemp(prefix=".new-", dir=state + "/keys")
            try:
                for name, content in [("key.gpg", whole), ("key.asc", armored(whole))]:
                    with open(fresh + "/" + name, "wb") as file: file.write(content)
                os.mkdir(fresh + "/db")
                taken = 0
                for key in keys:
                    with open(fresh + "/one.asc", "wb") as file: file.write(armored(key))
                    run = subprocess.run(["rpmkeys", "--macros=/usr/lib/rpm/macros", "--dbpath", fresh + "/db",
                                          "--import", fresh + "/one.asc"],
                                         stdin=subprocess.DEVNULL, capture_output=True)
                    taken += run.returncode == 0
                if not taken: raise Refusal("untrusted", one["name"], "its key cannot be used: rpm does not take it")
                if os.path.isdir(folder): os.rename(folder, fresh + "/old")
                os.rename(fresh, folder)
                shutil.rmtree(folder + "/old", ignore_errors=True)
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise

        def answered(work):
            """Writes what `work` makes of the order, or its refusal, as JSON to stdout; all else goes to stderr."""
            out = os.dup(1)
            os.dup2(2, 1)
            try:
                with open(sys.argv[1], encoding="utf-8") as file:
                    order = json.load(file)
                answer = work(order)
            except Refusal as refusal:
                answer = refusal.answer
            with os.fdopen(out, "wb") as file:
                file.write(json.dumps(answer, sort_keys=True).encode())

        def trust(order):
            place = order["state"] + "/keys"
            for name in os.listdir(place) if os.path.isdir(place) else []:
                if name.startswith(".new-"): shutil.rmtree(place + "/" + name, ignore_errors=True)
            for one in order["repositories"]:
                prepare(one, order["state"], order["offline"])
            return {}
        """#
}
