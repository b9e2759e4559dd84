extension Evaluation {
    /// Arguments that only steer BuildKit and never reach the environment.
    private static let steering: Set<String> = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]

    /// ARG in a stage: the build argument, else the default, else the global value, else nothing.
    mutating func declare(
        _ declarations: [(name: String, value: String?)], _ step: Step
    ) throws(DockerfileError) {
        for (name, standard) in declarations {
            if Self.steering.contains(name) { continue }
            var value: Value?
            if let given = request.given(name) {
                secrets.formUnion(given.secrets.filter { $0.value != nil })
                value = .known(given)
            } else if let standard {
                value = try expand(standard, step).named(name)
            } else if let global = graph.globals.values[name] {
                value = .known(global)
            }
            arguments.set(name, value, in: stage.label)
            state.declared.insert(name)
            state.unseen[name, default: []].insert(step.startLine)
            guard let value else { continue }
            if let other = state.variables[name], !other.isArgument, !other.isFromBase {
                state.shadowed[name] = other.value
            }
            state.variables[name] = StageState.Variable(value: value, isArgument: true)
        }
    }

    /// A RUN sees all ARGs in force.
    mutating func seeArguments() {
        for (name, lines) in state.unseen { arguments.see(name, from: lines) }
        state.unseen = [:]
    }
}
