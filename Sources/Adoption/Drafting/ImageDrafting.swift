import OCI
import SystemCalls

/// The images of a project: what scripts and compose files build, else each Dockerfile.
struct ImageDrafting {
    private(set) var images: [ImageProposal] = []
    /// Dockerfiles that nothing builds, beside others that something does.
    private(set) var further: [RelativePath] = []
    private let files: ProjectFiles
    private let dockerfiles: [FoundDockerfile]

    /// Puts together what is known of a project's images.
    init(
        _ files: ProjectFiles, _ dockerfiles: [FoundDockerfile], builds: [EngineCall], services: [ComposeService],
        old: [OldEntry]
    ) {
        self.files = files
        self.dockerfiles = dockerfiles
        for service in services { add(service) }
        for call in builds { add(call) }
        for dockerfile in dockerfiles where !images.contains(where: { $0.dockerfile == dockerfile }) {
            let isBuilt = images.contains { !$0.remarks.isEmpty }
            if dockerfile.path.components.count > 1, isBuilt || (!images.isEmpty && Self.isExample(dockerfile.path)) {
                further.append(dockerfile.path)
            } else {
                images.append(proposal(dockerfile))
            }
        }
        for entry in old { take(entry) }
        settleNames(old)
    }

    // MARK: Sources

    private func dockerfile(_ path: RelativePath?, in context: RelativePath) -> FoundDockerfile? {
        if let path { return dockerfiles.first { $0.path == path } }
        return ["Dockerfile", "dockerfile", "Containerfile"].lazy.compactMap { name in
            dockerfiles.first { $0.path == context.appending(RelativePath(name)) }
        }.first
    }

    private mutating func add(_ service: ComposeService) {
        guard let dockerfile = dockerfile(service.dockerfile, in: service.context) else { return }
        var image = ImageProposal(
            name: service.name, dockerfile: dockerfile, context: service.context, target: service.target,
            arguments: service.arguments,
            remarks: ["\(service.file), service \(service.name)"] + service.remarks, services: [service.name])
        if let name = service.image.flatMap(Proposals.name) {
            (image.name, image.tag, image.isNamed) = (name.name, name.tag, true)
        } else {
            image.name = Proposals.word(service.name) ?? "app"
        }
        merge(image)
    }

    private mutating func add(_ call: EngineCall) {
        guard let build = call.build, let dockerfile = dockerfile(build.dockerfile, in: build.context) else { return }
        var image = proposal(dockerfile)
        (image.context, image.target, image.arguments) = (build.context, build.target, build.arguments)
        image.localArguments = build.ofCaller
        image.remarks = ["\(call.file), line \(call.line)"]
        if let name = build.name.flatMap(Proposals.name) {
            (image.name, image.tag, image.isNamed) = (name.name, name.tag, true)
        }
        merge(image)
    }

    /// Adds an image, unless it is there: then it gets what the other knows more.
    private mutating func merge(_ image: ImageProposal) {
        if let target = image.target, !image.dockerfile.stageNames.contains(target.lowercased()) { return }
        guard let index = images.firstIndex(where: image.isSame) else {
            images.append(image)
            return
        }
        if image.isNamed, !images[index].isNamed {
            (images[index].name, images[index].tag, images[index].isNamed) = (image.name, image.tag, true)
        }
        images[index].services += image.services
        images[index].localArguments.formUnion(image.localArguments)
        images[index].arguments.merge(image.arguments) { first, _ in first }
        images[index].remarks += image.remarks.filter { !images[index].remarks.contains($0) }
    }

    /// A Dockerfile by itself: the stage for tests where it has one, the name of its folder or its own.
    private func proposal(_ dockerfile: FoundDockerfile) -> ImageProposal {
        let folder = dockerfile.path.parent ?? ""
        var words = dockerfile.path.name.split(separator: ".").map(String.init)
        words.removeAll { ["dockerfile", "containerfile"].contains($0.lowercased()) }
        let name =
            Proposals.word(words.joined(separator: "-")) ?? (folder.bytes.isEmpty ? nil : Proposals.word(folder.name))
        return ImageProposal(
            name: name ?? "app", dockerfile: dockerfile, context: context(of: dockerfile, in: folder),
            target: dockerfile.testStage)
    }

