extension LevelDraft {
    /// The words in front of the command; nil for the image's ENTRYPOINT.
    ///
    /// A command takes its place, unless the level says otherwise.
    var entrypointWords: [String]? {
        switch entrypoint {
        case .image: nil
        case .words(let words): words
        case nil: level.command.isEmpty ? nil : []
        }
    }

    /// The level in a declared image.
    func level(in image: ImageDeclaration?) -> TestLevel {
        var level = level
        level.entrypoint = entrypointWords
        level.image = image?.name
        if level.place == .host {
            level.idleKeys = Self.keys.keys.filter { $0.isOfContainers && origins[$0.name] != nil }.map(\.name)
        }
        return level
    }

    /// The values with their origins; of a level with a mistake nothing but that.
    func settings() -> [Setting] {
        let path = "tests.levels.\(level.name)."
        if let mistake = level.mistake { return [Setting(path + "mistake", .string(mistake.description), declared)] }
        return Self.keys.settings(of: self, below: path)
    }
}
