import Hashing
import JSON
import OSTemplate
import SystemCalls
import SystemPackage

/// A repository as dnf is told of it, under a name that its address and its trust decide.
struct RPMRepository: Hashable, Sendable {
    /// The name of its folders; made of letters that dnf allows.
    let id: String
    /// What messages call it.
    let name: String
    /// Its address, variables such as `$releasever` replaced.
    let url: String
    let trust: PackageRepository.Trust
    let priority: Int?
    let allowPackages: [String]

    init(_ repository: PackageRepository, provider: Provider) throws(PackageError) {
        var url = repository.url
        for (name, value) in [("releasever", provider.dist), ("basearch", provider.arch), ("arch", provider.arch)] {
            url = Self.replacing("${\(name)}", in: url, by: value)
            url = Self.replacing("$\(name)", in: url, by: value)
        }
        while url.hasSuffix("/") { url.removeLast() }
        guard ["http://", "https://", "file://"].contains(where: url.hasPrefix),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else {
            throw PackageError(
                .unresolved,
                "cannot use repository \(Self.shown(repository.codename)): its url is none of http, https or file",
                hint: "correct the template's packageRepositories")
        }
        self.url = url
        trust = repository.trust
        name = repository.codename
        priority = repository.priority
        allowPackages = repository.allowPackages
        let trusted =
            switch trust {
            case .keyring(let path): "file \(path)"
            case .url(let url): "url \(url)"
            case .unchecked: "unchecked"
            }
        let word = repository.codename.unicodeScalars.filter {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-")
        }
        let digest = SHA256Digest(of: "\(url)\n\(trusted)\n\(repository.allowPackages)".utf8).hexadecimal.prefix(16)
        id = String(String.UnicodeScalarView(word.prefix(40))) + "-" + digest
    }

    /// What `complaint(about:package:)` has to know of it.
    var trusted: RPMTrusted { RPMTrusted(id: id, url: url, isChecked: trust != .unchecked) }

    /// What the scripts are told.
    var order: JSONValue {
        var file: JSONValue = nil
        var address: JSONValue = nil
        switch trust {
        case .keyring(let path): file = .string(path.string)
        case .url(let url): address = .string(url)
        case .unchecked: break
        }
        return [
            "id": .string(id), "name": .string(name), "url": .string(url), "keyFile": file, "keyURL": address,
            "priority": priority.map { .integer(Int64($0)) } ?? nil, "include": .strings(allowPackages),
        ]
    }

    private static func shown(_ text: String) -> String { Printable.quoted(Printable.escaped(text)) }

    private static func replacing(_ word: String, in text: String, by value: String) -> String {
        var rest = text[...]
        var result = ""
        while let found = rest.firstRange(of: word) {
            result += rest[..<found.lowerBound] + value
            rest = rest[found.upperBound...]
        }
        return result + rest
    }
}
