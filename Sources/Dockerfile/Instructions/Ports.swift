import Patterns

/// The ports that EXPOSE names.
public enum Ports {
    /// The ports of an image's config, each as `port/protocol`; what cannot be read stays.
    ///
    /// Engines keep some of what a Dockerfile says as it is written, such as `9000-9002/tcp` or `0080`.
    public static func normalised(_ written: some Sequence<String>) -> Set<String> {
        Set(written.flatMap { (try? ports($0)) ?? [$0] })
    }

    /// The ports of `[[ip:]host:]port[-port][/protocol]`, each as `port/protocol`.
    static func ports(_ text: String) throws(DockerfileError) -> [String] {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let last = parts.last else { return [] }
        let split = last.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let port = split.first ?? ""
        if port.isEmpty { throw DockerfileError("no port specified: \(text)<empty>") }
        let protocolName = GoText.lowercased(split.count > 1 && !split[1].isEmpty ? String(split[1]) : "tcp")
        guard ["tcp", "udp", "sctp"].contains(protocolName) else {
            throw DockerfileError("invalid proto: \(protocolName)")
        }
        guard let range = range(port) else { throw DockerfileError("invalid containerPort: \(port)") }
        if parts.count > 1, let host = parts.dropLast().last, !host.isEmpty {
            guard let hostRange = Self.range(host) else { throw DockerfileError("invalid hostPort: \(host)") }
            if hostRange.count != range.count, range.count != 1 {
                throw DockerfileError(
                    "invalid ranges specified for container and host Ports: \(port) and \(host)")
            }
        }
        if parts.count > 2 { try checkAddress(parts.dropLast(2).joined(separator: ":")) }
        return range.map { "\($0)/\(protocolName)" }
    }

    private static func range(_ text: Substring) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(number)
        guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
            return nil
        }
        return first...last
    }

    private static func number(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(text) : nil
    }

    /// Refuses what looks like no IP address; the address itself has no meaning to EXPOSE.
    private static func checkAddress(_ text: String) throws(DockerfileError) {
        if text.isEmpty { return }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let address = isBracketed ? text.dropFirst().dropLast() : text[...]
        let isVersion6 =
            address.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
            && (address.contains("::") || address.split(separator: ":", omittingEmptySubsequences: false).count == 8)
        let numbers = address.split(separator: ".", omittingEmptySubsequences: false)
        let isVersion4 = numbers.count == 4 && numbers.allSatisfy { number($0).map { $0 < 256 } ?? false }
        if !isVersion4, !isVersion6 { throw DockerfileError("invalid IP address: \(text)") }
    }
}
