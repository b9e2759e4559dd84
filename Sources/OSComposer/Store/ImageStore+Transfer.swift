import Hashing
import OSPackages
import Programs
import SystemCalls
import SystemPackage

extension ImageStore {
    /// The most bytes of a file that `import` reads for an image's document.
    private static let importedDocument = 4 << 20

    /// Writes an image as one tar, its document first; the file appears whole.
    public func export(
        _ image: StoredImage, to target: FilePath, environment: [String: String]
    ) async throws {
        if let complaint = complaint(about: image, reads: true) {
            throw ComposerError(
                .corrupt, "cannot export the image \(image.specification.prefix(12)): \(complaint)",
                hint: "image-composer build makes it anew")
        }
        if try Composer.isFolder(target) {
            throw ComposerError(
                .usage, "cannot write \(target.string): it is a folder",
                hint: "name the file: \(target.string)/\(image.name)-\(image.imageVersion).tar")
        }
        let held = try await hold(.shared)
        defer { held.release() }
        let temporary = Files.temporaryPath(beside: target)
        defer {
            _ = try? Files.remove(temporary)
            Unfinished.forget(temporary)
        }
        try await Self.tar(
            [
                "--create", "--file", temporary.string, "--directory", folder(of: image.specification).string,
                "--format=posix", "--pax-option=delete=atime,delete=ctime", "--numeric-owner", "--owner=0", "--group=0",
                "--mtime=@\(image.created)", "--mode=u=rw,go=r", "--", StoredImage.document.string,
            ] + image.files.map(\.name), environment: environment)
        try Files.synchronize(temporary)
        try Files.rename(temporary, to: target)
    }

    /// Takes in an image that `export` wrote; every file of it is checked before it is seen.
    public func importing(_ file: FilePath, environment: [String: String]) async throws -> StoredImage {
        try Files.createDirectories(folder)
        let staged = try Files.createTemporaryDirectory(in: folder)
        defer {
            try? Files.removeTree(staged)
            Unfinished.forget(staged)
        }
        // Read from stdin, tar does not look for a compression by itself; what it makes is looked at below.
        let archive = try Files.openRegular(file)
        try archive.close()
        try await Self.tar(
            [
                "--extract", "--file", file.string, "--directory", staged.string, "--no-same-owner",
                "--no-same-permissions", "--keep-old-files", "--occurrence=1",
                StoredImage.document.string,
            ], environment: environment)
        guard let bytes = try Files.readPlain(staged.appending(StoredImage.document), limit: Self.importedDocument),
            let image = StoredImage(bytes)
        else {
            throw ComposerError(
                .corrupt, "cannot import \(file.string): it holds no image of this program",
                hint: "image-composer cache export writes such files")
        }
        try await Self.tar(
            [
                "--extract", "--file", file.string, "--directory", staged.string, "--no-same-owner",
                "--no-same-permissions", "--keep-old-files", "--",
            ] + image.files.map(\.name), environment: environment)
        for one in image.files {
            let path = staged.appending(one.name)
            guard let status = try FileStatus.of(path), status.kind == .file, status.size == one.size,
                try SHA256Digest.ofFile(path).digest == one.sha256
            else {
                throw ComposerError(
                    .corrupt, "cannot import \(file.string): \(one.name) is not what its document says",
                    hint: "export it anew")
            }
        }
        let held = try await hold(.exclusive)
        defer { held.release() }
        try keep(image, from: staged)
        return image
    }

    private static func tar(_ arguments: [String], environment: [String: String]) async throws {
        let result = try await ChildProgram("tar", ["--force-local"] + arguments, in: nil, environment: environment)
            .run()
        if !result.isSuccess {
            throw ComposerError(.failed, "cannot run tar: \(Printable.escaped(result.complaint))")
        }
    }
}
