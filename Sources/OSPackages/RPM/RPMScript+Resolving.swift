extension RPMScript {
    /// Drives dnf 4 through its API.
    static let resolving = #"""
        def load(order):
            base = dnf.Base()
            conf, state = base.conf, order["state"]
            for name in ("root", "cache", "persist", "log"):
                os.makedirs(state + "/" + name, exist_ok=True)
            for name in os.listdir(state + "/log"): os.unlink(state + "/log/" + name)
            conf.installroot, conf.cachedir, conf.persistdir = state + "/root", state + "/cache", state + "/persist"
            conf.logdir, conf.reposdir, conf.varsdir, conf.pluginpath = state + "/log", [], [], []
            conf.plugins, conf.install_weak_deps, conf.best, conf.assumeyes, conf.obsoletes = False, False, True, True, True
            conf.arch, conf.ignorearch = order["arch"], True
            conf.substitutions["releasever"] = order["release"]
            conf.module_platform_id, conf.tsflags = "", []
            for one in order["repositories"]:
                checked = one["key"] is not None
                options = dict(
                    baseurl=[one["url"]], gpgcheck=checked, repo_gpgcheck=checked, skip_if_unavailable=False,
                    gpgkey=["file://" + one["key"] + ".asc"] if checked else [], metadata_expire=0, sslverify=True,
                    retries=2, timeout=30)
                if one["priority"] is not None:
                    options["priority"] = one["priority"]
                repo = base.repos.add_new_repo(one["id"], conf, **options)
                repo.includepkgs = one["include"]  # add_new_repo keeps only the first of a list
                repo.set_progress_bar(None)
                if order["offline"]:
                    repo._repo.setSyncStrategy(dnf.repo.SYNC_ONLY_CACHE)
                    repo.metadata_expire = -1
            return base

        def fill(base, order):
            indexes = []
            names = {one["id"]: one for one in order["repositories"]}
            for repo in base.repos.iter_enabled():
                one = names[repo.id]
                folder = repo._repo.getCachedir() + "/repodata"
                found = []
                if order["offline"] and os.path.isfile(folder + "/repomd.xml"):
                    check_files(folder, one["name"])  # dnf takes what differs for what is not there
                heard = Heard()
                try:
                    repo.load()
                except dnf.exceptions.RepoError as error:
                    whole = " ".join([str(error)] + heard.lines)
                    raise Refusal(kind_of(whole, order["offline"]), one["name"], reason_of(whole) or error)
                finally:
                    logging.getLogger("dnf").removeHandler(heard)
                if one["key"]:
                    found = signers(one["key"] + ".gpg", order["state"] + "/root", folder, one["name"])
                check_files(folder, one["name"])
                indexes.append({"url": repo.baseurl[0].rstrip("/") + "/repodata/repomd.xml",
                                "sha256": digest(folder + "/repomd.xml"), "signers": found})
            base.fill_sack(load_system_repo=False)
            if any(word.startswith("@") for word in order["base"] + order["extras"]):
                base.read_comps(arch_filter=True)
            return indexes

        def solve(base, words, first):
            base.reset(goal=True)
            for package in first:
                base.package_install(package)
            try:
                base.install_specs(words, strict=True)
            except dnf.exceptions.MarkingErrors as error:
                lost = list(error.no_match_pkg_specs) + list(error.no_match_group_specs)
                reason = "no repository has it" if lost else str(error)
                raise Refusal("unresolved", " ".join(lost) or " ".join(words), reason)
            try:
                base.resolve()
            except dnf.exceptions.DepsolveError as error:
                raise Refusal("unresolved", " ".join(words), error)
            return list(base.transaction.install_set) if base.transaction else []

        def described(package, chosen, providers):
            kind, value = package.returnIdSum() or ("", "")
            name = os.path.basename(package.location)
            if kind != "sha256":
                raise Refusal("untrusted", name, "its index gives no SHA-256")
            if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._+~^%:-]*\.rpm", name):
                raise Refusal("untrusted", name, "its index gives a file name that is no package's")
            depends = set()
            for need in package.requires:
                text = str(need)
                if text not in providers:
                    query = chosen.filter(provides=need)
                    if not query and text.startswith("/"):
                        query = chosen.filter(file=text)
                    providers[text] = sorted(p.name for p in query)
                found = providers[text]
                if found and package.name not in found:
                    depends.add(found[0])
            answer = {"name": package.name, "version": package.evr, "arch": package.arch, "file": name,
                      "url": package.remote_location(schemes=("http", "https", "file")), "size": package.downloadsize,
                      "sha256": value, "depends": sorted(depends)}
            source = (package.sourcerpm or "").rsplit("-", 2)[0]
            if source and source != package.name:
                answer["source"] = source
            return answer

        def resolve(order):
            trust(order)
            base = load(order)
            try:
                indexes = fill(base, order)
                first = solve(base, order["base"], [])
                every = solve(base, order["extras"], first)
                chosen = base.sack.query().filterm(pkg=every)
                inside, providers = set(first), {}
                return {"indexes": indexes, "base": [described(p, chosen, providers) for p in first],
                        "extras": [described(p, chosen, providers) for p in every if p not in inside]}
            finally:
                for repo in base.repos.iter_enabled():
                    home = repo._repo.getCachedir() + "/pubring"
                    if os.path.isdir(home):
                        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], stdin=subprocess.DEVNULL,
                                       capture_output=True)
        """#
}
