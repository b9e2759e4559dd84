import Hashing
import JSON

extension BatchAnswer {
    /// Reads the answer to a batch request: what the server says to each of the objects, in no order.
    ///
    /// - Parameters:
    ///   - body: The answer's text.
    ///   - server: The server, for messages.
    ///   - objects: What was asked for.
    ///   - operation: What was asked for it.
    ///   - start: Seconds since 1970 when it was asked.
    ///   - address: The address to use in place of one that the server names.
    ///   - shown: An object of the answer without what nobody may see.
    public static func read(
        _ body: [UInt8], from server: String, to objects: [TransferObject], _ operation: TransferOperation,
        requestedAt start: Int64, address: (String) -> String = { $0 },
        shown: (JSONValue) -> JSONValue = { $0 }
    ) throws -> [BatchAnswer] {
        func problem(_ reason: String) -> LFSError { LFSError(.network, "use the batch answer of", server, reason) }
        guard let answer = try? JSONValue(parsing: body), let values = answer["objects"]?.array else {
            throw problem("the answer is no batch answer (is \(server) an LFS server?)")
        }
        let transfer = answer["transfer"]?.string ?? ""
        if transfer != "" && transfer != "basic" {
            throw problem("the server wants the transfer '\(ServerFailure.plain(transfer))', which was not offered")
        }
        let algorithm = answer["hash_algo"]?.string ?? ""
        if algorithm != "" && algorithm != "sha256" {
            throw problem("the server names objects by \(ServerFailure.plain(algorithm)), not by sha256")
        }
        var wanted = Dictionary(objects.map { ($0.oid, $0) }) { first, _ in first }
        var answers: [BatchAnswer] = []
        for value in values {
            guard let oid = value["oid"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) }),
                let object = wanted.removeValue(forKey: oid)
            else { throw problem("it names an object that was not asked for") }
            answers.append(try BatchAnswer(object, shown(value), operation, requestedAt: start, address: address))
        }
        for object in objects where wanted[object.oid] != nil {
            var answer = BatchAnswer(object)
            answer.error = LFSError(
                .missing, operation == .download ? "fetch" : "push", object.name, "the server says nothing of it")
            answers.append(answer)
        }
        return answers
    }
}
