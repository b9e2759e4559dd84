import Patterns

extension Command.RunCommand {
    /// Checks RUN; the options of mounts are checked when they are expanded.
    init(_ instruction: Instruction) throws(DockerfileError) {
        let flags = try FlagSet(
            instruction.flags, ["mount": .values, "network": .value, "security": .value, "device": .values])
        var mounts: [[String]] = []
        for text in flags.all("mount") {
            guard let fields = CommaSeparated.fields(text) else {
                throw DockerfileError("failed to parse csv mounts")
            }
            for field in fields where GoText.lowercased(field).hasPrefix("from=") && field.dropFirst(5).contains("$") {
                throw DockerfileError("'from' doesn't support variable expansion, define alias stage instead")
            }
            mounts.append(fields)
        }
        self.mounts = mounts
        network = flags["network"].isEmpty ? "default" : flags["network"]
        let networks = ["default", "none", "host"]
        guard networks.contains(network) else {
            throw DockerfileError.unknown(
                "invalid network mode \(Quoted.string(network))", network, among: networks,
                isPlausible: Misspelling.isFlag(network))
        }
        security = flags["security"].isEmpty ? "sandbox" : flags["security"]
        let securities = ["sandbox", "insecure"]
        guard securities.contains(security) else {
            throw DockerfileError.unknown(
                "security \(Quoted.string(security)) is not valid", security, among: securities,
                isPlausible: Misspelling.isFlag(security))
        }
        var devices: [[String: String]] = []
        for text in flags.all("device") { devices.append(try Self.device(text)) }
        self.devices = devices
        line = Command.CommandLine(arguments: instruction.arguments, usesShell: !instruction.isJSON)
        heredocs = instruction.heredocs
    }

    private static func device(_ text: String) throws(DockerfileError) -> [String: String] {
        guard let fields = CommaSeparated.fields(text) else { throw DockerfileError("failed to parse csv devices") }
        var device: [String: String] = [:]
        for field in fields {
            let (name, value) = CommaSeparated.option(field)
            switch (name, value) {
            case ("required", let value):
                guard let isRequired = CommaSeparated.bool(value ?? "true") else {
                    throw DockerfileError("invalid value for required: \(value ?? "")")
                }
                device["required"] = isRequired ? "true" : nil
            case ("name", let value?) where device["name"] == nil: device["name"] = value
            case _ where device["name"] == nil: device["name"] = field
            default:
                throw DockerfileError.unknown(
                    "unexpected key '\(name)' in '\(field)'", name, among: ["name", "required"],
                    isPlausible: Misspelling.isFlag(name))
            }
        }
        return device
    }

    /// The script or command that runs, before the shell is put in front of it, and a file that it needs.
    func script() -> (arguments: [String], file: Instruction.Heredoc?) {
        guard let first = heredocs.first, line.usesShell, let text = line.arguments.first else {
            return (line.arguments, nil)
        }
        guard let heredoc = try? Heredocs.heredoc(text) else {
            // The shell reads the heredocs itself.
            return ([heredocs.reduce(text) { $0 + "\n" + $1.content + $1.name }], nil)
        }
        var file = first
        if heredoc.chomps { file.content = Heredocs.chomped(file.content) }
        if file.content.hasPrefix("#!") { return (["/dev/pipes/\(file.name)"], file) }
        return ([file.content], nil)
    }
}
