import Configuration
import Hashing
import SystemCalls
import SystemPackage

/// A question that has no answer yet.
public struct OpenQuestion: Sendable {
    /// What is asked.
    public let question: TrustQuestion
    /// The values that were trusted here before; nil where none were.
    public let earlier: [String]?
}

/// Lets a configuration have what its user trusts it with, and asks where that is not known.
///
/// Not to be used from two tasks at once.
public final class TrustGate {
    /// The clone that the trust is for: its common Git folder, else the configuration's folder.
    public let folder: FilePath
    private let store: TrustStore
    private let mode: ProjectConfiguration.Trust
    private let events: CacheEvents
    private var granted: Set<SHA256Digest> = []

    init(
        folder: FilePath, mode: ProjectConfiguration.Trust, environment: [String: String], events: CacheEvents
    ) {
        self.folder = folder
        self.mode = mode
        self.events = events
        store = TrustStore(folder: folder, environment: environment)
    }

    /// Returns where all questions are answered with yes, now or before; else `CacheError.notTrusted`.
    public func require(_ questions: [TrustQuestion]) throws {
        if questions.isEmpty || mode == .givenForThisRun { return }
        let open = open(questions)
        if open.isEmpty { return }
        if mode == .asked, try !events.ask(open) { throw CacheError.notTrusted(open.map(\.question)) }
        remember(open.map(\.question))
    }

    /// Those of some questions that were not answered with yes before.
    public func open(_ questions: [TrustQuestion]) -> [OpenQuestion] {
        let missing = questions.filter { !granted.contains(store.digest(of: $0)) }
        if missing.isEmpty { return [] }
        let entries = store.entries
        let known = Set(entries.map(\.digest))
        return missing.filter { !known.contains(store.digest(of: $0)) }.map { question in
            OpenQuestion(question: question, earlier: entries.last { $0.subject == question.subject }?.values)
        }
    }

    /// Trusts from now on.
    public func remember(_ questions: [TrustQuestion]) {
        for question in questions { granted.insert(store.digest(of: question)) }
        do {
            try store.remember(questions)
        } catch {
            events.warning("the trust holds for this run only: \(error)", nil)
        }
    }

    /// Forgets all trust in this clone.
    public func revoke() throws {
        granted = []
        try store.revoke()
    }
}
