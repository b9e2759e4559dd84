import Dockerfile
import JSON
import SystemCalls
import TestSupport
import Testing

struct PlanVectorTests {
    @Test(arguments: ["graph", "graph_random"])
    func plansAgreeWithBuildKit(list: String) throws {
        for row in try Vectors.rows("dockerfile.json", list) {
            let id = try #require(row["id"]?.string)
            let request = StageRequest(
                target: row["target"]?.string, arguments: row["build_args"]?.stringMap ?? [:],
                platform: .init(architecture: "amd64"))
            let syntax = try DockerfileSyntax(Array(try #require(row["text"]?.string).utf8))
            let environment = ["PATH=/usr/bin:/bin", "BASE_ONLY=b"]
            let plan = try BuildPlan(syntax, request: request) { reference in
                let other = row["bases"]?[reference.text]
                return BaseImage(
                    environment: other?["Env"]?.strings ?? environment,
                    workingDirectory: other?["WorkingDir"]?.string ?? "", user: other?["User"]?.string ?? "",
                    onBuild: other?["OnBuild"]?.strings ?? [])
            }
            let wanted = try #require(row["ops"]?.array)
            let difference = Set(Self.fingerprints(plan, environment)).symmetricDifference(
                wanted.flatMap(Self.fingerprints))
            #expect(difference.sorted() == [], "\(id)")
            #expect(Self.paths(plan) == Self.paths(wanted), "\(id)")
            #expect(
                Self.configuration(plan, environment).normalized
                    == Self.expected(try #require(row["config"])).normalized, "\(id)")
            #expect(plan.marks == [], "\(id)")
        }
    }

    /// What each of BuildKit's operations does.
    private static func fingerprints(_ operation: JSONValue) -> [String] {
        switch operation["op"]?.string {
        case "source":
            guard let id = operation["id"]?.string, id.hasPrefix("docker-image://") else { return [] }
            let name = id.dropFirst("docker-image://".count).prefix { $0 != "@" }
            return ["image \(name) \(operation["platform"]?.string ?? "")"]
        case "exec":
            let mounts = (operation["mounts"]?.array ?? []).map { mount in
                var selector = mount["selector"]?.string ?? ""
                if selector == "/" { selector = "" }
                return "\(mount["dest"]?.string ?? "") \(selector) \(mount["readonly"]?.bool ?? false)"
            }
            return [
                exec(
                    operation["args"]?.strings ?? [], operation["env"]?.strings ?? [],
                    operation["cwd"]?.string ?? "", operation["user"]?.string ?? "",
                    operation["network"]?.string ?? "default", mounts)
            ]
        case "file":
            return (operation["actions"]?.array ?? []).map { action in
                if let folder = action["mkdir"]?.string { return "mkdir \(folder) \(action["owner"]?.string ?? "")" }
                if let name = action["mkfile"]?.string { return "mkfile \(name) \(action["data"]?.string ?? "")" }
                return copy(
                    action["copy"]?.string ?? "", action["dest"]?.string ?? "", action["owner"]?.string ?? "",
                    action["mode"]?.string ?? "", action["unpack"]?.bool ?? false)
            }
        default: return []
        }
    }

    /// What each of the plan's operations does, in the same words.
    private static func fingerprints(_ plan: BuildPlan, _ base: [String]) -> [String] {
        var result = plan.bases.map { "image \($0.name) \($0.platform)" }
        for (index, stage) in plan.stages.enumerated() {
            for operation in stage.operations {
                switch operation.kind {
                case .makeDirectory: result.append("mkdir \(operation.destination.shown) \(operation.user.shown)")
                case .run:
                    let mounts = operation.mounts.map { mount in
                        let source = mount.source.map { $0.bytes.isEmpty ? "" : "/\($0)" } ?? ""
                        return "\(mount.options["target"]?.shown ?? "") \(source) \(mount.options["rw"] == nil)"
                    }
                    for mount in operation.mounts {
                        guard let file = mount.options["file"]?.shown, let data = mount.options["data"]?.shown else {
                            continue
                        }
                        result.append("mkfile /\(file) \(data)")
                    }
                    let environment = merged(self.base(of: index, plan, base), operation.environment)
                    result.append(
                        exec(
                            operation.argv, environment, operation.workingDirectory.shown, operation.user.shown,
                            operation.network, mounts))
                case .copy, .add:
                    for source in operation.sources {
                        let owner = operation.flags["chown"]?.first?.text ?? ""
                        let mode = operation.flags["chmod"]?.first?.text ?? ""
                        let destination = operation.destination.shown
                        switch source {
                        case .path(let path):
                            result.append(copy("/\(path)", destination, owner, mode, operation.kind == .add))
                        case .inline(let name, let data):
                            result.append("mkfile /\(name) \(data.text)")
                            result.append(copy("/\(name)", destination, owner, mode, false))
                        case .secretPath, .symbolic, .remote: result.append("unexpected source")
                        }
                    }
                }
            }
        }
        return result
    }

    private static func exec(
        _ argv: [String], _ environment: [String], _ folder: String, _ user: String, _ network: String,
        _ mounts: [String]
    ) -> String {
        "exec \(argv) \(environment.sorted()) \(folder) \(user) \(network) \(mounts)"
    }

    private static func copy(
        _ source: String, _ destination: String, _ owner: String, _ mode: String, _ unpacks: Bool
    ) -> String {
        "copy \(source) \(destination) \(owner) \(mode) \(unpacks)"
    }

    /// The environment of the image that a stage is based on.
    private static func base(of stage: Int, _ plan: BuildPlan, _ base: [String]) -> [String] {
        switch plan.stages[stage].parent {
        case .stage(let parent): self.base(of: parent, plan, base)
        case .scratch: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        case .image: base
        }
    }

    private static func merged(_ base: [String], _ own: [String: Value]) -> [String] {
        base.filter { own[String($0.prefix { $0 != "=" })] == nil } + own.map { "\($0.key)=\($0.value.shown)" }
    }

    /// The context paths that BuildKit asks for; nil for all.
    private static func paths(_ operations: [JSONValue]) -> [String]? {
        guard let context = operations.first(where: { $0["id"]?.string == "local://context" }) else { return [] }
        guard let text = context["attrs"]?["local.followpaths"]?.string else { return nil }
        return try? JSONValue(parsing: Array(text.utf8)).strings.sorted()
    }

    private static func paths(_ plan: BuildPlan) -> [String]? {
        var paths: Set<String> = []
        for operation in plan.stages.flatMap(\.operations) {
            if operation.origin == .context {
                for case .path(let path) in operation.sources { paths.insert(path.description) }
            }
            for mount in operation.mounts where mount.origin == .context {
                if let source = mount.source { paths.insert(source.description) }
            }
        }
        return paths.contains("") ? nil : paths.sorted()
    }

    private static func expected(_ configuration: JSONValue) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for member in configuration.members ?? [] where member.name != "platform" {
            members[member.name] = member.value
        }
        if members["workdir"] == "/" { members["workdir"] = nil }
        members["env"] = .strings((members["env"]?.strings ?? []).sorted())
        return .map(members)
    }

    /// The plan's configuration in the form of the vectors.
    private static func configuration(_ plan: BuildPlan, _ base: [String]) -> JSONValue {
        let own = plan.configuration
        var members: [String: JSONValue] = [
            "env": .strings(merged(self.base(of: plan.target, plan, base), own.environment).sorted())
        ]
        func arguments(_ command: PlannedConfig.Command) -> JSONValue? {
            if case .arguments(let arguments) = command { .strings(arguments) } else { nil }
        }
        func set(_ values: Set<Value>) -> JSONValue? {
            values.isEmpty ? nil : .map(Dictionary(uniqueKeysWithValues: values.map { ($0.shown, .object([])) }))
        }
        members["cmd"] = arguments(own.command)
        members["entrypoint"] = arguments(own.entrypoint)
        members["author"] = own.author.map { .string($0) }
        if let user = own.user?.shown, !user.isEmpty { members["user"] = .string(user) }
        members["workdir"] = own.workingDirectory.map { .string($0.shown) }
        if members["workdir"] == "/" { members["workdir"] = nil }
        members["stopsignal"] = own.stopSignal.map { .string($0.shown) }
        members["exposed"] = set(own.exposedPorts)
        members["volumes"] = set(own.volumes)
        members["shell"] = own.shell.map { .strings($0) }
        if !own.onBuild.isEmpty { members["onbuild"] = .strings(own.onBuild) }
        if !own.labels.isEmpty { members["labels"] = .map(own.labels.mapValues { .string($0.shown) }) }
        if let check = own.healthcheck {
            var fields: [String: JSONValue] = ["Test": .strings(check.test)]
            fields["Interval"] = check.interval.map { .integer($0) }
            fields["Timeout"] = check.timeout.map { .integer($0) }
            fields["StartPeriod"] = check.startPeriod.map { .integer($0) }
            fields["StartInterval"] = check.startInterval.map { .integer($0) }
            fields["Retries"] = check.retries.map { .integer($0) }
            members["healthcheck"] = .map(fields)
        }
        return .map(members)
    }
}
