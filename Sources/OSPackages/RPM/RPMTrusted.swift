import JSON
import SystemCalls
import SystemPackage

/// Whose signature counts for the packages below an address.
struct RPMTrusted: Hashable, Sendable {
    /// The repository's name among the folders of keys.
    let id: String
    /// The repository's address.
    let url: String
    /// Whether signatures are checked.
    let isChecked: Bool

    /// Whether a package comes from there, as far as its address tells.
    func holds(_ package: Package) -> Bool { package.url.hasPrefix(url + "/") }

    /// Those whose keys have a say about a package: the nearest repository, or any where it comes from elsewhere.
    static func candidates(of package: Package, among all: [RPMTrusted]) -> [RPMTrusted] {
        let own = all.filter { $0.holds(package) }
        let length = own.map(\.url.utf8.count).max()
        let nearest = own.filter { $0.url.utf8.count == length }
        let checked = (nearest.isEmpty ? all : nearest).filter(\.isChecked)
        // Where one template checks an address and another does not, it is checked.
        return checked.isEmpty ? nearest : checked
    }

    /// Reads what earlier builds of the provider trusted; nothing where the record is damaged.
    static func read(_ file: FilePath) -> [RPMTrusted] {
        guard let bytes = (try? Files.readPlain(file, limit: InputLimit.lock)) ?? nil,
            let value = try? JSONValue(parsing: bytes)
        else { return [] }
        return (value.array ?? []).compactMap { one in
            guard let id = one["id"]?.string, FilePath.Component(id)?.string == id, let url = one["url"]?.string,
                let isChecked = one["checked"]?.bool
            else { return nil }
            return RPMTrusted(id: id, url: url, isChecked: isChecked)
        }
    }

    /// Adds repositories to the record.
    static func add(_ new: [RPMTrusted], to file: FilePath) throws {
        let old = read(file)
        let all = old + new.filter { !old.contains($0) }
        if all.count == old.count { return }
        let value = JSONValue.array(
            all.map { ["id": .string($0.id), "url": .string($0.url), "checked": .bool($0.isChecked)] })
        try Files.replace(file, with: Array(value.indentedText().utf8), permissions: 0o600)
    }
}