    /// The Dockerfile's own folder, or the root where only that has what it takes: `docker/Dockerfile`.
    private func context(of dockerfile: FoundDockerfile, in folder: RelativePath) -> RelativePath {
        let isWhole = { (place: RelativePath) in
            dockerfile.sources.allSatisfy { source in
                guard let path = RelativePath.resolving(source.drop { $0 == "/" }.description, in: place) else {
                    return false
                }
                return Files.exists(files.root.appending(path))
            }
        }
        return !isWhole(folder) && isWhole("") ? "" : folder
    }

    /// Whether a file lies among examples or what tests need.
    private static func isExample(_ path: RelativePath) -> Bool {
        let folders: Set<String> = ["example", "examples", "sample", "samples", "testdata", "fixtures", "docs"]
        return path.components.dropLast().contains { folders.contains(String(decoding: $0, as: UTF8.self)) }
    }

    // MARK: Archives of scripts

    /// Gives the image of an archive its name and tag; one of a stage that no other image has is added.
    private mutating func take(_ entry: OldEntry) {
        if images.contains(where: { $0.name == entry.name.name && $0.tag == entry.name.tag }) { return }
        func name(_ index: Int) {
            (images[index].name, images[index].tag) = (entry.name.name, entry.name.tag)
            images[index].isNamed = true
        }
        if let index = images.firstIndex(where: { $0.isNamed && $0.name == entry.name.name }) { return name(index) }
        let parts = entry.name.name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let stage = { (file: FoundDockerfile) in file.stageNames.last { $0 == parts.last || $0 == entry.name.name } }
        if let index = images.firstIndex(where: { !$0.isNamed && stage($0.dockerfile) == $0.target }) {
            return name(index)
        }
        if let dockerfile = dockerfiles.first(where: { stage($0) != nil && !further.contains($0.path) }) {
            var image = proposal(dockerfile)
            image.target = stage(dockerfile)
            if let index = images.firstIndex(where: image.isSame) { return images[index].isNamed ? () : name(index) }
            images.append(image)
            return name(images.count - 1)
        }
        let free = images.indices.filter { !images[$0].isNamed }
        let likely = free.filter { index in
            parts.contains { images[index].name.split(separator: "-").contains(Substring($0)) }
        }
        if let index = likely.first ?? (free.count == 1 ? free[0] : nil) { name(index) }
    }

    // MARK: Names

    /// Gives each image a name of its own, none of them that of its own base image.
    private mutating func settleNames(_ old: [OldEntry]) {
        let bases = Set(dockerfiles.flatMap(\.stages).map(\.base))
        var taken: Set<String> = []
        for index in images.indices {
            let image = images[index]
            let own = image.isNamed ? Set(image.dockerfile.stages.map(\.base)) : bases
            var name = image.name
            if let full = try? ImageName(name: name, tag: image.tag), own.contains(where: full.isMeant) {
                name += "-image"
            }
            if taken.contains("\(name):\(image.tag)") || taken.contains(name) { name = Proposals.free(name, taken) }
            images[index].name = name
            taken.insert(name)
            let secret = image.arguments.keys.filter(SecretName.matches).sorted()
            if !secret.isEmpty {
                images[index].remarks.append("left out as secret: \(secret.joined(separator: ", ")); see `secrets`")
            }
            for name in secret { images[index].arguments[name] = nil }
            images[index].localArguments.subtract(secret)
            // The configuration takes values as they stand, and none that looks like a variable.
            images[index].arguments = images[index].arguments.mapValues { $0?.contains("${") ?? false ? nil : $0 }
        }
    }
}
