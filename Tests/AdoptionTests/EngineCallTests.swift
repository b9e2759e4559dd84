import SystemCalls
import TestSupport
import Testing

@testable import Adoption

/// What is read of shell scripts: words, variables, and calls of engines.
@Suite struct EngineCallTests {
    private func calls(_ script: String, _ path: RelativePath = "scripts/run.sh") -> [EngineCall] {
        let folder = [ShellExpansion.scriptFolder: path.parent?.folderText ?? "."]
        return ShellReader(script, variables: folder).lines.compactMap { EngineCall($0, in: path) }
    }

    @Test(
        arguments: [
            ("a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]), ("X=1; echo $X ${X}", ["echo", "1", "1"]),
            ("echo ${Y:-z} # comment", ["echo", "z"]), ("if ! echo a; then", ["echo", "a"]),
            ("echo a >file", ["echo", "a"]), ("A=1 B=2 exec echo \"$@\"", ["echo", "$@"]),
            ("local v=x\necho $v", ["echo", "x"]), ("echo a \\\n  b", ["echo", "a", "b"]),
        ] as [(String, [String])])
    func aLineIsSplit(text: String, words: [String]) {
        #expect(ShellReader(text).lines.last?.texts == words)
    }

    @Test(
        arguments: [
            ("ROOT=$(cd \"$(dirname \"$0\")/..\" && pwd)", "."),
            ("ROOT=$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" && pwd -P)", "scripts"),
            ("ROOT=$(git rev-parse --show-toplevel)", "."), ("ROOT=`pwd`", "."), ("ROOT=$PWD/sub", "./sub"),
        ])
    func theProjectsFolderIsKnown(line: String, folder: String) {
        let reader = ShellReader("\(line)\necho $ROOT", variables: [ShellExpansion.scriptFolder: "scripts"])
        #expect(reader.lines.last?.texts == ["echo", folder])
    }

    @Test func aBuildIsRead() throws {
        let found = calls(
            """
            IMAGE=team/app TAG=1.0
            ROOT=$(cd "$(dirname "$0")/.." && pwd)
            if ! DOCKER_BUILDKIT=1 sudo docker build -t "$IMAGE:$TAG" --target test -f "$ROOT/docker/Dockerfile" \\
                --build-arg A=1 --build-arg B=$UNKNOWN --build-arg USER_ID=$(id -u) "$ROOT"; then exit 1; fi
            $ENGINE build .  -t x
            podman buildx build https://example.com/x.git
            docker save -o a.tar x
            echo docker build .

            """)
        #expect(found.map(\.verb) == [.build, .build, .build, .save])
        let build = try #require(found[0].build)
        #expect(build.name == "team/app:1.0" && build.target == "test" && build.dockerfile == "docker/Dockerfile")
        #expect(build.context == "" && build.arguments == ["A": "1", "B": nil, "USER_ID": nil])
        #expect(build.ofCaller == ["USER_ID"])
        #expect(found[0].line == 4 || found[0].line == 3)
        #expect(found[1].build?.name == "x" && found[2].build == nil)
    }

    @Test func aRunIsRead() throws {
        let found = calls(
            """
            docker run --rm -it -v "$PWD:/work:ro" -v /var/run/docker.sock:/s -w /work -e A=1 -e B -e API_TOKEN=x \\
                -u "$(id -u):$(id -g)" --network host --entrypoint sh app:1 -c 'make test' "$@"
            docker compose run --rm tests pytest -q
            docker run -d app:1 serve
            docker run app:1 $COMMAND

            """)
        let runs = found.map(\.run)
        let run = try #require(runs[0])
        #expect(run.image == "app:1" && run.command == ["-c", "make test"] && run.entrypoint == "sh")
        #expect(run.mounts == [".:/work:ro"] && run.workingFolder == "/work" && run.isAsCaller)
        #expect(run.environment == ["A": "1"] && run.passedEnvironment == ["B"])
        #expect(run.leftOut == ["-v /var/run/docker.sock:/s", "-e API_TOKEN", "--network host"])
        #expect(found[1].service == "tests" && runs[1]?.command == ["pytest", "-q"])
        #expect(runs[2] == nil && runs[3] == nil)
    }
}
