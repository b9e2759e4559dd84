import Foundation
import Glibc
import Hashing
import Synchronization
import SystemPackage
import Testing

@testable import DockerfileRecipe
@testable import Records

/// A file that another program writes while it is read: rule 20.
@Suite struct RacingWriterTests {
    /// Appends a byte to a file about every millisecond, on a thread of its own.
    final class Writer: Sendable {
        private let ended = Atomic(false)
        private let descriptor: Int32

        init(_ path: FilePath) {
            descriptor = open(path.string, O_WRONLY | O_APPEND)
        }

        /// Writes until `stop`, or for so many milliseconds.
        func start(milliseconds: Int = .max) async {
            await withCheckedContinuation { (begun: CheckedContinuation<Void, Never>) in
                Thread.detachNewThread { [self] in
                    var left = milliseconds
                    write(descriptor, "x", 1)
                    begun.resume()
                    while left > 0, !ended.load(ordering: .relaxed) {
                        write(descriptor, "x", 1)
                        usleep(1000)
                        left -= 1
                    }
                    close(descriptor)
                }
            }
        }

        func stop() {
            ended.store(true, ordering: .relaxed)
        }
    }

    private static let size = 48 << 20

    @Test func refusesAFileThatNeverRests() async throws {
        try await Project.with(["a": "1"], git: false) { (project) async throws in
            try project.write("a", bytes: [UInt8](repeating: 0x61, count: Self.size))
            let writer = Writer(project.root.appending("a"))
            await writer.start()
            defer { writer.stop() }
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.kind == .changedWhileRead)
            #expect(error?.description == "cannot read a: it changes while it is read")
        }
    }

    @Test func readsAgainUntilAFileRests() async throws {
        try await Project.with(["a": "1"], git: false) { (project) async throws in
            try project.write("a", bytes: [UInt8](repeating: 0x61, count: Self.size))
            await Writer(project.root.appending("a")).start(milliseconds: 20)
            let inputs = try project.inputs()
            let whole = try project.inputs()
            #expect(inputs.files["a"]?.content == whole.files["a"]?.content)
            #expect(inputs.key == whole.key)
        }
    }

    @Test func recordsWhatWasStagedWhereAFileChangedMeanwhile() async throws {
        try await Project.with(["a": "1", "b": "2"]) { (project) async throws in
            let before = try project.image()
            try project.write("b", "3")
            let staged = try project.stage(before)
            #expect(staged.image.inputs.key != before.inputs.key)
            #expect(try staged.image.inputs.key == project.inputs().key)
        }
    }
}
