import Foundation
import Glibc
import JSON
import SystemPackage
import TestSupport
import Testing

/// podman without root, as most users have it: everything is in a user namespace, with a store in HOME.
///
/// Root runs these as a user who exists in a mount namespace only, with numbers of its own for `newuidmap`.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: geteuid() == 0 && Requirements.tools("podman", "git", "busybox", "unshare", "setpriv", "newuidmap")))
struct RootlessTests {
    private static let configuration = """
        engine: podman
        images:
          demo: {target: test}
        tests:
          levels:
            unit:
              command: [sh, -c, "cat src/main.txt; id -u; echo x >/data/root"]
              mounts: [./data:/data]
            host:
              command: [sh, -c, "id -u; echo x >/data/host"]
              mounts: [./data:/data]
              user: host

        """

    /// Runs lines of a shell as the user; the current folder is the project.
    private static func shell(_ project: Project, _ lines: String) async throws -> CommandResult {
        let root = project.sandbox.root
        // The pause process of podman ends with the namespace of processes.
        let script = """
            user=64321
            for file in passwd group subuid subgid; do cp /etc/$file \(root)/etc-$file; done
            echo "roamer:x:$user:$user::\(root)/home:/bin/sh" >>\(root)/etc-passwd
            echo "roamer:x:$user:" >>\(root)/etc-group
            echo "roamer:700000:65536" | tee -a \(root)/etc-subuid >>\(root)/etc-subgid
            for file in passwd group subuid subgid; do mount --bind \(root)/etc-$file /etc/$file; done
            mkdir -p \(root)/run
            chown $user:$user \(root) \(root)/run \(root)/home \(root)/own
            chmod 700 \(root)/run
            [ "$(stat -c %u \(root)/project)" = $user ] || chown -R $user:$user \(root)/project \(root)/home
            exec setpriv --reuid $user --regid $user --init-groups sh -ec "$1"
            """
        let path = (project.sandbox.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
        return try await project.sandbox.run(
            "unshare", ["-m", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-ec", script, "sh", lines],
            in: project.folder,
            environment: [
                "PATH": root.string + "/own:" + path, "XDG_RUNTIME_DIR": root.string + "/run", "USER": "roamer",
                "XDG_STATE_HOME": root.string + "/home/.local/state",
            ])
    }

    private static func with(_ body: (Project) async throws -> Void) async throws {
        try await Project.with { project in
            // The folder of the build may be closed to others.
            for program in ["cache-image", "run-tests"] {
                let target = project.sandbox.path("own/\(program)")
                try FileManager.default.createDirectory(
                    atPath: project.sandbox.path("own").string, withIntermediateDirectories: true)
                try FileManager.default.copyItem(
                    atPath: Sandbox.products.appending(program).string, toPath: target.string)
            }
            let podman = Sandbox.find("podman", in: project.sandbox.environment["PATH"] ?? "").string
            try project.sandbox.write(
                "own/podman", "#!/bin/sh\necho \"$*\" >>\(project.sandbox.root)/home/calls\nexec \(podman) \"$@\"\n",
                permissions: 0o755)
            try project.write("cache-image.yml", configuration)
            try project.write("data/file", "content\n")
            try project.write(".gitignore", "data\n")
            try await body(project)
        }
    }

    @Test(.tags(.engine, .slow)) func aUserBuildsSharesLoadsAndRuns() async throws {
        try await Self.with { project in
            let built = try await Self.shell(project, "cache-image update && git add -A && git commit -qm one").check()
            #expect(built.output.contains("built demo:latest"), "\(built)")

            // Nothing to do: the store is read, and podman is not asked.
            let again = try await Self.shell(project, "rm ~/calls; cache-image update; ! cat ~/calls 2>/dev/null")
                .check()
            #expect(again.output.hasPrefix("current demo:latest"), "\(again)")

            // Files in a mount are the user's, whether the command runs as root of the container or as the user.
            let unit = try await Self.shell(project, "run-tests unit && stat -c %U data/root").check()
            #expect(unit.output == "hello\n0\nroamer\n", "\(unit)")
            let host = try await Self.shell(project, "run-tests host && stat -c %U data/host").check()
            #expect(host.output == "64321\nroamer\n", "\(host)")

            // Only the layers that the store lacks are given to it.
            let thin = try await Self.shell(
                project,
                """
                echo changed >src/main.txt
                cache-image update >/dev/null
                podman rmi localhost/demo:latest >/dev/null
                cache-image load --json
                stat -c %s docker-cache/demo-latest.tar
                git add -A && git commit -qm two
                """
            ).check()
            let lines = thin.lines
            let document = try JSONValue(parsing: Array((lines.first ?? "").utf8))
            let sent = document.array?.first?["bytesSent"]?.integer ?? .max
            #expect(sent > 0 && sent < (Int64(lines.last ?? "") ?? 0) / 2, "\(thin)")

            let clone = try await Self.shell(
                project,
                """
                git clone -q . ../clone && cd ../clone && mkdir data
                podman rmi -f localhost/demo:latest >/dev/null
                run-tests --frozen unit
                """
            ).check()
            #expect(clone.output.hasPrefix("changed\n0\n"), "\(clone)")
        }
    }

    @Test(.tags(.engine, .slow)) func theDoctorSeesAUserWithoutRoot() async throws {
        try await Self.with { project in
            let doctor = try await Self.shell(project, "cache-image doctor || true").check()
            #expect(doctor.output.contains("ok engine: podman"), "\(doctor)")
            #expect(doctor.output.contains("containers: runs: "), "\(doctor)")
            let owners = try await Self.shell(project, "true").check()
            #expect(owners.output == "")
            // What root left is named with the command that gives it back.
            try await project.sandbox.run("chown", ["-R", "0:0", project.path(".git/objects").string]).check()
            let left = try await Self.shell(project, "cache-image doctor || true")
            #expect(left.output.contains("problem permissions: \(project.path(".git/objects")) belongs to user 0"))
            #expect(left.output.contains("fix: sudo chown -R 64321:64321 "))
        }
    }
}
