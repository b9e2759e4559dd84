import Git
import SystemCalls
import SystemPackage

/// The long-running filter that Git starts once for many files (`filter.lfs.process`).
///
/// https://git-scm.com/docs/gitattributes#_long_running_filter_process
public final class FilterProcess {
    /// Fetches many objects at once; what could not be had is asked for again one by one.
    public typealias FetchAll = (_ objects: [(pointer: Pointer, path: RelativePath)]) async throws -> Void

    private let packets: PacketStream
    private let clean: CleanFilter
    private let smudge: SmudgeFilter
    private let fetchAll: FetchAll
    private let skipsErrors: Bool
    private let log: (String) -> Void
    private var delayed: [(pointer: Pointer, path: RelativePath)] = []
    private var announced: [RelativePath: Pointer] = [:]
    private var malformed: [RelativePath] = []
    /// Why the server cannot be used at all; it is not asked again for every single file.
    private var serverFailure: LFSError?

    /// Serves Git over two descriptors.
    ///
    /// - Parameters:
    ///   - input: What Git writes.
    ///   - output: What Git reads.
    ///   - smudge: Smudges single files; its store also takes what is cleaned.
    ///   - skipsErrors: Writes the pointer where the object cannot be had (`lfs.skipdownloaderrors`).
    ///   - fetchAll: Fetches the objects of all delayed files.
    ///   - log: Takes messages for stderr.
    public init(
        input: FileDescriptor, output: FileDescriptor, smudge: SmudgeFilter, skipsErrors: Bool = false,
        fetchAll: @escaping FetchAll, log: @escaping (String) -> Void
    ) {
        packets = PacketStream(input: input, output: output)
        clean = CleanFilter(smudge.store)
        self.smudge = smudge
        self.skipsErrors = skipsErrors
        self.fetchAll = fetchAll
        self.log = log
    }

    /// Answers until Git closes its end.
    nonisolated(nonsending) public func run() async throws {
        guard let greeting = try packets.list() else { return }
        guard greeting.first == Array("git-filter-client".utf8), greeting.contains(Array("version=2".utf8)) else {
            throw LFSError(.failed, "start", "the filter process", "Git does not speak version 2 of the protocol")
        }
        try packets.send(["git-filter-server", "version=2"])
        let offered = try packets.list() ?? []
        let known = ["clean", "smudge", "delay"].map { "capability=" + $0 }
        try packets.send(known.filter { offered.contains(Array($0.utf8)) })
        while let request = try packets.list() { try await answer(FilterRequest(request)) }
        if !malformed.isEmpty {
            let paths = malformed.map { "\n\t\($0)" }.joined()
            log("Encountered \(malformed.count) file(s) that should have been pointers, but weren't:\(paths)")
        }
    }

    nonisolated(nonsending) private func answer(_ request: FilterRequest) async throws {
        switch request.command {
        case "clean": try answerClean(request)
        case "smudge": try await answerSmudge(request)
        case "list_available_blobs": try await answerList()
        default: throw LFSError(.failed, "filter", request.path.description, "unknown command '\(request.command)'")
        }
    }

    private func answerClean(_ request: FilterRequest) throws {
        let content = packets.content()
        var pointer: [UInt8] = []
        do {
            try clean.run(path: request.path, from: content, to: { pointer += $0 })
        } catch {
            try ByteStream.copy(content, to: { _ in })
            return try fail(error)
        }
        try packets.send(["status=success"])
        try ByteStream.write(pointer, to: packets.sendContent)
        try finishContent()
    }

    nonisolated(nonsending) private func answerSmudge(_ request: FilterRequest) async throws {
        let content = packets.content()
        let head = try ByteStream.head(content, Pointer.maximumLength)
        if head.isEmpty, let pointer = announced.removeValue(forKey: request.path) {
            return try await send(pointer, request, original: pointer.encoded)
        }
        guard head.count < Pointer.maximumLength, let pointer = Pointer(parsing: head) else {
            malformed.append(request.path)
            return try passOn(head, content)
        }
        if pointer.isEmpty { return try send([]) }
        if try smudge.isSkipped(request.path) { return try send(pointer.encoded) }
        if request.canDelay, pointer.extensions.isEmpty, try smudge.store.find(pointer) == nil {
            delayed.append((pointer, request.path))
            return try packets.send(["status=delayed"])
        }
        try await send(pointer, request, original: head)
    }

    /// Sends an object's content, or the pointer where errors are to be skipped.
    nonisolated(nonsending) private func send(
        _ pointer: Pointer, _ request: FilterRequest, original: [UInt8]
    ) async throws {
        let file: FilePath
        do {
            if let serverFailure, try smudge.store.find(pointer) == nil { throw serverFailure }
            file = try await smudge.resolve(pointer, path: request.path)
        } catch {
            if !skipsErrors { return try fail(error) }
            report(error)
            return try send(original)
        }
        try packets.send(["status=success"])
        try ByteStream.copy(file, to: packets.sendContent)
        try finishContent()
    }

    private func send(_ bytes: [UInt8]) throws {
        try packets.send(["status=success"])
        try ByteStream.write(bytes, to: packets.sendContent)
        try finishContent()
    }

    /// Sends content that is no pointer back; Git reads only after it has written all, so long content is spooled.
    private func passOn(_ head: [UInt8], _ rest: ByteSource) throws {
        if head.count < Pointer.maximumLength { return try send(head) }
        let spool = try SpoolFile(in: smudge.store.temporary)
        try ByteStream.write(head, to: spool.write)
        try ByteStream.copy(rest, to: spool.write)
        try packets.send(["status=success"])
        try ByteStream.copy(try spool.rewound(), to: packets.sendContent)
        try finishContent()
    }

    nonisolated(nonsending) private func answerList() async throws {
        let ready = delayed
        delayed = []
        if !ready.isEmpty {
            do {
                try await fetchAll(ready)
            } catch let error as LFSError where error.kind == .network || error.kind == .authentication {
                serverFailure = error
            } catch {
                // Each file is asked for again by itself, and reports what is wrong with it.
            }
        }
        for item in ready { announced[item.path] = item.pointer }
        try packets.send(ready.map { Array("pathname=".utf8) + $0.path.bytes })
        try packets.send(["status=success"])
    }

    /// Ends the content, and says that the status has not changed.
    private func finishContent() throws {
        try packets.send([String]())
        try packets.send([String]())
    }

    private func fail(_ error: any Error) throws {
        report(error)
        try packets.send(["status=error"])
    }

    private func report(_ error: any Error) {
        log("\(error)")
        if let hint = (error as? LFSError)?.hint { log("hint: \(hint)") }
    }
}

/// One request of Git: `command=`, `pathname=` and perhaps `can-delay=1`.
private struct FilterRequest {
    let command: String
    let path: RelativePath
    let canDelay: Bool

    init(_ lines: [[UInt8]]) {
        func value(_ key: String) -> ArraySlice<UInt8>? {
            let prefix = Array((key + "=").utf8)
            return lines.first { $0.starts(with: prefix) }?.dropFirst(prefix.count)
        }
        command = String(decoding: value("command") ?? [], as: UTF8.self)
        path = RelativePath(bytes: Array(value("pathname") ?? []))
        canDelay = value("can-delay").map { $0.elementsEqual("1".utf8) } ?? false
    }
}
