import Foundation
import SystemPackage

/// What a test needs of the machine; under REQUIRE_TOOLS=1 a missing tool fails the test instead of skipping it.
public enum Requirements {
    /// Whether all programs are on PATH, or must be.
    public static func tools(_ names: String...) -> Bool {
        if ProcessInfo.processInfo.environment["REQUIRE_TOOLS"] == "1" { return true }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return names.allSatisfy { Sandbox.find($0, in: path).isAbsolute }
    }

    /// The interpreter of the LFS servers' virtual environment (`ci/lfs-servers`); nil where it is not installed.
    public static var giftless: FilePath? {
        let variables = ProcessInfo.processInfo.environment
        let home = variables["HOME"] ?? ""
        let folder =
            variables["CACHE_IMAGE_LFS_SERVERS"]
            ?? (variables["XDG_CACHE_HOME"] ?? home + "/.cache") + "/cache-image-lfs-servers"
        let isReady = FileManager.default.fileExists(atPath: folder + "/ready")
        return isReady ? FilePath(folder + "/bin/python") : nil
    }

    /// Whether the LFS servers are installed, or must be.
    public static var hasGiftless: Bool {
        giftless != nil || ProcessInfo.processInfo.environment["REQUIRE_TOOLS"] == "1"
    }
}
