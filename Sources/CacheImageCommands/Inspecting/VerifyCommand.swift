import ArgumentParser
import CommandSession
import Configuration
import Console
import ImageCache
import JSON
import SystemCalls

/// `cache-image verify`: reads every byte of an entry.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read everything: archive, blobs, pointer, sidecar, record, lock and LFS object must agree.",
        discussion: """
            Each finding is told with what repairs it. What is damaged ends in 4, what is missing or of an older program \
            in 3, as with status (docs/verify.md).
            """)

    @OptionGroup var images: ImageOptions
    @Flag(help: "Repair what is found: from Git, from a copy here or on the server, else by a build.") var repair =
        false
    @Option(
        name: .customLong("read-data-subset"), parsing: .unconditional,
        help: ArgumentHelp(
            "Read layers of this share of the archive only, chosen by chance; all small files are read.",
            valueName: "N%"))
    var subset: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let percent = try Self.percent(Session.value("--read-data-subset", subset))
        if repair, percent < 100 {
            throw Failure(.usage, "cannot use --repair with --read-data-subset: what is repaired is read as a whole")
        }
        let session = try Session(global) { images.apply(to: &$0) }
        try await session.forEachImage { image in
            if !image.isCached {
                if !images.images.isEmpty { throw CacheError.notCached(image: image.name.description) }
                return ["image": .string(image.name.description), "state": .null, "problems": .array([])]
            }
            var result = try await verification(of: image, percent: percent, in: session)
            let before = result.findings
            if repair, !before.isEmpty {
                for finding in before { session.terminal.note("\(image.name): \(finding.line)") }
                result = try await session.cache.repairer.repair(result)
            }
            show(result, wasRepaired: !before.isEmpty && result.findings.isEmpty, in: session)
            return [
                "image": .string(image.name.description), "state": .string(result.state.rawValue),
                "size": .integer(result.size), "problems": .strings(result.findings.map(\.text)),
                "findings": .array(before.map(\.json)),
                "repaired": .bool(!before.isEmpty && result.findings.isEmpty),
            ]
        }
    }

    /// What is found; an entry that is missing as a whole is a finding where it is to be repaired.
    private func verification(of image: ImageDeclaration, percent: Int, in session: Session) async throws
        -> Verification
    {
        do {
            return try await session.cache.verifier.verify(image, percent: percent)
        } catch  where repair && !(error is CancellationError) && !session.cache.verifier.mayBeHadLater(error) {
            guard let missing = try session.cache.verifier.verificationOfMissing(image) else { throw error }
            session.terminal.detail("\(error)")
            return missing
        }
    }

    private func show(_ result: Verification, wasRepaired: Bool, in session: Session) {
        let (terminal, name) = (session.terminal, result.image.name)
        guard let first = result.findings.first(where: \.isDamage) ?? result.findings.first else {
            if !terminal.options.isJSON {
                let verb = wasRepaired ? "repaired" : "verified"
                terminal.line("\(verb) \(name) \(result.state.rawValue) \(Quantity.bytes(Size(result.size)))")
            }
            return
        }
        for other in result.findings where other != first { terminal.note("\(name): \(other.line)") }
        let code: Console.ExitCode = result.isDamaged ? .corrupt : result.state.exitCode ?? .stale
        terminal.report(
            Failure(
                code, "cannot trust the entry of \(name): \(first.text) (repair: \(first.repair.rawValue))",
                hint: first.repair == .update ? "cache-image update \(name)" : "cache-image verify --repair \(name)"))
        session.noteStatus(code)
    }

    /// The number in `N%` or `N`; 100 where nothing is said.
    static func percent(_ text: String?) throws -> Int {
        guard let text else { return 100 }
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let percent = Int(digits), (1...100).contains(percent) else {
            throw Failure(.usage, "cannot read --read-data-subset: expected 1% to 100%, found \"\(text)\"")
        }
        return percent
    }
}

extension Finding {
    /// The finding with what repairs it.
    fileprivate var line: String { "\(text) (repair: \(repair.rawValue))" }

    /// An element of `findings` of `verify --json`.
    fileprivate var json: JSONValue {
        [
            "part": .string(part.rawValue), "text": .string(text), "damage": .bool(isDamage),
            "repair": .string(repair.rawValue),
        ]
    }
}
