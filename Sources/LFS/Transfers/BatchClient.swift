import HTTP
import Hashing
import JSON

/// Asks the server what to do with objects (`POST objects/batch`).
struct BatchClient: Sendable {
    /// The most objects that one request names.
    static let limit = 100

    let api: APIClient
    let operation: TransferOperation
    /// The full name of the branch; nil (and left out) when HEAD is detached.
    let ref: String?

    /// Asks about any number of objects; requests of the server's liking are made of them.
    func ask(_ objects: [TransferObject]) async throws -> [BatchAnswer] {
        var answers: [BatchAnswer] = []
        var rest = objects[...]
        var size = Self.limit
        while !rest.isEmpty {
            let chunk = rest.prefix(size)
            guard let found = try await askOnce(Array(chunk)) else {
                size = max(1, chunk.count / 2)
                continue
            }
            answers += found
            rest = rest.dropFirst(chunk.count)
        }
        return answers
    }

    /// One request; nil where the server takes only a smaller one.
    private func askOnce(_ objects: [TransferObject]) async throws -> [BatchAnswer]? {
        let start = api.retry.now()
        let response = try await api.send("POST", "objects/batch", body(objects))
        if response.status == 413 && objects.count > 1 { return nil }
        guard response.isSuccess else { throw failure(response, objects) }
        guard let answer = try? JSONValue(parsing: response.body), let values = answer["objects"]?.array else {
            throw problem("the answer is no batch answer (is \(api.endpoint) an LFS server?)")
        }
        let transfer = answer["transfer"]?.string ?? ""
        if transfer != "" && transfer != "basic" {
            throw problem("the server wants the transfer '\(ServerFailure.plain(transfer))', which was not offered")
        }
        let algorithm = answer["hash_algo"]?.string ?? ""
        if algorithm != "" && algorithm != "sha256" {
            throw problem("the server names objects by \(ServerFailure.plain(algorithm)), not by sha256")
        }
        return try match(values, objects, start)
    }

    /// Puts the answer's objects beside those that were asked for.
    private func match(_ values: [JSONValue], _ objects: [TransferObject], _ start: Int64) throws -> [BatchAnswer] {
        var wanted = Dictionary(objects.map { ($0.oid, $0) }) { first, _ in first }
        var answers: [BatchAnswer] = []
        for value in values {
            guard let oid = value["oid"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) }),
                let object = wanted.removeValue(forKey: oid)
            else { throw problem("it names an object that was not asked for") }
            answers.append(try BatchAnswer(object, value, operation, requestedAt: start))
        }
        for object in objects where wanted[object.oid] != nil {
            var answer = BatchAnswer(object)
            answer.error = LFSError(
                .missing, operation == .download ? "fetch" : "push", object.name, "the server says nothing of it")
            answers.append(answer)
        }
        return answers
    }

    /// The request's document; keys without a value are left out, since some servers refuse null and empty ones.
    private func body(_ objects: [TransferObject]) -> JSONValue {
        var members: [JSONValue.Member] = [.init("operation", .string(operation.rawValue))]
        members.append(
            .init(
                "objects",
                .array(
                    objects.map { ["oid": .string($0.oid.hexadecimal), "size": .integer($0.pointer.size.bytes)] })))
        if let ref { members.append(.init("ref", ["name": .string(ref)])) }
        members.append(.init("hash_algo", "sha256"))
        return .object(members)
    }

    private func problem(_ reason: String) -> LFSError {
        LFSError(.network, "use the batch answer of", "\(api.endpoint)", reason)
    }

    /// The error for a batch that was refused as a whole.
    private func failure(_ response: Response, _ objects: [TransferObject]) -> any Error {
        let said = ServerFailure.message(response)
        let verb = operation == .download ? "fetch" : "push"
        if response.status == 404 && !Self.speaksOfObjects(response, said) {
            return LFSError(
                .configuration, "ask", "the LFS server \(api.endpoint)",
                "it does not know the repository (404)" + (said.isEmpty ? "" : ": \(said)"),
                hint: "git lfs env and git config lfs.url say which server is asked; a private one may hide behind 404")
        }
        if response.status == 422 && objects.count == 1, ServerFailure.kind(422, said) == .failed {
            return LFSError(.missing, verb, objects[0].name, "the server refuses it (422): \(said)")
        }
        let name = objects.count == 1 ? objects[0].name : "\(objects.count) LFS objects"
        return ServerFailure.error(response, verb, name, now: api.retry.now())
    }

    /// Whether a 404 is about the objects (some servers answer so when all are missing) and not about the repository.
    private static func speaksOfObjects(_ response: Response, _ said: String) -> Bool {
        said.lowercased().contains("object")
    }
}
