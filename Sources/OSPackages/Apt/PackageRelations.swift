/// Which packages of a set need which others of it.
enum PackageRelations {
    /// The packages with their dependencies and sources, from the stanzas that have their digests.
    static func describe(_ packages: [Package], stanzas: [ControlStanza]) -> [Package] {
        var byDigest: [String: ControlStanza] = [:]
        for stanza in stanzas {
            if let digest = stanza["sha256"] { byDigest[digest] = stanza }
        }
        let names = Set(packages.map(\.name))
        var providers: [String: String] = [:]
        for package in packages.sorted(by: { $0.name < $1.name }) {
            for name in relations(byDigest[package.sha256.hexadecimal]?["provides"]).joined()
            where providers[name] == nil {
                providers[name] = package.name
            }
        }
        return packages.map { package in
            var package = package
            guard let stanza = byDigest[package.sha256.hexadecimal] else { return package }
            let needed = relations(stanza["pre-depends"]) + relations(stanza["depends"])
            let found = needed.compactMap { alternatives in
                alternatives.lazy.compactMap { names.contains($0) ? $0 : providers[$0] }.first
            }
            package.depends = Set(found).subtracting([package.name]).sorted()
            let source = stanza["source"].map { String($0.prefix { $0 != " " && $0 != "(" }) }
            package.source = source == package.name || source?.isEmpty ?? true ? nil : source
            return package
        }
    }

    /// The alternatives of each relation of a field, without versions and architectures.
    static func relations(_ field: String?) -> [[String]] {
        (field ?? "").split(separator: ",").map { relation in
            relation.split(separator: "|").compactMap { alternative in
                let name = alternative.drop { $0 == " " || $0 == "\t" }.prefix { !" \t(:[<".contains($0) }
                return name.isEmpty ? nil : String(name)
            }
        }
    }
}
