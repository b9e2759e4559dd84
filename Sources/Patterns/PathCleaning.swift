/// Lexical path rules, those of Go's `path` package.
package enum PathCleaning {
    /// The shortest path that means the same: no empty or `.` components, no `..` but leading ones; `.` for nothing.
    package static func clean(_ path: some Collection<UInt8>) -> [UInt8] {
        let isAbsolute = path.first == UInt8(ascii: "/")
        var components: [ArraySlice<UInt8>] = []
        for component in Array(path).split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                if let last = components.last, !last.elementsEqual("..".utf8) {
                    components.removeLast()
                    continue
                }
                if isAbsolute { continue }
            }
            components.append(component)
        }
        let joined = Array(components.joined(separator: [UInt8(ascii: "/")]))
        if isAbsolute { return [UInt8(ascii: "/")] + joined }
        return joined.isEmpty ? [UInt8(ascii: ".")] : joined
    }

    /// `clean` for text.
    package static func clean(_ path: String) -> String {
        String(decoding: clean(Array(path.utf8)), as: UTF8.self)
    }

    /// A path below a root that cannot be left: cleaned, without leading `/`; empty for the root.
    package static func relative(_ path: some Collection<UInt8>) -> [UInt8] {
        Array(clean([UInt8(ascii: "/")] + path).dropFirst())
    }
}
