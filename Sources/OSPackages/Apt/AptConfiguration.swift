import OSTemplate
import SystemCalls
import SystemPackage

/// The texts that apt reads: `apt.conf`, the repositories (deb822), the pins.
enum AptConfiguration {
    /// What a root's name is made of.
    static func identity(of request: PackageRequest) -> String {
        let repositories = request.repositories.map { repository in
            let trust =
                switch repository.trust {
                case .keyring(let path): "keyring \(path.string)"
                case .url(let url): "url \(url)"
                case .unchecked: "unchecked"
                }
            return [repository.url, repository.codename, repository.components.joined(separator: " "), trust]
                .joined(separator: "\n")
        }
        return ([request.provider.arch] + repositories).joined(separator: "\n\n")
    }

    /// The configuration that replaces the machine's.
    static func text(for folder: FilePath, architecture: String) -> String {
        """
        Dir "\(folder)/";
        Dir::State "\(folder)/";
        Dir::State::lists "\(folder)/lists/";
        Dir::State::status "\(folder)/status";
        Dir::State::extended_states "\(folder)/extended_states";
        Dir::Cache "\(folder)/cache/";
        Dir::Cache::archives "\(folder)/cache/archives/";
        Dir::Log "\(folder)/log/";
        Dir::Etc "\(folder)/";
        Dir::Etc::sourcelist "/dev/null";
        Dir::Etc::sourceparts "\(folder)/sources.list.d/";
        Dir::Etc::main "/dev/null";
        Dir::Etc::parts "/dev/null";
        Dir::Etc::preferences "/dev/null";
        Dir::Etc::preferencesparts "\(folder)/preferences.d/";
        Dir::Etc::trusted "/dev/null";
        Dir::Etc::trustedparts "/dev/null";
        Dir::Etc::netrc "/etc/apt/auth.conf";
        Dir::Etc::netrcparts "/etc/apt/auth.conf.d/";
        APT::Architecture "\(architecture)";
        APT::Architectures { "\(architecture)"; };
        APT::Sandbox::User "root";
        APT::Install-Recommends "false";
        APT::Install-Suggests "false";
        APT::Update::Error-Mode "any";
        APT::Get::AllowUnauthenticated "false";
        Acquire::AllowInsecureRepositories "false";
        Acquire::AllowDowngradeToInsecureRepositories "false";
        Acquire::AllowReleaseInfoChange "true";
        Acquire::Check-Valid-Until "true";
        Acquire::Languages "none";
        Acquire::ForceHash "SHA256";
        Acquire::GzipIndexes "false";
        Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";

        """
    }

    /// The lines of `apt-config dump` that are kept: proxies, certificates, patience.
    static func kept(of dump: String) -> String {
        var text = ""
        for line in dump.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, isKept(parts[0].lowercased()) else { continue }
            let value = parts[1]
            guard value.hasPrefix("\""), value.hasSuffix("\";"), value.count > 3,
                !value.dropFirst().dropLast(2).contains("\""), value.unicodeScalars.allSatisfy({ $0.value >= 0x20 })
            else { continue }
            text += line + "\n"
        }
        return text
    }

    private static func isKept(_ name: String) -> Bool {
        if name == "acquire::retries" { return true }
        for scheme in ["acquire::http::", "acquire::https::"] where name.hasPrefix(scheme) {
            let rest = name.dropFirst(scheme.count)
            return rest.hasPrefix("proxy") || rest.hasPrefix("cainfo") || rest == "timeout" || rest.hasPrefix("ssl")
                || rest.hasPrefix("verify-peer") || rest.hasPrefix("verify-host")
        }
        return false
    }

    /// The repositories in deb822 form.
    static func sources(_ request: PackageRequest, keyrings: [FilePath?]) -> String {
        zip(request.repositories, keyrings).map { repository, keyring in
            var lines = [
                "Types: deb", "URIs: \(AptAddress.fetched(repository.url))", "Suites: \(repository.codename)",
                "Architectures: \(request.provider.arch)",
            ]
            if !repository.components.isEmpty {
                lines.append("Components: \(repository.components.joined(separator: " "))")
            }
            lines.append(keyring.map { "Signed-By: \($0)" } ?? "Trusted: yes")
            return lines.joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    /// The pins of `priority` and `allowPackages`.
    ///
    /// apt tells repositories apart by host or by suite; where two have both in common, a pin of one of them would
    /// also count for the other, and is refused.
    static func pins(_ repositories: [PackageRepository]) throws(PackageError) -> String {
        var stanzas: [String] = []
        for (number, repository) in repositories.enumerated() {
            if repository.priority == nil && repository.allowPackages.isEmpty { continue }
            let priority = repository.priority ?? 500
            for pin in try conditions(number, repositories) {
                let packages =
                    repository.allowPackages.isEmpty ? "*" : repository.allowPackages.joined(separator: " ")
                stanzas.append("Package: \(packages)\nPin: \(pin)\nPin-Priority: \(priority)\n")
                if !repository.allowPackages.isEmpty {
                    stanzas.append("Package: *\nPin: \(pin)\nPin-Priority: -1\n")
                }
            }
        }
        return stanzas.joined(separator: "\n")
    }

    private static func conditions(
        _ number: Int, _ repositories: [PackageRepository]
    ) throws(PackageError) -> [String] {
        let own = repositories[number]
        let others = repositories.indices.filter { $0 != number }.map { repositories[$0] }.filter {
            ($0.url, $0.codename) != (own.url, own.codename) || $0.priority != own.priority
                || $0.allowPackages != own.allowPackages
        }
        if !others.contains(where: { host(of: $0.url) == host(of: own.url) }) {
            return ["origin \"\(host(of: own.url))\""]
        }
        if !own.codename.hasSuffix("/"), !others.contains(where: { $0.codename == own.codename }) {
            return ["release n=\(own.codename)", "release a=\(own.codename)"]
        }
        throw PackageError(
            .unresolved,
            "cannot pin \(Printable.escaped(own.url)): another repository has the same host and codename",
            hint: "give both the same priority and allowPackages, or neither of them any")
    }

    /// The host of an address, without login and port; empty for `file:`.
    static func host(of url: String) -> String {
        guard let start = url.range(ofText: "://"), !url.hasPrefix("file:") else { return "" }
        let authority = url[start.upperBound...].prefix { $0 != "/" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return String(host.prefix { $0 != ":" })
    }
}

extension String {
    /// The first place of a text.
    func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
