import JSON
import SystemCalls
import SystemPackage

extension RPMSource {
    /// Downloads packages, `workers` at a time; what cannot be had is said in the log and left out.
    ///
    /// - Throws: `PackageError` of kind `network` where none of them could be had.
    public func fetch(_ packages: [Package], into folder: FilePath, workers: Int) async throws {
        if packages.isEmpty { return }
        let order: JSONValue = [
            "folder": .string(folder.string), "workers": .integer(Int64(workers)),
            "packages": .array(
                packages.map {
                    ["file": .string($0.fileName), "url": .string($0.url), "size": .integer($0.size)]
                }),
        ]
        let answer = try await ask(RPMScript.fetch, order, doing: "fetch packages")
        let failed = answer.array ?? []
        var first: String?
        for one in failed {
            let file = Printable.escaped(one["file"]?.string ?? "")
            let reason = Printable.escaped(ShownURL.masked(one["reason"]?.string ?? ""))
            first = first ?? "cannot fetch \(file): \(reason)"
            log("cannot fetch \(file): \(reason)")
        }
        if failed.count == packages.count, let first {
            throw PackageError(.network, first, hint: "look at the network and the repository's url")
        }
    }
}
