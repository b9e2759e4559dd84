import Hashing
import JSON
import OSDisk
import OSTemplate
import SystemCalls
import SystemPackage

extension Composer {
    /// The image of a template, where the image cache has it whole; notes in the report why not.
    ///
    /// The caller holds the store's lock.
    func hit(_ resolved: ResolvedTemplate, _ report: inout BuildReport) throws -> StoredImage? {
        let specification = resolved.specification
        guard try FileStatus.of(images.folder)?.kind == .directory else {
            report.imageReason = "miss: the image cache is empty"
            return nil
        }
        guard let image = try images.image(specification) else {
            report.imageReason = "miss: no image of this specification"
            report.causes = images.causes(of: resolved)
            return nil
        }
        if let complaint = images.complaint(about: image) {
            report.imageReason = "miss: the image is damaged (\(complaint))"
            report.warnings.append(
                "the image \(specification.prefix(12)) in the cache is damaged, it is built anew: \(complaint)")
            tell(.warning(report.warnings[report.warnings.count - 1]))
            return nil
        }
        images.noteUse(of: specification)
        return image
    }

    /// Where outputs go: a folder, or a file where there is one artifact.
    func outputPlace(_ options: BuildOptions, _ template: OSTemplate) throws -> FilePath {
        guard let output = options.output else {
            return workFolder(of: template.provider).appending("imagebuild").appending(template.system.name)
        }
        let isFolder = try Self.isFolder(
            output, sparing: [template.path, LockFile.path(for: template.path)] + template.localFiles)
        if !isFolder, template.artifacts.count > 1 {
            throw ComposerError(
                .usage,
                "cannot write \(output.string): the template asks for \(template.artifacts.count) artifacts, "
                    + "and it is no folder",
                hint: "mkdir -p \(output.string)")
        }
        return output
    }

    /// Whether a place to write to is a folder; else it is nothing yet, or a regular file.
    ///
    /// - Parameter sparing: Files that are read, and so are never written over.
    static func isFolder(_ target: FilePath, sparing files: [FilePath] = []) throws -> Bool {
        guard let status = try FileStatus.of(target, followLinks: true) else { return false }
        if status.kind == .directory { return true }
        if status.kind != .file {
            throw ComposerError(
                .usage, "cannot write \(target.string): \(status.kind.complaint)", hint: "name a file or a folder")
        }
        for file in files {
            guard let other = try FileStatus.of(file, followLinks: true) else { continue }
            if (other.device, other.inode) == (status.device, status.inode) {
                throw ComposerError(
                    .usage, "cannot write \(target.string): the image is made of it", hint: "name another file")
            }
        }
        return false
    }

    /// Copies an image out of the cache.
    func deliver(_ image: StoredImage, to target: FilePath, isOwn: Bool) throws -> [BuildReport.Output] {
        try deliver(image, from: images.folder(of: image.specification), to: target, isOwn: isOwn)
    }

    /// Copies an image's files to where they are wanted.
    ///
    /// In the folder of the outputs, which is our own, those of another build go, and what is there already stays.
    ///
    /// - Parameter isOwn: Whether the target is the folder of the outputs, and no place that somebody named.
    func deliver(
        _ image: StoredImage, from source: FilePath, to target: FilePath, isOwn: Bool
    ) throws -> [BuildReport.Output] {
        var there = SeenFiles()
        if isOwn, source != target {
            if Self.delivered(in: target) == image.specification {
                there = SeenFiles(in: target)
            } else {
                try Files.removeTree(target)
                try Files.createDirectories(target)
            }
        }
        let isFolder = try FileStatus.of(target, followLinks: true)?.kind == .directory
        var outputs: [BuildReport.Output] = []
        for file in image.files {
            let place = isFolder ? target.appending(file.name) : target
            let origin = source.appending(file.name)
            let isThere = try FileStatus.of(place).map { there.has(file.name, $0) } ?? false
            if origin != place, !isThere { try ImageStore.place(origin, at: place) }
            outputs.append(
                BuildReport.Output(
                    kind: file.kind + (file.compression.map { "." + $0 } ?? ""), path: place.string, size: file.size,
                    sha256: file.sha256.hexadecimal))
        }
        if isOwn {
            SeenFiles.note(image.files.map(\.name), in: target)
            try Files.replace(target.appending(Self.deliveredName), with: Array(image.specification.utf8))
        }
        return outputs
    }

    /// Stands in the folder of the outputs; its content is the specification hash of their image.
    private static let deliveredName: FilePath.Component = ".specification"

    private static func delivered(in folder: FilePath) -> String? {
        ((try? Files.readPlain(folder.appending(deliveredName), limit: 100)) ?? nil).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Writes report and bill of materials beside the outputs.
    func finish(_ report: BuildReport, _ resolved: ResolvedTemplate, in target: FilePath) throws {
        let template = resolved.template
        let isFolder = try FileStatus.of(target, followLinks: true)?.kind == .directory
        let place = isFolder ? target : target.removingLastComponent()
        let start = "\(template.name)-\(template.version)"
        let materials = SPDXDocument.text(
            name: template.name, version: template.version, provider: template.provider,
            resolution: resolved.lock.resolution, specification: resolved.specification)
        try Files.replace(place.appending("\(start).spdx.json"), with: Array(materials.utf8))
        try Files.replace(
            place.appending("\(start).report.json"), with: Array((report.json.indentedText() + "\n").utf8))
    }
}
