import HTTP
import SystemCalls
import SystemPackage

/// Which registries may be asked without a valid certificate or over plain http, and whose certificates have a folder.
///
/// As with docker, those on this machine; and those that registries.conf (containers-registries.conf(5)) calls insecure.
struct RegistryTrust: Sendable {
    private let insecure: Set<String>
    private let certificates: [FilePath]

    /// Reads registries.conf; what cannot be read calls nothing insecure.
    init(
        environment: [String: String], certificates: [FilePath] = ["/etc/containers/certs.d", "/etc/docker/certs.d"]
    ) {
        self.certificates = certificates
        let folder = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }
        let candidates = [
            environment["CONTAINERS_REGISTRIES_CONF"], folder.map { $0 + "/containers/registries.conf" },
            "/etc/containers/registries.conf",
        ]
        let text = candidates.lazy.compactMap { path -> String? in
            guard let path, !path.isEmpty, let bytes = try? Files.read(FilePath(keeping: path), limit: 1 << 20) else {
                return nil
            }
            return String(decoding: bytes, as: UTF8.self)
        }.first
        insecure = Self.insecureHosts(text ?? "")
    }

    /// Whether https without a valid certificate, and where that fails http, are good enough for a host.
    func isInsecure(_ authority: String) -> Bool {
        let colon = authority.hasPrefix("[") ? nil : authority.lastIndex(of: ":")
        let host = colon.map { String(authority[..<$0]) } ?? authority
        return host == "localhost" || Self.isLoopback(host) || insecure.contains(authority)
    }

    /// How connections to a URL are made.
    func options(for url: RequestURL) -> TransportOptions {
        var options = TransportOptions()
        options.connectTimeout = 15
        options.verifiesCertificates = !isInsecure(url.authority)
        for folder in certificates.map({ $0.appending(url.authority) }) {
            guard let names = try? Files.names(in: folder) else { continue }
            let file = names.first { $0.extension == "crt" }
            options.certificateAuthorityFile = options.certificateAuthorityFile ?? file.map { folder.appending($0) }
            if let name = names.first(where: { $0.extension == "cert" }), options.clientCertificate == nil {
                options.clientCertificate = folder.appending(name)
                options.clientKey = folder.appending(name.stem + ".key")
            }
        }
        return options
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host.hasPrefix("[::1]") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The hosts of `[[registry]]` tables with `insecure = true`; tables for a part of a host do not count.
    static func insecureHosts(_ text: String) -> Set<String> {
        var hosts: Set<String> = []
        var table: [String: String] = [:]
        var inRegistry = false
        func close() {
            if inRegistry, table["insecure"] == "true" {
                hosts.formUnion([table["prefix"], table["location"]].compactMap { $0 }.filter { !$0.contains("/") })
            }
            table = [:]
        }
        for line in text.split(whereSeparator: \.isNewline) {
            let line = String(line.prefix { $0 != "#" }.filter { !$0.isWhitespace })
            if line.hasPrefix("[") {
                close()
                inRegistry = line == "[[registry]]"
            } else if let equals = line.firstIndex(of: "=") {
                table[String(line[..<equals])] = line[equals...].dropFirst().filter { $0 != "\"" && $0 != "'" }
            }
        }
        close()
        return hosts
    }
}
