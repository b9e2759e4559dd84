import OCI
import Records
import Testing

@testable import Context
@testable import DockerfileRecipe

/// The value of a secret argument stands in no record and in no error, and counts in the key all the same.
@Suite struct SecretTests {
    static let value = "s3cr3tVALUE"
    /// Parts of the value that only a cut or a replacement leaves.
    static let traces = [value, "cr3tVALUE", "s3cr3t", "VALUE", "s3cr3tV", "3tV"]

    private static func inputs(_ project: Project, _ value: String = value) throws -> ImageInputs {
        try image(project, value).inputs
    }

    private static func image(_ project: Project, _ value: String = value) throws -> DockerfileImage {
        try project.image {
            $0.arguments = ["TOKEN": value, "PLAIN": "p"]
            $0.secretArguments = ["TOKEN"]
        }
    }

    static let lines = [
        "ADD https://h/$TOKEN /c", "ADD https://h/${TOKEN#s3} /c", "ADD https://h/x?t=$TOKEN /c",
        "ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://h/$TOKEN /c",
        "ADD https://$TOKEN@h/r.git#0123456789012345678901234567890123456789 /c",
        "ENV X=$TOKEN", "ENV X=${TOKEN#s3}", "ENV X=${TOKEN%V*} Y=a-${TOKEN:-b}", "ENV X=${TOKEN/s3cr/x}",
        "ENV X=${TOKEN//[3]/x}", "ENV X=$TOKEN\nENV Y=$X\nRUN y", "ENV X=${PLAIN:+$TOKEN}", "LABEL t=$TOKEN",
        "LABEL t=${TOKEN##s3cr}", "VOLUME /v/$TOKEN", "VOLUME /v/${TOKEN%LUE}/w", "USER $TOKEN", "WORKDIR /w/$TOKEN",
        "WORKDIR $TOKEN\nRUN pwd", "WORKDIR /w/$TOKEN\nWORKDIR sub\nCOPY a rel/", "COPY a /x/$TOKEN",
        "COPY --chown=$TOKEN a /x", "ADD --chmod=644 a /x/${TOKEN%E}", "RUN --mount=type=bind,target=/m/$TOKEN x",
        "RUN --mount=type=cache,target=/c,id=$TOKEN x", "RUN --mount=type=secret,id=$TOKEN x",
        "RUN --mount=type=secret,target=/run/$TOKEN,env=$TOKEN x", "RUN x", "COPY <<EOF /x\n$TOKEN\nEOF",
        "COPY <<EOF /x\na${TOKEN#s3cr3}b\nEOF", "ARG B=$TOKEN\nRUN y", "ARG B=x${TOKEN%E}\nLABEL b=$B",
        "STOPSIGNAL 9\nLABEL a=$TOKEN",
        "EXPOSE 80\nLABEL a=$TOKEN", "HEALTHCHECK CMD true\nENV A=$TOKEN", "COPY $TOKEN[a-c]* a /x/",
        "COPY $TOKEN/*/x a /x/",
        "FROM scratch\nARG TOKEN=other\nLABEL t=$TOKEN",
    ]

    static let wrongLines = [
        "COPY $TOKEN /x", "COPY sub/$TOKEN /x", "COPY ${TOKEN#s3} /x", "RUN --mount=source=$TOKEN,target=/x y",
        "EXPOSE $TOKEN", "EXPOSE 80-$TOKEN", "STOPSIGNAL $TOKEN",
        "COPY --chmod=$TOKEN a /x",
        "COPY --chmod=99${TOKEN#s3cr3} a /x", "ADD --checksum=$TOKEN https://h/a /x",
        "RUN --mount=type=$TOKEN,target=/x y",
        "RUN --mount=type=tmpfs,target=/x,size=$TOKEN y", "RUN --mount=type=cache,target=/x,mode=$TOKEN y",
        "RUN --mount=type=cache,target=/x,sharing=$TOKEN y", "RUN --mount=target=/x,readonly=$TOKEN y",
        "ENV X=${NONE:?$TOKEN}", "ENV $TOKEN=x", "LABEL $TOKEN=x", "LABEL a${TOKEN%LUE}=x", "ADD file:[$TOKEN /x",
        "FROM $TOKEN", "FROM h/a:${TOKEN#s3}", "COPY https://h/$TOKEN /x", "COPY [$TOKEN /x",
        "COPY a${TOKEN}b /x", "COPY ../$TOKEN /x", "COPY .git/$TOKEN /x",
    ]

    /// On an unlocked base image, many values are symbols.
    @Test(arguments: ["scratch", "other"]) func noRecordHoldsIt(base: String) async throws {
        try await Project.with(["a": "1"], git: false) { (project) async throws in
            for start in stride(from: 0, to: Self.lines.count, by: 8) {
                // Several in one file, since each value costs its scrypt.
                let lines = Self.lines[start..<min(start + 8, Self.lines.count)].joined(separator: "\n")
                await Task.yield()
                try project.write("Dockerfile", "FROM \(base)\nARG TOKEN\nARG PLAIN\n\(lines)\n")
                let inputs = try Self.inputs(project)
                let document = String(decoding: inputs.record.document, as: UTF8.self)
                let shown = document + inputs.warnings.joined() + inputs.marks.map(\.reason).joined()
                // It counts all the same.
                let other = try Self.inputs(project, "s3cr4tVALUf")
                #expect(other.key != inputs.key)
                let reasons = other.reasons(since: inputs.record, repository: nil)
                #expect(!reasons.isEmpty)
                let told = shown + reasons.map { $0.json.text + $0.description }.joined()
                for trace in Self.traces + ["s3cr4t", "VALUf"] {
                    #expect(!told.contains(trace), "\(lines): \(trace): \(told)")
                }
            }
        }
    }

