extension Platform {
    /// Why a text is no platform.
    public enum Fault: Error, Hashable, Sendable {
        /// It is not one to three words between slashes.
        case form
        /// It is one word, and neither a system nor an architecture.
        case unknown
    }

    /// Reads `OS/ARCH` or `OS/ARCH/VARIANT`; a known architecture or system alone has the other parts of `standard`.
    public init(
        reading text: some StringProtocol, _ words: Words, standard: Platform = .host
    ) throws(Fault) {
        let parts = String(text).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), parts.allSatisfy({ Self.isWord($0, words) }) else { throw .form }
        if parts.count > 1 {
            let system = String(parts[0].prefix { $0 != "(" })
            if system.isEmpty { throw .form }
            self.init(
                os: system, architecture: parts[1], variant: parts.count > 2 ? parts[2] : nil, words: words)
            return
        }
        let single = Platform(os: standard.os, architecture: parts[0], words: words)
        if Self.architectures.contains(single.architecture) {
            self = single
        } else if Self.systems[parts[0].lowercased()] != nil {
            self.init(os: parts[0], architecture: standard.architecture, variant: standard.variant)
        } else {
            throw .unknown
        }
    }

    /// Reads a platform of cache-image.yml or a flag.
    public init(_ text: some StringProtocol) throws(OCIError) {
        do throws(Fault) {
            try self.init(reading: text, .all)
        } catch {
            let reason =
                switch error {
                case .form: "a platform is OS/ARCH or OS/ARCH/VARIANT, such as linux/arm64"
                case .unknown: "\(text) is neither an architecture nor a system; try linux/arm64"
                }
            throw OCIError("the platform \(text)", reason)
        }
    }

    private static func isWord(_ part: String, _ words: Words) -> Bool {
        let marks = words == .buildKit ? "_-.()" : "_-."
        return !part.isEmpty
            && part.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || marks.utf8.contains(byte)
            }
    }
}
