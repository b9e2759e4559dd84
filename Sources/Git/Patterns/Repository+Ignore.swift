import SystemCalls
import SystemPackage

extension Repository {
    /// Prepares the look-up of ignored paths: `.gitignore` files, `info/exclude` and `core.excludesFile`.
    ///
    /// The rules are the same until `forgetRules`.
    public func ignoreRules() throws -> IgnoreRules {
        if let known = view.ignoreRules { return known }
        let rules = try readIgnoreRules()
        view.ignoreRules = rules
        return rules
    }

    private func readIgnoreRules() throws -> IgnoreRules {
        let configuration = try configuration()
        var global: [[UInt8]] = []
        if let path = configuration.path("core.excludesfile") ?? userFile("ignore"),
            let bytes = try readOptional(path)
        {
            global.append(bytes)
        }
        if let bytes = try readOptional(commonDirectory.appending("info/exclude")) { global.append(bytes) }
        let (workTree, files) = (workTree, knownFiles)
        return IgnoreRules(global: global, caseFold: try configuration.bool("core.ignorecase") ?? false) { folder in
            guard let workTree else { return nil }
            return try Self.readPlain(workTree.appending(folder.appending(".gitignore")), files)
        }
    }
}