    @Test func everyCloneHasTheSameKey() async throws {
        try await Project.with([:], dockerfile: "FROM scratch\nARG TOKEN\nLABEL a=$TOKEN\n", git: false) {
            (project) async throws in
            #expect(try Self.inputs(project).key == Self.inputs(project).key)
        }
    }

    @Test func noErrorHoldsIt() async throws {
        try await Project.with(["a": "1"], git: false) { (project) async throws in
            for line in Self.wrongLines {
                await Task.yield()
                try project.write("Dockerfile", "ARG TOKEN\nFROM scratch\nARG TOKEN\n\(line)\n")
                for value in [Self.value, String(repeating: Self.value, count: 400)] {
                    let error = try #require(inputsError { _ = try Self.inputs(project, value) }, "\(line)")
                    for trace in Self.traces where !line.contains(trace) {
                        #expect(!error.description.contains(trace), "\(line): \(error.description)")
                    }
                }
            }
        }
    }

    @Test func aNameThatWouldBeSecretIsRefusedInWords() async throws {
        try await Project.with([:], git: false) { (project) async throws in
            for (line, message) in [
                ("ENV $TOKEN=x", "cannot read Dockerfile:4: ENV cannot take the secret argument TOKEN in a name"),
                ("LABEL a$TOKEN=x", "cannot read Dockerfile:4: LABEL cannot take the secret argument TOKEN in a name"),
                (
                    "FROM $TOKEN",
                    "cannot read Dockerfile:4: FROM cannot take the secret argument TOKEN: "
                        + "the name of a base image stands in the record and in the lock"
                ),
            ] {
                try project.write("Dockerfile", "ARG TOKEN\nFROM scratch\nARG TOKEN\n\(line)\n")
                #expect(inputsError { _ = try Self.inputs(project) }?.description == message)
            }
        }
    }

    @Test func aValueOfACommittedFileCountsAsItStandsAndIsNotShown() async throws {
        let dockerfile = "FROM scratch\nARG DB_PASSWORD=default-word\nENV DB_PASSWORD=$DB_PASSWORD\nRUN x\n"
        try await Project.with([:], dockerfile: dockerfile, git: false) { (project) async throws in
            let own = try project.inputs()
            let same = try project.inputs { $0.arguments = ["DB_PASSWORD": "default-word"] }
            #expect(own.key == same.key)
            let config = own.record.config.text + own.record.arguments.map(\.json.text).joined()
            #expect(config.contains("sha256") && !config.contains("scrypt") && !config.contains("default-word"))
        }
    }

    @Test func anArgumentIsSecretWhereTheRequestSaysSo() async throws {
        try await Project.with([:], dockerfile: "FROM scratch\nARG DEPLOY\nLABEL a=$DEPLOY\n") {
            (project) async throws in
            let inputs = try project.inputs {
                $0.arguments = ["DEPLOY": "s3cr3tVALUE"]
                $0.secretArguments = ["DEPLOY"]
            }
            #expect(!String(decoding: inputs.record.document, as: UTF8.self).contains("s3cr3tVALUE"))
            #expect(inputs.record.arguments.first?.isSecret == true)
            // Nobody who knows the key and the record can check a guess without the scrypt.
            let hash = try #require(inputs.record.arguments.first?.json["scrypt"]?.string)
            #expect(inputs.record.config["Labels"]?["a"]?["scrypt"]?.string == hash)
            let name = try ImageName("other:latest")
            let other = try project.inputs {
                $0.image = name
                $0.arguments = ["DEPLOY": "s3cr3tVALUE"]
                $0.secretArguments = ["DEPLOY"]
            }
            #expect(other.record.arguments.first?.json["scrypt"]?.string != hash)
        }
    }

    @Test func opaqueModeHidesIt() async throws {
        try await Project.with(["a": "1"], dockerfile: "# syntax=example.com/other\nFROM x\nARG TOKEN\nRUN s3\n") {
            (project) async throws in
            let inputs = try Self.inputs(project)
            #expect(inputs.record.isOpaque)
            #expect(!String(decoding: inputs.record.document, as: UTF8.self).contains(Self.value))
            #expect(try Self.inputs(project, "other-value").key != inputs.key)
        }
    }

    @Test func theCheckOfABuiltImageShowsNoValue() async throws {
        let dockerfile = "FROM scratch\nARG TOKEN\nENV A=$TOKEN\nLABEL b=x$TOKEN\nVOLUME /v/$TOKEN\nUSER $TOKEN\n"
        try await Project.with([:], dockerfile: dockerfile, git: false) { (project) async throws in
            let differences = try Self.image(project).differences(from: .init())
            #expect(differences.count == 4)
            #expect(!differences.joined().contains("s3cr3t"))
        }
    }
}
