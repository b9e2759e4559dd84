import OCI
import SystemPackage

extension ImageArchive {
    /// Reads a canonical archive to its last byte: every blob against its digest, every other byte against the form.
    public func verify() throws(ArchiveError) -> CanonicalArchive {
        try withIndex(spool: nil, mustBePlain: true) { index in
            let image = try index.image(named: nil)
            let names = try image.names.map { name in
                guard let name = try? ImageName(name) else { throw index.corrupt("\(name) is no image name") }
                return name
            }
            let writer = CanonicalWriter(.comparing(index.descriptor, named: path.string))
            let layers = try writer.write(image, of: index, names: names)
            return try writer.result(image.config, layers: layers, names: names, of: index, isWhole: true)
        }
    }
}

extension CanonicalWriter {
    /// What was written, as its description; where asked, the file must not hold more.
    func result(
        _ config: ImageConfig, layers: [LayerSize], names: [ImageName], of index: ArchiveIndex, isWhole: Bool = false
    ) throws -> CanonicalArchive {
        guard let digest = try sink.digest() else { throw index.corrupt("it was not hashed") }
        if isWhole, try index.length() != sink.count || index.compression != .none {
            throw index.corrupt("it is not in the canonical form: bytes follow its end")
        }
        return CanonicalArchive(
            digest: digest, size: sink.count, config: config, layers: layers, names: names.map(\.description))
    }
}
