/// A remote as the configuration declares it, with `insteadOf` and `pushInsteadOf` applied.
public struct Remote: Hashable, Sendable {
    /// The remote's name.
    public let name: String
    /// Where to fetch from.
    public let url: String
    /// Where to push to.
    public let pushURL: String
}

extension GitConfiguration {
    /// All remotes that have a URL, in the order of the configuration.
    public var remotes: [Remote] {
        var names: [String] = []
        for (name, _) in subsections(of: "remote", variable: "url") + subsections(of: "remote", variable: "pushurl")
        where !names.contains(name) {
            names.append(name)
        }
        return names.compactMap { remote($0) }
    }

    /// The remote of a name; nil where it has no URL.
    public func remote(_ name: String) -> Remote? {
        let given = strings("remote.\(name).url").first
        let push = strings("remote.\(name).pushurl").first
        guard let url = given ?? push else { return nil }
        return Remote(
            name: name, url: rewritten(url), pushURL: push.map { rewritten($0) } ?? rewritten(url, forPush: true))
    }

    /// A URL with the longest matching `url.BASE.insteadOf` replaced by BASE.
    ///
    /// For a push, `pushInsteadOf` goes before `insteadOf`.
    public func rewritten(_ url: String, forPush: Bool = false) -> String {
        if forPush, let changed = replacing("pushinsteadof", in: url) { return changed }
        return replacing("insteadof", in: url) ?? url
    }

    /// The prefixes that several URLs would stand in for, with the variable that says so.
    public var ambiguousAliases: [(variable: String, alias: String)] {
        ["insteadof", "pushinsteadof"].flatMap { variable in
            Dictionary(grouping: subsections(of: "url", variable: variable), by: \.value)
                .filter { !$0.key.isEmpty && Set($0.value.map(\.name)).count > 1 }
                .keys.sorted().map { (variable, $0) }
        }
    }

    private func replacing(_ variable: String, in url: String) -> String? {
        let match = subsections(of: "url", variable: variable).filter { !$0.value.isEmpty && url.hasPrefix($0.value) }
            .max { $0.value.utf8.count < $1.value.utf8.count }
        return match.map { $0.name + url.dropFirst($0.value.count) }
    }
}
