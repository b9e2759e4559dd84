import Dockerfile
import SystemCalls
import Testing

@Suite struct RunTests {
    @Test func theShellRunsWhatIsNotJSON() throws {
        let text = "FROM x\nRUN a  b # c\nRUN [\"a\", \"$V\"]\nSHELL [\"/b\", \"-l\"]\nRUN c\nRUN [a]\n"
        let argv = try plan(text).operations.map(\.argv)
        #expect(argv == [["/bin/sh", "-c", "a  b # c"], ["a", "$V"], ["/b", "-l", "c"], ["/b", "-l", "[a]"]])
    }

    @Test func theBaseImagesShellFolderAndUserAreUsed() throws {
        let base = BaseImage(workingDirectory: "/w", user: "u", shell: ["/z"])
        let operation = try plan("FROM x\nRUN a\n", base: base).operations[0]
        #expect(operation.argv == ["/z", "a"])
        #expect(operation.workingDirectory == .known("/w"))
        #expect(operation.user == .known("u"))
    }

    @Test func heredocsBecomeTheScriptWhateverTheirDelimiter() throws {
        let one = try plan("FROM x\nRUN <<-A\n\ta $V\n\tA\n").operations[0]
        let other = try plan("FROM x\nRUN <<-'B'\n\ta $V\nB\n").operations[0]
        #expect(one.argv == ["/bin/sh", "-c", "a $V\n"])
        #expect(one.argv == other.argv)
        let piped = try plan("FROM x\nRUN cat <<A | sh\na\nA\n").operations[0]
        #expect(piped.argv == ["/bin/sh", "-c", "cat <<A | sh\na\nA"])
    }

    @Test func scriptsWithTheirOwnInterpreterAreFiles() throws {
        let operation = try plan("FROM x\nRUN <<S\n#!/usr/bin/python\np\nS\n").operations[0]
        #expect(operation.argv == ["/bin/sh", "-c", "/dev/pipes/S"])
        #expect(operation.mounts[0].options["data"] == .known("#!/usr/bin/python\np\n"))
        #expect(operation.mounts[0].origin == nil)
        let chomped = try plan("FROM x\nRUN <<-S\n\t#!/bin/sh\n\tp\n\tS\n").operations[0]
        #expect(chomped.mounts[0].options["data"] == .known("#!/bin/sh\np\n"))
    }

    @Test func mountsOfTheContextAreSources() throws {
        let text = "FROM x\nWORKDIR /w\nARG S=src\nRUN --mount=source=./$S/,target=m --mount=target=/n,rw a\n"
        let mounts = try plan(text).operations[1].mounts
        #expect(mounts.map(\.origin) == [.context, .context])
        #expect(mounts.map(\.source) == ["src", ""])
        #expect(mounts[0].options == ["type": .known("bind"), "source": .known("src"), "target": .known("/w/m")])
        #expect(mounts[1].options == ["type": .known("bind"), "target": .known("/n"), "rw": .known("true")])
    }

    @Test func cachesAreKnownByWhatTheImageSees() throws {
        let mounts = try plan(
            "FROM x\nRUN --mount=type=cache,id=i,sharing=locked,target=/c,mode=0700,uid=1 "
                + "--mount=type=cache,source=s,target=/d a\n"
        ).operations[0].mounts
        #expect(
            mounts[0].options == [
                "type": .known("cache"), "target": .known("/c"), "mode": .known("700"), "uid": .known("1"),
            ])
        #expect(mounts.map(\.origin) == [nil, .context])
    }

    @Test func secretsAreKnownByNameAndNeverByContent() throws {
        let mounts = try plan(
            "FROM x\nRUN --mount=type=secret,target=/run/secrets/t,required --mount=type=secret,id=i,env=E "
                + "--mount=type=ssh --mount=type=tmpfs,target=/t,size=2k a\n"
        ).operations[0].mounts
        #expect(mounts.allSatisfy { $0.origin == nil })
        #expect(
            mounts[0].options == [
                "type": .known("secret"), "id": .known("t"), "target": .known("/run/secrets/t"),
                "required": .known("true"),
            ])
        #expect(mounts[1].options == ["type": .known("secret"), "id": .known("i"), "env": .known("E")])
        #expect(mounts[2].options == ["type": .known("ssh")])
        #expect(mounts[3].options == ["type": .known("tmpfs"), "target": .known("/t"), "size": .known("2048")])
    }

    @Test(arguments: [
        "--mount=target=/", "--mount=type=tmpfs", "--mount=type=bind,uid=1,target=/m", "--mount=type=secret",
        "--mount=type=secret,id=a,source=b", "--mount=type=cache,sharing=no,target=/m", "--mount=what",
        "--mount=type=ssh,source=s",
        "--mount=target=/m,size=1", "--mount=type=tmpfs,target=/m,size=1x", "--mount=from=$A,target=/m",
        "--mount=target=/m,ro=maybe", "--mount=target=/m,\\\"x", "--network=wide", "--security=none",
    ])
    func faultsInFlagsAreErrors(flag: String) {
        #expect(refusal("FROM x\nRUN \(flag) a\n")?.line == 2)
    }

    @Test func networkSecurityAndDevicesCount() throws {
        let operation = try plan(
            """
            # syntax=docker/dockerfile:1-labs
            FROM x
            RUN --network=none --security=insecure --device=v.com/d=1,required a

            """
        ).operations[0]
        #expect(operation.network == "none")
        #expect(operation.security == "insecure")
        #expect(operation.devices == [["name": "v.com/d=1", "required": "true"]])
    }

    @Test func foldersAreMadeByTheUserInForce() throws {
        let plan = try plan("FROM x\nUSER u\nWORKDIR /\nWORKDIR a/../b\nWORKDIR \"\"\n")
        #expect(plan.operations.map(\.kind) == [.makeDirectory, .makeDirectory])
        #expect(plan.operations.map(\.destination) == [.known("/b"), .known("/b")])
        #expect(plan.operations[0].user == .known("u"))
        #expect(plan.configuration.workingDirectory == .known("/b"))
    }
}
