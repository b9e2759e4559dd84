import OSTemplate
import SystemCalls

/// What a template may hand to apt: words that are neither options nor files nor second lines of its configuration.
enum AptWords {
    /// Refuses a request with a word that apt would take for something else.
    static func check(_ request: PackageRequest) throws(PackageError) {
        for word in request.base + request.extras where !isPackage(word) {
            throw PackageError(
                .unresolved, "cannot resolve \(quoted(word)): it is not the name of a package",
                hint: "write a name, name=version, name/suite, or an apt pattern such as ?essential")
        }
        for repository in request.repositories { try check(repository) }
        guard isArchitecture(request.provider.arch) else {
            throw PackageError(
                .unresolved, "cannot resolve packages for \(quoted(request.provider.arch)): it is not an architecture")
        }
    }

    private static func check(_ repository: PackageRepository) throws(PackageError) {
        let url = repository.url
        guard ["http://", "https://", "file:/"].contains(where: { url.hasPrefix($0) }), isWord(url) else {
            throw PackageError(
                .unresolved, "cannot use the repository \(quoted(url)): its address is not http, https or file",
                hint: "write the address as in http://HOST/debian, without spaces")
        }
        guard isWord(repository.codename), !repository.codename.split(separator: "/").contains("..") else {
            throw PackageError(
                .unresolved, "cannot use the repository \(quoted(url)): its codename is \(quoted(repository.codename))")
        }
        let isFlat = repository.codename.hasSuffix("/")
        guard repository.components.allSatisfy(isWord), isFlat == repository.components.isEmpty else {
            throw PackageError(
                .unresolved, "cannot use the repository \(quoted(url)): its component is missing or not a word",
                hint: "write component: main; only a codename that ends in / has none")
        }
        for word in repository.allowPackages where !isGlob(word) {
            throw PackageError(
                .unresolved, "cannot use the repository \(quoted(url)): allowPackages has \(quoted(word))",
                hint: "write names of packages there; * stands for any letters")
        }
    }

    /// Whether apt-get takes a word for a package (name, `name=version`, `name/suite`, `name:arch`) or a pattern.
    static func isPackage(_ word: String) -> Bool {
        if word.hasPrefix("?") || word.hasPrefix("~") {
            return word.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && word.utf8.count <= 1000
        }
        guard word.utf8.count <= 300, word.utf8.first.map(isLetterOrDigit) ?? false else { return false }
        let name = word.utf8.prefix { isLetterOrDigit($0) || "+-.".utf8.contains($0) }
        let rest = word.utf8.dropFirst(name.count)
        // apt takes a minus at the end for the wish to have the package removed.
        return name.last != UInt8(ascii: "-") && (rest.first.map { ":=/".utf8.contains($0) } ?? true)
            && rest.allSatisfy { isLetterOrDigit($0) || "+-.:=/~_".utf8.contains($0) } && rest.last != UInt8(ascii: "/")
            && rest.count != 1
    }

    private static func isGlob(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy { isLetterOrDigit($0) || "+-.*?".utf8.contains($0) }
    }

    private static func isArchitecture(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.count <= 32
            && word.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether a text has no spaces, quotes, brackets and control characters.
    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 2000 && !text.hasPrefix("-")
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"[]<>\\,#".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
            || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func quoted(_ text: String) -> String { Printable.quoted(Printable.escaped(text)) }
}
