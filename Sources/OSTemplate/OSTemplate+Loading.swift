import SystemPackage

extension OSTemplate {
    /// Reads a template with what it extends, lays it over the defaults, and checks it.
    ///
    /// Nothing is fetched, and root is not needed. Where the template names no repository with the suite of its
    /// provider, those of this machine's apt are added to `repositories`.
    ///
    /// - Parameter environment: The variables of the caller.
    /// - Throws: All mistakes that were found, at most `TemplateError.maximumMistakes`.
    public static func load(_ path: FilePath, environment: [String: String]) throws(TemplateError) -> OSTemplate {
        try load(path, machine: "/")
    }

    /// Reads a template on a machine whose `/` is a folder.
    static func load(_ path: FilePath, machine: FilePath) throws(TemplateError) -> OSTemplate {
        let layers = try TemplateLayers(path)
        var merged = layers.merged
        let imageType = merged["target"]?["imageType"]?.text ?? ""
        if let defaults = try TemplateDefaults.layer(imageType: imageType) {
            merged = TemplateMerge.merge(merged, over: defaults)
        }
        var decoder = TemplateDecoder(merged)
        return try decoder.template(at: path, machine: machine)
    }

    /// Refuses a template that has nowhere to take packages from.
    public func checkRepositories() throws(TemplateError) {
        if repositories.isEmpty {
            throw TemplateError(
                .init(
                    file: path.string, line: 0,
                    "it names no packageRepositories, and this machine's apt has none for \(provider.os) \(provider.dist)",
                    hint: "write packageRepositories: with codename, url and pkey of \(provider.os)"))
        }
    }
}
