import Hashing
import JSON
import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

/// `NAME.lock.json` beside a template: the packages that it came to, to be committed.
public struct LockFile: Hashable, Sendable {
    /// The version of the form.
    static let version: Int64 = 1
    /// The longest lock file that is read.
    static let limit = 16 << 20

    /// The digest of what was resolved: provider, repositories and package lists of the template.
    public var request: SHA256Digest
    /// The provider.
    public var provider: String
    /// What it came to.
    public var resolution: Resolution

    /// Puts a lock together.
    public init(request: SHA256Digest, provider: String, resolution: Resolution) {
        self.request = request
        self.provider = provider
        self.resolution = resolution
    }

    /// The lock's place: `os/edge.yml` has `os/edge.lock.json`.
    public static func path(for template: FilePath) -> FilePath {
        template.removingLastComponent().appending((template.stem ?? "template") + ".lock.json")
    }

    /// Reads a lock; nil where there is none.
    public static func read(_ path: FilePath) throws(ComposerError) -> LockFile? {
        let bytes: [UInt8]?
        do {
            bytes = try Files.readPlain(path, limit: limit)
        } catch {
            throw ComposerError(.failed, "cannot read \(path.string): \(error.reason)")
        }
        guard let bytes else { return nil }
        let value: JSONValue
        do throws(JSONError) {
            var reader = JSONReader(bytes)
            value = try reader.value()
            try reader.end()
        } catch {
            throw Self.damaged(path, "\(error)")
        }
        return try LockFile(value, path)
    }

    private init(_ value: JSONValue, _ path: FilePath) throws(ComposerError) {
        guard let version = value["version"]?.integer else { throw Self.damaged(path, "it has no version") }
        guard version == Self.version else {
            throw ComposerError(
                .usage, "cannot read \(path.string): it is of version \(version)", hint: "upgrade image-composer")
        }
        guard let request = (value["request"]?.string).flatMap({ SHA256Digest($0) }),
            let provider = value["provider"]?.string, let indexes = value["indexes"]?.array,
            let packages = value["packages"]?.array
        else { throw Self.damaged(path, "request, provider, indexes or packages are missing") }
        var resolution = Resolution(base: [], extras: [], indexes: [])
        for index in indexes {
            guard let url = index["url"]?.string,
                let digest = (index["sha256"]?.string).flatMap({ SHA256Digest(hexadecimal: $0) })
            else { throw Self.damaged(path, "an index has no url or no sha256") }
            resolution.indexes.append(
                .init(url: url, sha256: digest, signers: (index["signers"]?.array ?? []).compactMap(\.string)))
        }
        for package in packages {
            guard let read = Package(package) else {
                throw Self.damaged(path, "the package \(Printable.quoted(package["file"]?.string ?? "?")) is not whole")
            }
            if package["base"]?.bool == true { resolution.base.append(read) } else { resolution.extras.append(read) }
        }
        self.init(request: request, provider: provider, resolution: resolution)
    }

    private static func damaged(_ path: FilePath, _ reason: String) -> ComposerError {
        ComposerError(
            .corrupt, "cannot read \(path.string): \(Printable.escaped(reason))",
            hint: "restore it from Git, or resolve anew with --refresh")
    }

    /// The file's text: sorted, one package a line, so that Git's diffs name what changed.
    public var text: String {
        var text = "{\n \"version\": \(Self.version),\n \"request\": \(JSONValue.string(request.description).text),\n"
        text += " \"provider\": \(JSONValue.string(provider).text),\n \"indexes\": [\n"
        text += Self.lines(
            resolution.indexes.map { index in
                JSONValue.object([
                    .init("url", .string(index.url)), .init("sha256", .string(index.sha256.hexadecimal)),
                    .init("signers", .strings(index.signers)),
                ])
            })
        let base = Set(resolution.base.map(\.fileName))
        text += " ],\n \"packages\": [\n"
        text += Self.lines(resolution.all.map { $0.json(isBase: base.contains($0.fileName)) })
        return text + " ]\n}\n"
    }

    private static func lines(_ values: [JSONValue]) -> String {
        values.enumerated().map { "  \($1.text)\($0 + 1 < values.count ? "," : "")\n" }.joined()
    }

    /// Writes the lock, where it changed; whether it did.
    @discardableResult
    public func write(_ path: FilePath) throws(ComposerError) -> Bool {
        let bytes = Array(text.utf8)
        do {
            if let old = try? Files.readPlain(path, limit: Self.limit), old == bytes { return false }
            try Files.replace(path, with: bytes)
            return true
        } catch {
            throw ComposerError(.failed, "cannot write \(path.string): \(error.reason)")
        }
    }
}

extension Package {
    init?(_ value: JSONValue) {
        guard let name = value["name"]?.string, let version = value["version"]?.string,
            let architecture = value["architecture"]?.string, let file = value["file"]?.string,
            let url = value["url"]?.string, let size = value["size"]?.integer, size >= 0,
            let digest = (value["sha256"]?.string).flatMap({ SHA256Digest(hexadecimal: $0) }),
            Package.isFileName(file), Package.isName(name), Package.isWord(version), Package.isWord(architecture)
        else { return nil }
        self.init(
            name: name, version: version, architecture: architecture, fileName: file, url: url, size: size,
            sha256: digest, depends: (value["depends"]?.array ?? []).compactMap(\.string),
            source: value["source"]?.string)
    }

    /// Whether a text of a lock file can be a file in the package cache, and no other one.
    static func isFileName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && !text.hasPrefix(".") && !text.hasPrefix("-")
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }

    /// Whether a text can be a package's name: it begins with a letter or digit, so that no program takes it for an option.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.count <= 200 && text.utf8.allSatisfy { isAlphanumeric($0) || "+._-".utf8.contains($0) }
    }

    /// Whether a text can be a version or an architecture: one word that is no list and no option.
    static func isWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.count <= 200
            && text.utf8.allSatisfy { isAlphanumeric($0) || "+._-:~^".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    func json(isBase: Bool) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name)), .init("version", .string(version)),
            .init("architecture", .string(architecture)), .init("file", .string(fileName)), .init("url", .string(url)),
            .init("size", .integer(size)), .init("sha256", .string(sha256.hexadecimal)), .init("base", .bool(isBase)),
            .init("depends", .strings(depends)),
        ]
        if let source { members.append(.init("source", .string(source))) }
        return .object(members)
    }
}
