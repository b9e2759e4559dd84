import Programs
import SystemCalls

/// What apt's complaints mean.
enum AptFailure {
    /// Why an update failed.
    static func ofUpdate(_ result: ProgramResult) -> PackageError {
        let lines = complaints(in: result)
        let signature = lines.first {
            $0.contains("GPG error:") || $0.contains("is not signed") || $0.contains("is no longer signed")
                || $0.contains("is expired")
                || $0.contains("is not valid yet") || $0.contains("is not valid anymore")
                || $0.contains("Clearsigned file isn't valid") || $0.contains("Hash Sum mismatch")
                || $0.contains("unexpected size") || $0.contains("NO_PUBKEY") || $0.contains("does not have a Release")
                || $0.contains("no hash") || $0.contains("weak security information")
        }
        if let signature {
            // Behind some words about the previous indexes, which count for nothing here.
            let reason = signature.range(ofText: "GPG error: ").map { String(signature[$0.upperBound...]) } ?? signature
            let isExpired = signature.contains("is expired") || signature.contains("not valid")
            return PackageError(
                .untrusted, "cannot trust a repository: \(reason)",
                hint: isExpired
                    ? "its mirror is stale, or this machine's clock is wrong: take another mirror, or set the clock"
                    : "look at url and pkey of the repository in the template; another mirror may be whole")
        }
        return PackageError(
            .network, "cannot fetch the package indexes: \(lines.first ?? reason(in: result))",
            hint: "look at url and codename in the template, and at the network; --offline uses what is there")
    }

    /// Why a set could not be resolved.
    ///
    /// - Parameter names: Gives the names of all packages, for a guess at a misspelt one.
    static func ofResolving(
        _ result: ProgramResult, names: () async throws -> [String]
    ) async rethrows -> PackageError {
        let lines = complaints(in: result)
        let missing = "Unable to locate package "
        if let line = lines.first(where: { $0.hasPrefix(missing) }) {
            let name = String(line.dropFirst(missing.count))
            let guess = Spelling.nearest(to: name, in: near(name, try await names()))
            return PackageError(
                .unresolved, "cannot resolve \(Printable.quoted(name)): no repository has it",
                hint: guess.map { "did you mean \(Printable.escaped($0))?" }
                    ?? "look at packages and packageRepositories in the template")
        }
        // The packages that do not fit come on stdout, indented: " a : Depends: b but it is not installable".
        let unmet = result.text.split(separator: "\n").first { $0.hasPrefix(" ") && $0.contains(" : ") }
        if let unmet {
            let words = unmet.split(separator: " ").joined(separator: " ")
            return PackageError(
                .unresolved, "cannot resolve the packages: \(Printable.escaped(words))",
                hint: "a repository may be missing in the template, or allowPackages too narrow")
        }
        return PackageError(
            .unresolved, "cannot resolve the packages: \(lines.first ?? reason(in: result))",
            hint: "look at packages and packageRepositories in the template")
    }

    /// Names that are about as long as a word, so that few are compared letter by letter.
    private static func near(_ name: String, _ names: [String]) -> [String] {
        names.filter { abs($0.utf8.count - name.utf8.count) <= 2 }
    }

    /// The first thing that a program says of its failure.
    static func reason(in result: ProgramResult) -> String {
        complaints(in: result).first ?? Printable.escaped(result.complaint)
    }

    /// Errors and warnings, warnings of signatures first since they say more than the error that follows; escaped.
    private static func complaints(in result: ProgramResult) -> [String] {
        let lines = result.errorText.split(separator: "\n").map(String.init)
        let warnings = lines.filter { $0.hasPrefix("W: ") && $0.range(ofText: "GPG error") != nil }
        return (warnings + lines.filter { $0.hasPrefix("E: ") }).map {
            Printable.escaped(
                $0.dropFirst(3).replacing("copy:/", with: "file:/").split(separator: " ").joined(separator: " "))
        }
    }
}
