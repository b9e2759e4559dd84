import OCI
import Testing

@Suite struct ImageConfigTests {
    private func config(_ runtime: String, more: String = "", layers: String = "") throws -> ImageConfig {
        let text = """
            {"architecture":"amd64","os":"linux"\(more),"config":\(runtime),"rootfs":{"type":"layers","diff_ids":[\(layers)]}}
            """
        return try ImageConfig(bytes: Array(text.utf8))
    }

    @Test func allFieldsAreRead() throws {
        let config = try config(
            """
            {"Env":["A=1","B=x=y"],"Cmd":["sh"],"Entrypoint":["e"],"User":"u","WorkingDir":"/w","Labels":{"l":"v"},
            "ExposedPorts":{"80/tcp":{},"443/tcp":{}},"Volumes":{"/v":{}},"StopSignal":"SIGINT","Shell":["/bin/sh","-c"],
            "OnBuild":["RUN x"],"Healthcheck":{"Test":["CMD","true"],"Interval":5}}
            """, more: #","author":"me""#, layers: "\"sha256:\(String(repeating: "0", count: 64))\"")
        let runtime = config.runtime
        #expect(runtime.environment == ["A": "1", "B": "x=y"])
        #expect(runtime.cmd == ["sh"] && runtime.entrypoint == ["e"])
        #expect(runtime.user == "u" && runtime.workingDirectory == "/w" && runtime.author == "me")
        #expect(runtime.labels == ["l": "v"] && runtime.exposedPorts == ["443/tcp", "80/tcp"])
        #expect(runtime.volumes == ["/v"] && runtime.stopSignal == "SIGINT" && runtime.shell == ["/bin/sh", "-c"])
        #expect(runtime.onBuild == ["RUN x"] && runtime.healthcheck?["Interval"]?.integer == 5)
        #expect(config.diffIDs.count == 1 && config.platform == .linuxAMD64)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"rootfs\":{\"diff_ids\":[\"x\"]}}", "{\"rootfs\":{\"type\":\"zfs\"}}", "nonsense",
    ])
    func aBadConfigIsRefused(text: String) {
        #expect(throws: OCIError.self) { try ImageConfig(bytes: Array(text.utf8)) }
    }

    @Test func theContentIDIgnoresTimesHistoryAndBuilder() throws {
        let first = try config(#"{"Env":["A=1","B=2"],"Cmd":["x"]}"#, more: #","created":"2020-01-01T00:00:00Z""#)
        let second = try config(
            #"{"Env":["B=2","A=1"],"Cmd":["x"],"Labels":{"io.buildah.version":"1"},"WorkingDir":"/","Entrypoint":[]}"#,
            more: #","created":"2024-01-01T00:00:00Z","history":[]"#)
        #expect(first.contentID == second.contentID)
        #expect(first.digest != second.digest)
        #expect(first.contentID.hexadecimal == "1fa94673f2f9cb20b7db0f37cf0bca5b9b7d53d46c35a9fdf4ac1499a3d4f6d7")
    }

    @Test(arguments: [
        #"{"Env":["A=2"],"Cmd":["x"]}"#, #"{"Env":["A=1"],"Cmd":["y"]}"#, #"{"Env":["A=1"],"Entrypoint":["x"]}"#,
        #"{"Env":["A=1"],"Cmd":["x"],"User":"u"}"#, #"{"Env":["A=1"],"Cmd":["x"],"Healthcheck":{"Test":["NONE"]}}"#,
        #"{"Env":["A=1"],"Cmd":["x"],"Labels":{"a":""}}"#, #"{"Env":["A=1"],"Cmd":["x"],"WorkingDir":"/a"}"#,
    ])
    func theContentIDSeesEveryField(runtime: String) throws {
        #expect(try config(#"{"Env":["A=1"],"Cmd":["x"]}"#).contentID != config(runtime).contentID)
    }
}
