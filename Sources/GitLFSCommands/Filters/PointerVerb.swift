import Git
import JSON
import LFS
import SystemCalls
import SystemPackage

/// `lfs pointer`: builds, compares and checks pointers.
struct PointerVerb {
    /// The file to build a pointer of, or to check.
    var file: FilePath?
    /// The pointer file to compare with.
    var pointer: FilePath?
    /// Whether the pointer to compare or check comes from standard input.
    var readsStandardInput = false
    /// Whether to check only: status 0 for a pointer, 1 for anything else.
    var checks = false
    /// Whether a check ends in 2 for a pointer that is not canonical.
    var isStrict = false
    /// Whether standard input is more than a terminal or the null device.
    var hasInput = true
    /// Writes the pointer that was built as a JSON document.
    var isJSON = false

    /// Does nothing until the options are set.
    init() {}

    /// Builds, compares or checks; the exit status of git-lfs.
    ///
    /// - Parameters:
    ///   - input: Standard input.
    ///   - output: Takes the pointer's bytes for stdout.
    ///   - say: Takes text for stderr.
    func run(
        input: FileDescriptor, output: ([UInt8]) -> Void, say: (String) -> Void
    ) throws -> Int32 {
        if checks { return try check(input, say) }
        if pointer != nil && readsStandardInput {
            say("cannot read from STDIN and --pointer\n")
            return 1
        }
        if readsStandardInput && !hasInput {
            say("Cannot read from STDIN: The --stdin flag expects a pointer file from STDIN.\n")
            return 1
        }
        var built: ObjectID?
        if let file {
            let bytes: [UInt8]
            do {
                let pointer = try Pointer.of(file, isGiven: true)
                bytes = pointer.encoded
                if isJSON {
                    let document: JSONValue = [
                        "version": .string(Pointer.version), "oid": .string(pointer.oid.hexadecimal),
                        "size": .integer(pointer.size.bytes),
                    ]
                    output(Array((document.indentedText() + "\n").utf8))
                }
            } catch let error as SystemError {
                say(Self.openMessage(file, error))
                return 1
            }
            say("Git LFS pointer for \(file.string)\n\n")
            if !isJSON { output(bytes) }
            built = ObjectID(ofBlob: bytes)
            if let built, pointer != nil || readsStandardInput { say("\nGit blob OID: \(built)\n\n") }
        }
        guard pointer != nil || readsStandardInput else {
            if file == nil { say("Nothing to do!\n") }
            return file == nil ? 1 : 0
        }
        return try compare(built, input, say)
    }

    private func compare(_ built: ObjectID?, _ input: FileDescriptor, _ say: (String) -> Void) throws -> Int32 {
        let bytes: [UInt8]
        do {
            bytes = try pointerBytes(pointer, input)
        } catch let error as SystemError {
            say(Self.openMessage(pointer ?? "STDIN", error))
            return 1
        }
        say("Pointer from \(pointer?.string ?? "STDIN")\n\n")
        guard Pointer(parsing: bytes) != nil else {
            say("Pointer file error: invalid header\n")
            return 1
        }
        say(String(decoding: bytes, as: UTF8.self))
        guard let built else { return 0 }
        let compared = ObjectID(ofBlob: bytes)
        say("\nGit blob OID: \(compared)\n")
        if compared == built { return 0 }
        say("\nPointers do not match\n")
        return 1
    }

    private func check(_ input: FileDescriptor, _ say: (String) -> Void) throws -> Int32 {
        if pointer != nil {
            say("Cannot combine --check with --compare\n")
            return 2
        }
        if file != nil && readsStandardInput {
            say("With --check, --file cannot be combined with --stdin\n")
            return 2
        }
        guard file != nil || readsStandardInput else {
            say("Must specify either --file or --stdin with --compare\n")
            return 2
        }
        do {
            let bytes = try pointerBytes(file, input)
            guard Pointer(parsing: bytes) != nil else { return 1 }
            return isStrict && !Pointer.isCanonical(bytes) ? 2 : 0
        } catch let error as SystemError {
            say(Self.openMessage(file ?? "STDIN", error))
            return 2
        }
    }

    /// The bytes of a file or of standard input, cut where no pointer can be any more.
    private func pointerBytes(_ path: FilePath?, _ input: FileDescriptor) throws -> [UInt8] {
        guard let path else {
            return try ByteStream.head(ByteStream.reading(input, named: "standard input"), Pointer.maximumLength)
        }
        let descriptor = try Files.open(path)
        defer { try? descriptor.close() }
        return try ByteStream.head(ByteStream.reading(descriptor, named: path.string), Pointer.maximumLength)
    }

    private static func openMessage(_ path: FilePath, _ error: SystemError) -> String {
        "\(error.errno == .isDirectory ? "read" : "open") \(path.string): \(error.errno.description.lowercased())\n"
    }
}
