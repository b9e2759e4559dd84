import HTTP
import Hashing
import SystemCalls

/// Transfers many objects: asks in batches, moves several at a time, and tells of each what became of it.
struct TransferQueue: Sendable {
    let batch: BatchClient
    let store: ObjectStore
    let progress: ProgressCounter
    /// How many objects are under way at once (`lfs.concurrenttransfers`).
    let concurrency: Int
    let verifyLimit: Int
    /// Whether an object that neither side has keeps the others from being uploaded, too.
    var needsAll = false

    /// Transfers all objects; an error that concerns the server as a whole ends the rest at once.
    func run(_ objects: [TransferObject]) async throws -> [TransferOutcome] {
        var outcomes: [TransferOutcome] = []
        var rest = objects[...]
        var stop: LFSError?
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(BatchClient.limit))
            rest = rest.dropFirst(chunk.count)
            if let stop {
                outcomes += chunk.map { TransferOutcome(object: $0, result: .failed(stop)) }
                continue
            }
            do {
                let answers = try await batch.ask(chunk)
                if let absent = absent(answers) {
                    outcomes += absent
                    return outcomes + rest.map { TransferOutcome(object: $0, result: .planned) }
                }
                outcomes += try await transfer(answers, &stop)
            } catch let error as HTTPError {
                let wrapped = ServerFailure.unusable(error)
                outcomes += chunk.map { TransferOutcome(object: $0, result: .failed(wrapped)) }
                stop = wrapped
            } catch let error as LFSError {
                outcomes += chunk.map { TransferOutcome(object: $0, result: .failed(error)) }
                if Self.concernsAll(error) { stop = error }
            }
        }
        return outcomes
    }

    /// The outcomes of a batch that is not to be begun, since objects to upload are not here; nil for any other.
    private func absent(_ answers: [BatchAnswer]) -> [TransferOutcome]? {
        guard needsAll, batch.operation == .upload else { return nil }
        var isAbsent = false
        let outcomes = answers.map { answer in
            let object = answer.object
            if let error = answer.error { return TransferOutcome(object: object, result: .failed(error)) }
            if answer.upload != nil, ((try? store.find(object.pointer)) ?? nil) == nil {
                isAbsent = true
                let error = LFSError(
                    .missing, "push", object.name, "it is not in \(store.objects.string)", hint: LFSError.fetchAll)
                return TransferOutcome(object: object, result: .failed(error))
            }
            return TransferOutcome(object: object, result: answer.upload == nil ? .alreadyThere : .planned)
        }
        return isAbsent ? outcomes : nil
    }

    /// Whether the next object would fail in the same way.
    private static func concernsAll(_ error: LFSError) -> Bool {
        switch error.kind {
        case .quota, .authentication, .network, .configuration: true
        default: false
        }
    }

    private func transfer(_ answers: [BatchAnswer], _ stop: inout LFSError?) async throws -> [TransferOutcome] {
        try await withThrowingTaskGroup(of: TransferOutcome.self) { group in
            var outcomes: [TransferOutcome] = []
            var waiting = answers[...]
            var running = 0
            while true {
                while running < concurrency, let answer = waiting.popFirst() {
                    if let stop {
                        outcomes.append(TransferOutcome(object: answer.object, result: .failed(stop)))
                        continue
                    }
                    running += 1
                    group.addTask { try await transfer(answer) }
                }
                guard let outcome = try await group.next() else { return outcomes }
                running -= 1
                outcomes.append(outcome)
                if let error = outcome.error, Self.concernsAll(error), stop == nil { stop = error }
            }
        }
    }

    private func transfer(_ answer: BatchAnswer) async throws -> TransferOutcome {
        let object = answer.object
        do {
            return TransferOutcome(object: object, result: try await move(answer))
        } catch let error as LFSError {
            return TransferOutcome(object: object, result: .failed(error))
        } catch let error as HTTPError {
            return TransferOutcome(object: object, result: .failed(ServerFailure.unusable(error)))
        } catch let error as SystemError {
            return TransferOutcome(
                object: object,
                result: .failed(LFSError(.failed, error.operation, error.object, error.reason)))
        }
    }

    private func move(_ answer: BatchAnswer) async throws -> TransferOutcome.Result {
        if let error = answer.error { throw error }
        let object = answer.object
        let renew = { (object: TransferObject) async throws -> BatchAnswer in
            let answers = try await batch.ask([object])
            guard let answer = answers.first else { return BatchAnswer(object) }
            if let error = answer.error { throw error }
            return answer
        }
        switch batch.operation {
        case .download:
            progress.expect(object.pointer)
            try await BasicDownload(api: batch.api, store: store, progress: progress).run(answer, renew: renew)
        case .upload:
            if answer.upload == nil { return .alreadyThere }
            progress.expect(object.pointer)
            let upload = BasicUpload(api: batch.api, store: store, progress: progress, verifyLimit: verifyLimit)
            try await upload.run(answer, renew: renew)
        }
        progress.finish(object.oid)
        return .transferred
    }
}
