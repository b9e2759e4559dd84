import Glibc
import JSON
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// How the programs of the rpm family are started: what they see, and that nothing of them stays.
package struct RPMPrograms: Sendable {
    /// The variables of this process.
    package let environment: [String: String]
    /// A folder of ours that stands for the user's home: neither `.rpmmacros` nor `.gnupg` of the user count.
    package let home: FilePath

    /// Names the variables and the folder.
    package init(environment: [String: String], home: FilePath) {
        self.environment = environment
        self.home = home
    }

    /// The macros that rpm reads: its own, none of this machine's administrator.
    package static let macros = "/usr/lib/rpm/macros"

    /// The variables that are handed on; others could change what is resolved or installed.
    private static let kept = [
        "PATH", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE",
        "SSL_CERT_DIR", "CURL_CA_BUNDLE",
    ]

    /// All that a program sees.
    package var variables: [String: String] {
        var variables = environment.filter { Self.kept.contains($0.key) }
        variables["PATH"] = variables["PATH"] ?? ProgramSearch.standardPath
        variables["HOME"] = home.string
        variables["LC_ALL"] = "C.UTF-8"
        variables["SOURCE_DATE_EPOCH"] = String(RecipeVersion.sourceDate)
        return variables
    }

    /// Runs a program that starts no others.
    package func run(_ words: [String]) async throws -> ProgramResult {
        try await told {
            let program = try ChildProgram(words[0], Array(words.dropFirst()), in: "/", environment: variables)
            return try await program.run()
        }
    }

    /// Runs a Python script with an order, which it reads from a file that its first argument names.
    ///
    /// As root it runs in namespaces of its own, which end with it and with this process: gpg-agents and mounts go with
    /// them.
    ///
    /// - Parameters:
    ///   - folder: Where the order is put for the while; only this user can read it.
    ///   - line: Gets each line that it says, as it comes, made safe to show.
    package func script(
        _ text: String, order: JSONValue, in folder: FilePath, view: ContainedProgram.View = [],
        line: @escaping @Sendable (String) -> Void
    ) async throws -> ProgramResult {
        let shown: @Sendable (String) -> Void = { line(Printable.escaped(ShownURL.masked($0))) }
        return try await told {
            let file = Files.temporaryPath(beside: folder.appending("order"))
            defer { _ = try? Files.remove(file) }
            let descriptor = try Files.create(file, permissions: 0o600)
            do {
                defer { try? descriptor.close() }
                try Files.write(Array(order.text.utf8), to: descriptor, named: file.string)
            }
            let words = [try interpreter.string, "-I", "-c", text, file.string]
            if geteuid() == 0 {
                let program = ContainedProgram(words, in: "/", environment: variables, view: view)
                return try await program.run(line: shown)
            }
            let program = try ChildProgram(words[0], Array(words.dropFirst()), in: "/", environment: variables)
            let result = try await program.run()
            for said in result.errorText.split(separator: "\n") { shown(String(said)) }
            return result
        }
    }

    private func told(_ body: () async throws -> ProgramResult) async throws -> ProgramResult {
        try Task.checkCancellation()
        let result: ProgramResult
        do {
            result = try await body()
        } catch let error as SystemError {
            throw PackageError(.file, Printable.escaped("\(error)"), hint: nil)
        } catch let error as ProgramError {
            throw PackageError(.tool, Printable.escaped("\(error)"), hint: "install it, or look at the machine's PATH")
        }
        // A program that was ended looks like one that failed.
        try Task.checkCancellation()
        return result
    }

    /// The interpreter that dnf's first line names: the one that has dnf's modules.
    private var interpreter: FilePath {
        get throws {
            let refusal = PackageError(
                .tool, "cannot run dnf: no dnf 4 is on PATH", hint: "run: apt-get install dnf")
            guard let dnf = ProgramSearch.find("dnf", environment: variables) else { throw refusal }
            let descriptor = try Files.openRegular(dnf)
            defer { try? descriptor.close() }
            var start = [UInt8](repeating: 0, count: 256)
            let count = try Files.read(descriptor, into: &start, named: dnf.string)
            let line = start[..<count].prefix { $0 != UInt8(ascii: "\n") }
            let word = String(decoding: line.dropFirst(2), as: UTF8.self).split(separator: " ").first.map(String.init)
            guard line.starts(with: "#!".utf8), let word, word.contains("python"), word.hasPrefix("/") else {
                throw refusal
            }
            return FilePath(word)
        }
    }
}
