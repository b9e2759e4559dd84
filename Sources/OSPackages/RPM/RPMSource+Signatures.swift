import SystemCalls
import SystemPackage

extension RPMSource {
    /// Why a package's own signature does not make it trusted; nil where it is good, or where its repository is
    /// `[trusted=yes]`.
    ///
    /// The keys are those of the repository that the package's address lies in, of the last `resolve` or `trust`; where
    /// there was none, of earlier builds of this provider.
    public func complaint(about file: FilePath, package: Package) async throws -> String? {
        let all = known.withLock { known in
            if known.isEmpty { known = RPMTrusted.read(record) }
            return known
        }
        let candidates = RPMTrusted.candidates(of: package, among: all)
        var reason = "it comes from no repository whose keys are known here"
        for repository in candidates {
            if !repository.isChecked { return nil }
            guard let found = try await complaint(about: file, of: repository) else { return nil }
            reason = found
        }
        return reason
    }

    private func complaint(about file: FilePath, of repository: RPMTrusted) async throws -> String? {
        let database = state.appending("keys").appending(repository.id).appending("db")
        guard Files.exists(database) else { return "the key of its repository is not known here" }
        // Without this level an unsigned package passes.
        let result = try await programs.run([
            "rpmkeys", "--macros", RPMPrograms.macros, "--dbpath", database.string, "--define", "_pkgverify_level all",
            "-Kv", "--", file.string,
        ])
        if result.isSuccess { return nil }
        let text = result.text
        if text.contains("Signature") && text.contains(": NOKEY") {
            return "it is signed by a key that its repository does not trust"
        }
        if text.contains(": BAD") || !text.contains(": NOTFOUND") {
            return "its signature or a digest in it is wrong"
        }
        return "it is not signed"
    }
}
