/// Collects the build arguments of the reachable stages and where they count.
struct ArgumentUse {
    private struct Record {
        var lines: Set<Int> = []
        /// The value that each stage sees.
        var values: [String: Value?] = [:]
    }

    private var records: [String: Record] = [:]

    /// An ARG that a RUN sees from `line` on.
    mutating func see(_ name: String, from lines: Set<Int>) {
        records[name, default: Record()].lines.formUnion(lines)
    }

    /// An ARG that is expanded at `line`.
    mutating func expand(_ name: String, at line: Int) {
        records[name, default: Record()].lines.insert(line)
    }

    /// The value of an ARG in a stage.
    mutating func set(_ name: String, _ value: Value?, in stage: String) {
        records[name, default: Record()].values[stage] = .some(value)
    }

    /// The ARGs before the first FROM; their own scope has the empty name.
    mutating func addGlobals(_ globals: GlobalArguments) {
        for (name, lines) in globals.lines where !lines.isEmpty {
            records[name, default: Record()].lines.formUnion(lines)
            records[name, default: Record()].values[""] = .some(globals.values[name].map { .known($0) })
        }
    }

    /// The arguments that count, by name.
    var arguments: [BuildPlan.Argument] {
        records.filter { !$0.value.lines.isEmpty }.map { name, record in
            let values = record.values.mapValues { $0?.text }
            let isOne = Set(values.values).count < 2
            return BuildPlan.Argument(
                name: name, value: isOne ? values.values.first ?? nil : nil, values: isOne ? [:] : values,
                lines: record.lines.sorted())
        }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
