import SystemCalls
import SystemPackage

extension TemplateDecoder {
    /// `packageRepositories`.
    mutating func readRepositories(_ provider: Provider?) -> [PackageRepository] {
        var result: [PackageRepository] = []
        var known: Set<PackageRepository> = []
        for element in root.maps("packageRepositories") {
            let codename = element.required("codename")
            let url = element.required("url")
            let trust = readTrust(element)
            let components = readComponents(element, provider)
            let priority = element.integer("priority", in: -9999...9999)
            let allowed = element.texts("allowPackages", PlainText.package)
            guard let codename, let url, let trust, passes(element, "codename", codename, PlainText.suite),
                isFilledIn(element, "url", url), passes(element, "url", url, PlainText.url),
                holdsNoLogin(element, "url", url)
            else { continue }
            let repository = PackageRepository(
                codename: codename, url: url, trust: trust.trust, components: components,
                priority: priority == 0 ? nil : priority, allowPackages: allowed)
            if !known.insert(repository).inserted { continue }
            result.append(repository)
            writtenKeys.append(trust.written)
        }
        return result
    }

    private func readComponents(_ element: MapReader, _ provider: Provider?) -> [String] {
        guard let text = element.text("component") else { return provider?.family == .deb ? ["main"] : [] }
        let words = text.split(separator: " ").map(String.init)
        for word in words where !passes(element, "component", word, PlainText.suite) { return [] }
        return words
    }

    /// Whether a value is not the placeholder of an example.
    private func isFilledIn(_ element: MapReader, _ key: String, _ text: String) -> Bool {
        guard text.hasPrefix("<"), text.hasSuffix(">") else { return true }
        element.mistake(
            key, "\(Printable.quoted(Printable.escaped(text))) is a placeholder",
            hint: "fill it in, or remove the repository")
        return false
    }

    /// Whether an address has no login, which would stand in the lock file, the report and the bill of materials.
    private func holdsNoLogin(_ element: MapReader, _ key: String, _ url: String) -> Bool {
        let authority = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        guard url.contains("://"), !url.lowercased().hasPrefix("file:"), authority.contains("@") else { return true }
        element.mistake(
            key, "holds a login",
            hint: "write the login to a file in /etc/apt/auth.conf.d, which apt reads (apt_auth.conf)")
        return false
    }

    private mutating func readTrust(
        _ element: MapReader
    ) -> (trust: PackageRepository.Trust, written: String)? {
        var key = "pkey"
        var text = element.text("pkey")
        if element.value("pkeys") != nil {
            let keys = element.texts("pkeys")
            if text != nil || keys.count != 1 {
                element.mistake(
                    "pkeys", "with \(keys.count) keys\(text == nil ? "" : " beside pkey") is not supported",
                    hint: "put all keys into one keyring file, and write pkey: FILE")
                return nil
            }
            key = "pkeys"
            text = keys[0]
        }
        guard let text, !text.isEmpty else {
            element.mistake(
                "pkey", "is missing",
                hint: "write the path or the address of the repository's key, or \"[trusted=yes]\" to check nothing")
            return nil
        }
        if text == "[trusted=yes]" { return (.unchecked, text) }
        if !isFilledIn(element, key, text) { return nil }
        let lowercased = text.lowercased()
        if lowercased.hasPrefix("http://") || lowercased.hasPrefix("https://") {
            let isRight = passes(element, key, text, PlainText.url) && holdsNoLogin(element, key, text)
            return isRight ? (.url(text), text) : nil
        }
        let path = lowercased.hasPrefix("file://") ? String(text.dropFirst("file://".count)) : text
        return localFile(element, key, path).map { (.keyring($0), text) }
    }
}
