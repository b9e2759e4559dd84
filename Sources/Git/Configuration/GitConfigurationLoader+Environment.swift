extension GitConfigurationLoader {
    /// Adds GIT_CONFIG_COUNT with its keys and values, then GIT_CONFIG_PARAMETERS, which `git -c` sets.
    mutating func readEnvironment() throws(GitError) {
        if let count = environment["GIT_CONFIG_COUNT"], !count.isEmpty {
            guard let number = Int(count), (0...65536).contains(number) else {
                throw GitError(.invalid, "read", "GIT_CONFIG_COUNT", "bogus count '\(count)'")
            }
            for index in 0..<number {
                guard let key = environment["GIT_CONFIG_KEY_\(index)"],
                    let value = environment["GIT_CONFIG_VALUE_\(index)"]
                else { throw GitError(.invalid, "read", "GIT_CONFIG_COUNT", "missing key or value \(index)") }
                add(key, value)
            }
        }
        guard let parameters = environment["GIT_CONFIG_PARAMETERS"] else { return }
        var rest = Array(parameters.utf8)[...]
        while true {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") }
            if rest.isEmpty { return }
            let key = try Self.unquoted(&rest)
            guard rest.first == UInt8(ascii: "=") else {
                let parts = key.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                add(String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
                continue
            }
            rest = rest.dropFirst()
            let hasValue = rest.first == UInt8(ascii: "'")
            add(key, hasValue ? try Self.unquoted(&rest) : nil)
        }
    }

    private mutating func add(_ key: String, _ value: String?) {
        append(.init(name: GitConfiguration.canonical(key), value: value, scope: .command, origin: nil))
    }

    /// One `'…'` word of the shell, with `'\''` for a quote and `'\!'` for an exclamation mark.
    private static func unquoted(_ rest: inout ArraySlice<UInt8>) throws(GitError) -> String {
        var word: [UInt8] = []
        guard rest.first == UInt8(ascii: "'") else { throw malformed }
        rest = rest.dropFirst()
        while let byte = rest.first {
            rest = rest.dropFirst()
            guard byte == UInt8(ascii: "'") else {
                word.append(byte)
                continue
            }
            guard rest.first == UInt8(ascii: "\\"), rest.count >= 3, rest[rest.startIndex + 2] == UInt8(ascii: "'")
            else { return String(keeping: word) }
            word.append(rest[rest.startIndex + 1])
            rest = rest.dropFirst(3)
        }
        throw malformed
    }

    private static var malformed: GitError {
        GitError(.invalid, "read", "GIT_CONFIG_PARAMETERS", "bogus format")
    }
}
