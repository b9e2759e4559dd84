extension Command.CopyCommand {
    /// Checks COPY or ADD.
    init(_ instruction: Instruction) throws(DockerfileError) {
        let keyword = instruction.keyword
        guard instruction.arguments.count > 1, let destination = instruction.arguments.last else {
            throw DockerfileError(
                "\(keyword) requires at least two arguments, but only one was provided. "
                    + "Destination could not be determined")
        }
        isAdd = keyword == "ADD"
        var known: [String: FlagSet.Form] = [
            "chown": .value, "chmod": .value, "link": .switched, "exclude": .values,
        ]
        if isAdd {
            known.merge(["keep-git-dir": .switched, "checksum": .value, "unpack": .switched]) { first, _ in first }
        } else {
            known.merge(["from": .value, "parents": .switched]) { first, _ in first }
        }
        flags = try FlagSet(instruction.flags, known)
        from = flags["from"]
        if let dollar = from.unicodeScalars.firstIndex(of: "$"), from.unicodeScalars[dollar...].count > 1 {
            throw DockerfileError("'from' doesn't support variable expansion, define alias stage instead")
        }
        if (try? Heredocs.heredoc(destination)) != nil {
            throw DockerfileError("\(keyword) cannot accept a heredoc as a destination")
        }
        self.destination = destination
        for source in instruction.arguments.dropLast() {
            guard let heredoc = try? Heredocs.heredoc(source) else {
                paths.append(source)
                continue
            }
            let content = instruction.heredocs.last { $0.name == heredoc.name }?.content ?? ""
            inline.append((heredoc.name, heredoc.chomps ? Heredocs.chomped(content) : content, heredoc.expands))
        }
    }
}
