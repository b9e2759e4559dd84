import Patterns
import SystemCalls

extension Evaluation {
    /// A `--mount`, its options expanded and checked.
    mutating func mount(_ fields: [String], _ step: Step) throws(DockerfileError) -> RunMount {
        var options = MountOptions()
        for field in fields {
            let (name, value) = CommaSeparated.option(field)
            var expanded: Value?
            if let value { expanded = name == "from" ? .known(value) : try expand(value, step) }
            try options.set(name, expanded, field)
        }
        try options.check()
        return try mount(options, step)
    }

    private mutating func mount(_ options: MountOptions, _ step: Step) throws(DockerfileError) -> RunMount {
        var shown = options.shown
        let from = options.from
        if options.type == "bind" || options.type == "cache" || options.type == "tmpfs" {
            let target = StagePath.resolve(
                state.workingDirectory, options.target,
                { folder, path in PathCleaning.clean(StagePath.joined(folder, path)) })
            if target.string == "/" { throw DockerfileError("invalid mount target \"/\"") }
            shown["target"] = target
        }
        guard options.type == "bind" || options.type == "cache" else {
            return RunMount(options: shown, origin: nil, source: nil)
        }
        // A cache without a source starts empty.
        if options.type == "cache", from.isEmpty, options.source == nil {
            return RunMount(options: shown, origin: nil, source: nil)
        }
        let origin = try origin(from, step, stage: graph.stage(named: from))
        if let source = options.source, source.string == nil {
            if origin == .context { widen(step, source.shown) }
            shown["source"] = source
            return RunMount(options: shown, origin: origin, source: nil)
        }
        let path = RelativePath(
            bytes: PathCleaning.relative(LosslessText.bytes(of: options.source?.string ?? "")))
        if options.source != nil { shown["source"] = .known(LosslessText.text(of: path.bytes)) }
        return RunMount(options: shown, origin: origin, source: path)
    }
}
