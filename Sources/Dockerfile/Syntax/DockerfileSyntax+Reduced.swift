extension DockerfileSyntax {
    /// The text for builders that build every stage: those that the target does not need are empty.
    ///
    /// Lines keep their numbers.
    public func reduced(
        to request: StageRequest, base: (BaseReference) -> BaseImage? = { _ in nil }
    ) throws(DockerfileError) -> [UInt8] {
        let needed = Set(try reachableStages(for: request, base: base))
        let starts = instructions.filter { $0.keyword == "FROM" }
        var result: [UInt8] = []
        var number = -1
        for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if index > 0 { result.append(UInt8(ascii: "\n")) }
            if starts.indices.contains(number + 1), starts[number + 1].startLine == index + 1 {
                number += 1
                if !needed.contains(number) {
                    let name = starts[number].arguments.count == 3 ? " AS \(starts[number].arguments[2])" : ""
                    result += "FROM scratch\(name)".utf8
                    continue
                }
            }
            if number < 0 || needed.contains(number) { result += line }
        }
        return result
    }
}
