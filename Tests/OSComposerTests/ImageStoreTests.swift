import Hashing
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSComposer

/// The image cache: whole images only, checked, bounded, moved between machines.
@Suite struct ImageStoreTests {
    /// Stores an image with one file.
    static func keep(
        _ text: String, in store: ImageStore, name: String = "edge", specification: String? = nil
    ) async throws -> StoredImage {
        try Files.createDirectories(store.folder)
        let staged = try Files.createTemporaryDirectory(in: store.folder)
        try Files.replace(staged.appending("disk.raw"), with: Array(text.utf8))
        let image = StoredImage(
            specification: specification ?? SHA256Digest(of: text.utf8).hexadecimal, name: name, imageVersion: "1",
            provider: "debian-bookworm-amd64", created: 1_700_000_000, rootfs: SHA256Digest.zero.hexadecimal,
            packages: 3,
            files: [
                .init(
                    kind: "raw", name: "disk.raw", size: Int64(text.utf8.count), sha256: SHA256Digest(of: text.utf8))
            ])
        try store.keep(image, from: staged)
        return image
    }

    @Test func anImageIsFoundByTheBeginningOfItsHash() async throws {
        try await Sandbox.with { sandbox in
            let store = ImageStore(cacheFolder: sandbox.path("cache"))
            #expect(try store.images().isEmpty)
            let one = try await Self.keep("one", in: store, specification: String(repeating: "ab", count: 32))
            _ = try await Self.keep("two", in: store, specification: "ac" + String(repeating: "00", count: 31))
            #expect(try store.image(beginning: "AB").specification == one.specification)
            for prefix in ["a", "", "ff", "../x"] {
                #expect(throws: ComposerError.self) { try store.image(beginning: prefix) }
            }
            // What is none of ours is neither listed nor in the way.
            try sandbox.write("cache/imageCache/README", "mine")
            try sandbox.write("cache/imageCache/" + String(repeating: "0", count: 64) + "/image.json", "{}")
            #expect(try store.images().count == 2)
        }
    }

    @Test func everyFlippedByteIsSeen() async throws {
        try await Sandbox.with { sandbox in
            let store = ImageStore(cacheFolder: sandbox.path("cache"))
            let text = "the whole content of a disk"
            let image = try await Self.keep(text, in: store)
            let path = store.folder(of: image.specification).appending("disk.raw")
            #expect(store.complaint(about: image) == nil)
            for position in 0..<text.utf8.count {
                var bytes = Array(text.utf8)
                bytes[position] ^= 1
                try Files.replace(path, with: bytes)
                #expect(store.complaint(about: image) != nil, "byte \(position)")
            }
            try Files.replace(path, with: Array(text.utf8))
            #expect(store.complaint(about: image) == nil)
            try Files.replace(path, with: Array(text.utf8.dropLast()))
            #expect(store.complaint(about: image)?.contains("bytes") == true)
            try Files.remove(path)
            try Files.makeLink(path, to: "/etc/passwd")
            #expect(store.complaint(about: image) == "disk.raw is missing")
        }
    }

    @Test func theOnesUsedLongestAgoGo() {
        func image(_ name: String, _ hash: String, _ size: Int64, _ used: Int64) -> (
            image: StoredImage, lastUsed: Int64
        ) {
            (
                StoredImage(
                    specification: hash, name: name, imageVersion: "1", provider: "p", created: 0, rootfs: "",
                    packages: 0, files: [.init(kind: "raw", name: "d", size: size, sha256: .zero)]), used
            )
        }
        // Used last first, as the store lists them.
        let images = [
            image("a", "5", 10, 50), image("b", "4", 10, 40), image("a", "3", 10, 30), image("a", "2", 10, 20),
        ]
        func surplus(_ bounds: ImageStore.Bounds, keeping: String? = nil) -> [String] {
            ImageStore.surplus(of: images, bounds: bounds, keeping: keeping).map(\.specification)
        }
        #expect(surplus(.init()) == [])
        #expect(surplus(.init(count: 2)) == ["2"])
        #expect(surplus(.init(count: 1)) == ["2", "3"])
        #expect(surplus(.init(count: 0)) == ["2", "3", "4", "5"])
        #expect(surplus(.init(count: 1), keeping: "2") == ["3", "5"])
        #expect(surplus(.init(bytes: 20)) == ["2", "3"])
        #expect(surplus(.init(bytes: 0), keeping: "4") == ["2", "3", "5"])
    }

    @Test func anExportedImageComesBack() async throws {
        try await Sandbox.with { sandbox in
            let store = ImageStore(cacheFolder: sandbox.path("cache"))
            let image = try await Self.keep("content", in: store)
            let file = sandbox.path("moved.tar")
            try await store.export(image, to: file, environment: sandbox.environment)
            let other = ImageStore(cacheFolder: sandbox.path("other"))
            let found = try await other.importing(file, environment: sandbox.environment)
            #expect(found.specification == image.specification)
            #expect(other.complaint(about: found, reads: true) == nil)
            let names = try Files.names(in: other.folder).map(\.string)
            #expect(names.filter { $0.hasPrefix(".tmp-") } == [])
        }
    }

    @Test func aFileThatIsNotWhatItSaysIsNotTakenIn() async throws {
        try await Sandbox.with { sandbox in
            let store = ImageStore(cacheFolder: sandbox.path("cache"))
            let image = try await Self.keep("content", in: store)
            let file = sandbox.path("moved.tar")
            try await store.export(image, to: file, environment: sandbox.environment)
            var bytes = try sandbox.read("moved.tar")
            let place = try #require(bytes.firstRange(of: Array("content\0".utf8)))
            bytes[place.lowerBound] ^= 1
            try sandbox.write("moved.tar", bytes: bytes)
            let other = ImageStore(cacheFolder: sandbox.path("other"))
            let error = await #expect(throws: ComposerError.self) {
                _ = try await other.importing(file, environment: sandbox.environment)
            }
            #expect(error?.kind == .corrupt)
            #expect(try other.images().isEmpty)
            try sandbox.write("no.tar", "nothing")
            await #expect(throws: ComposerError.self) {
                _ = try await other.importing(sandbox.path("no.tar"), environment: sandbox.environment)
            }
        }
    }
}
