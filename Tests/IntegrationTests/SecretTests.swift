import Foundation
import TestSupport
import Testing

/// Secret arguments and variables: who can see their values.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct SecretTests {
    /// Writes a podman that keeps the words it is called with, and gives the PATH that finds it first.
    private static func listeningEngine(_ project: Project) async throws -> String {
        let path = try await project.sandbox.run("sh", ["-c", "command -v podman; printf %s \"$PATH\""]).check().lines
        try project.sandbox.write(
            "bin/podman",
            "#!/bin/sh\nprintf '%s\\n' \"$*\" >>\(project.sandbox.path("words").string)\nexec \(path[0]) \"$@\"\n",
            permissions: 0o755)
        return project.sandbox.path("bin").string + ":" + path[1]
    }

    @Test func noEngineIsCalledWithTheirValues() async throws {
        try await Project.with { (project) async throws in
            try project.write(
                "Dockerfile",
                """
                FROM scratch
                COPY busybox /bin/busybox
                RUN ["/bin/busybox", "--install", "-s", "/bin"]
                ARG TOKEN
                ARG PLAIN
                RUN --mount=type=secret,id=npm --mount=type=secret,id=key \\
                    echo $PLAIN >/plain && wc -c </run/secrets/npm >/npm && cat /run/secrets/key >/key && echo "$TOKEN"

                """)
            try project.write("key file", "the key\n")
            try project.write(
                "cache-image.yml",
                """
                engine: podman
                images: {demo: {secrets: [{id: npm, env: NPM}, {id: key, file: key file}]}}
                tests:
                  levels:
                    unit: {command: [sh, -c, 'cat /plain /npm /key; echo "$CI_TOKEN"'], passEnv: [CI_TOKEN, NONE], network: none}

                """)
            try await project.commit("Secrets")
            let path = try await Self.listeningEngine(project)
            let environment = [
                "PATH": path, "TOKEN": "s3cr3t-argument", "NPM": "s3cr3t-mount", "CI_TOKEN": "s3cr3t-level",
                "CACHE_IMAGE_TRUST": "1",
            ]
            let arguments = ["update", "--build-arg", "TOKEN", "--build-arg", "PLAIN=plain"]
            func update(_ more: String...) async throws -> CommandResult {
                try await project.sandbox.run(
                    "cache-image", arguments + more, in: project.folder,
                    environment: try project.storeVariables("a").merging(environment) { $1 })
            }
            // The history of a step holds the values of the arguments that it saw.
            let refused = try await update("-v")
            #expect(refused.status == 1)
            #expect(refused.error.contains("its history holds the value of the secret argument TOKEN"))
            #expect(!project.exists("docker-cache/demo-latest.inputs.json"))
            #expect(!refused.error.contains("s3cr3t"))
            let allowed = try await update("--allow-secret-in-image").check()
            #expect(allowed.error.contains("warning: the history of demo:latest holds the value"))
            let log = try project.sandbox.text("project/.git/cache-image/demo-latest.log")
            #expect(!log.contains("s3cr3t"))
            #expect(!(try project.sandbox.text("project/docker-cache/demo-latest.inputs.json")).contains("s3cr3t"))

            // The level's own image is that of the environment without arguments.
            let levels = try await project.runTests("unit", environment: environment.mapValues { $0 }).check()
            #expect(levels.output == "\n12\nthe key\ns3cr3t-level\n")
            let words = try project.sandbox.text("words")
            #expect(words.contains("--build-arg TOKEN") && words.contains("--env CI_TOKEN") && !words.contains("NONE"))
            #expect(!words.contains("s3cr3t"))
        }
    }

    @Test func noCommandThatReadsShowsTheValueOfASecretArgument() async throws {
        try await Project.with { (project) async throws in
            try project.write("Dockerfile", "FROM scratch\nARG DEPLOY_ID\nARG A_TOKEN\nLABEL d=$DEPLOY_ID t=$A_TOKEN\n")
            try project.write(
                "cache-image.yml",
                "images: {demo: {secretArgs: [DEPLOY_ID], args: {DEPLOY_ID: , A_TOKEN: , PLAIN: }}}\n")
            try await project.commit("Secrets")
            let values = ["DEPLOY_ID": "s3cr3t-id", "A_TOKEN": "s3cr3t-token", "PLAIN": "in the open"]
            for words in [
                ["explain"], ["explain", "--json"], ["status", "-vv"], ["inputs"], ["inputs", "--json"],
                ["config", "show"], ["info"], ["trust", "--list"],
            ] {
                let result = try await project.sandbox.run(
                    "cache-image", words, in: project.folder,
                    environment: try project.storeVariables("a").merging(values) { $1 })
                #expect(!(result.output + result.error).contains("s3cr3t"), "\(words): \(result)")
                if words == ["explain"] { #expect(result.error.contains("PLAIN is the caller's: in the open")) }
            }
        }
    }

    @Test func theOldEntryStandsWhereTheNewImageIsRefused() async throws {
        try await Project.with { (project) async throws in
            try project.write("Dockerfile", "FROM scratch\nCOPY requirements.txt /\nARG TOKEN=none\nLABEL t=x$TOKEN\n")
            try project.write("cache-image.yml", "engine: podman\nimages: {demo: {}}\n")
            try await project.commit("Label")
            try await project.cacheImage("update").check()
            let before = try project.sandbox.text("project/docker-cache/demo-latest.md5")
            let status = try await project.gitStatus()
            for command in [["build"], ["update"]] {
                let refused = try await project.cacheImage(
                    command[0], "--build-arg", "TOKEN=s3cr3t-argument")
                #expect(refused.status == 1 && refused.error.contains("its config holds the value"), "\(refused.error)")
            }
            #expect(try project.sandbox.text("project/docker-cache/demo-latest.md5") == before)
            #expect(try await project.gitStatus() == status)
            // A short one stands anywhere by chance.
            let short = try await project.cacheImage("update", "--build-arg", "TOKEN=short").check()
            #expect(short.error.contains("was not searched for the secret argument TOKEN"))
        }
    }
}
