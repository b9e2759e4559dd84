import Git
import LFS
import SystemCalls
import SystemPackage

/// The four hooks of git-lfs 3.3.0, for the repositories of those who call this program `git-lfs`.
///
/// Their text is git-lfs's, byte for byte: it knows its hooks by it, and renews no others.
struct GitLFSHooks {
    static let names = ["pre-push", "post-checkout", "post-commit", "post-merge"]

    private let repository: Repository
    private let folder: FilePath

    init(_ repository: Repository) throws {
        self.repository = repository
        folder = try PrePushHook(repository, program: "").folder()
    }

    /// A hook's text.
    static func text(_ name: String) -> String {
        """
        #!/bin/sh
        command -v git-lfs >/dev/null 2>&1 || { echo >&2 "\\nThis repository is configured for Git LFS but 'git-lfs' \
        was not found on your path. If you no longer wish to use Git LFS, remove this hook by deleting \
        '.git/hooks/\(name)'.\\n"; exit 2; }
        git lfs \(name) "$@"

        """
    }

    /// What keeps the hooks from being installed: somebody else's hook, and its text.
    struct Foreign: Hashable {
        let name: String
        let text: String
    }

    /// Writes the hooks that are missing or have an older form of git-lfs or of this program; all of them with `force`.
    func install(force: Bool) throws -> Foreign? {
        for name in Self.names {
            let path = folder.appending(name)
            let present = try PrePushHook.text(at: path) ?? ""
            if present == Self.text(name) { continue }
            let isBlank = present.allSatisfy(\.isWhitespace)
            guard force || isBlank || PrePushHook.isKnown(present, hook: name) else {
                return Foreign(name: name, text: present)
            }
            try Files.createDirectories(folder)
            try Files.replace(path, with: Array(Self.text(name).utf8), permissions: 0o777)
        }
        return nil
    }

    /// Removes the hooks that are git-lfs's or this program's, up to the first that is somebody else's, which is given back.
    func uninstall() throws -> Foreign? {
        for name in Self.names {
            let path = folder.appending(name)
            guard let text = try PrePushHook.text(at: path) else { continue }
            guard PrePushHook.isKnown(text, hook: name) else { return Foreign(name: name, text: text) }
            try Files.remove(path)
        }
        return nil
    }

    /// What is to be added by hand (`update --manual`).
    func manual() -> [String] {
        let place = folder.lastComponent?.string == "hooks" ? ".git/hooks" : folder.string
        return Self.names.enumerated().flatMap { number, name in
            (number == 0 ? [] : [""]) + ["Add the following to '\(place)/\(name)':", ""]
                + Self.text(name).split(separator: "\n").map { "\t" + $0 }
        }
    }
}
