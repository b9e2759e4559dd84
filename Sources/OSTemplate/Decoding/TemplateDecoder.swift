import JSON
import SystemCalls
import SystemPackage

/// Makes a template of its merged value.
struct TemplateDecoder {
    let root: MapReader
    let log: MistakeLog
    /// Local files in the order in which they were written.
    var localFiles: [FilePath] = []
    /// What stands in the template for each additional file and each repository's key.
    var writtenFiles: [String] = []
    var writtenKeys: [String] = []

    init(_ merged: TemplateValue) {
        log = MistakeLog()
        root = MapReader(merged, "", log)
    }

    /// The template.
    ///
    /// - Parameter machine: The folder that is `/`: where apt's sources are looked for.
    mutating func template(at path: FilePath, machine: FilePath) throws(TemplateError) -> OSTemplate {
        let image = section("image")
        let name = checked(image, "name", PlainText.fileName)
        let version = checked(image, "version", PlainText.version)
        let target = readTarget()
        let disk = readDisk(target?.imageType)
        let system = readSystem(imageName: name ?? "")
        let declared = readRepositories(target?.provider)
        let cache = root.map("build")?.map("cache")
        let usesPackageCache = cache?.bool("use_package_cache")
        let usesImageCache = cache?.bool("use_image_cache")
        try log.check()
        guard let name, let version, let target else {
            throw TemplateError(.init(file: path.string, line: 0, "image or target is missing"))
        }
        var template = OSTemplate(
            path: path, name: name, version: version, provider: target.provider, imageType: target.imageType,
            declaredRepositories: declared, repositories: declared, basePackages: target.basePackages, system: system,
            disk: disk, usesPackageCache: usesPackageCache, usesImageCache: usesImageCache, localFiles: localFiles,
            canonical: .null)
        if template.system.name.isEmpty { template.system.name = name }
        if !declared.contains(where: { $0.codename == target.provider.dist }), let keyring = target.keyring {
            template.repositories =
                MachineRepositories.read(root: machine)
                .repositories(for: target.provider, keyring: keyring) + declared
        }
        template.canonical = CanonicalTemplate.value(of: template, files: writtenFiles, keys: writtenKeys)
        return template
    }

    /// A map that has to be there.
    private func section(_ key: String) -> MapReader? {
        if root.value(key) == nil { root.mistake(key, "is missing", hint: "add \(key): to the template") }
        return root.map(key)
    }

    /// A text that has to be there and to pass a check.
    private func checked(_ map: MapReader?, _ key: String, _ complaint: (String) -> String?) -> String? {
        guard let map, let text = map.required(key) else { return nil }
        return passes(map, key, text, complaint) ? text : nil
    }

    /// Whether a text passes a check; a mistake is told where it does not.
    func passes(_ map: MapReader, _ key: String, _ text: String, _ complaint: (String) -> String?) -> Bool {
        guard let complaint = complaint(text) else { return true }
        map.mistake(
            key, "\(complaint), not \(Printable.quoted(Printable.escaped(ShownURL.masked(text))))",
            hint: "correct \(map.name(key))")
        return false
    }

    /// A text that passes a check, where it is written.
    func optional(_ map: MapReader, _ key: String, _ complaint: (String) -> String?) -> String? {
        guard let text = map.text(key), passes(map, key, text, complaint) else { return nil }
        return text
    }

    private struct Target {
        var provider: Provider
        var imageType: OSTemplate.ImageType
        var basePackages: [String]
        var keyring: String?
    }

    private func readTarget() -> Target? {
        guard let target = section("target") else { return nil }
        let (os, dist, arch) = (target.required("os"), target.required("dist"), target.required("arch"))
        let imageType = readImageType(target)
        guard let os else { return nil }
        guard let distribution = Distribution.named(os) else {
            let names = Distribution.all.map(\.os)
            target.mistake(
                "os", "\(Printable.quoted(Printable.escaped(os))) is not supported",
                hint: Spelling.nearest(to: os, in: names).map { "did you mean \($0)?" }
                    ?? "write \(Printable.alternatives(names))")
            return nil
        }
        let suite = dist.flatMap { readDist(target, $0, distribution) }
        let architecture = arch.flatMap { distribution.architecture($0) }
        if let arch, architecture == nil {
            target.mistake(
                "arch", "\(Printable.quoted(Printable.escaped(arch))) is not supported", hint: "write x86_64 or aarch64"
            )
        }
        guard let suite, let architecture, let imageType else { return nil }
        return Target(
            provider: Provider(os: distribution.os, dist: suite, arch: architecture, family: distribution.family),
            imageType: imageType, basePackages: distribution.basePackages, keyring: distribution.keyring)
    }

    private func readDist(_ target: MapReader, _ dist: String, _ distribution: Distribution) -> String? {
        if let known = distribution.dists[dist] { return known }
        let names = distribution.dists.keys.sorted()
        let near = Spelling.nearest(to: dist, in: names)
        if distribution.family == .deb, near == nil, PlainText.fileName(dist) == nil { return dist }
        target.mistake(
            "dist", "\(Printable.quoted(Printable.escaped(dist))) is not supported for \(distribution.os)",
            hint: near.map { "did you mean \($0)?" } ?? "write \(Printable.alternatives(names))")
        return nil
    }

    private func readImageType(_ target: MapReader) -> OSTemplate.ImageType? {
        if target.value("imageType") == nil { _ = target.required("imageType") }
        if let text = target.text("imageType"), ["iso", "wsl2"].contains(text) {
            target.mistake(
                "imageType", "\(text) is not supported", hint: "write raw for a disk, or img for a root file system")
            return nil
        }
        return target.word("imageType", OSTemplate.ImageType.self)
    }
}
