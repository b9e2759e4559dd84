import Foundation
import JSON
import Testing

/// A row of the pointers in `Tests/Vectors/lfs.json`: bytes, and what git-lfs made of them.
public struct PointerVector: Sendable, CustomTestStringConvertible {
    /// The row's name.
    public let id: String
    /// The bytes.
    public let bytes: [UInt8]
    /// `canonical`, `valid-not-canonical` or `not-a-pointer`.
    public let verdict: String
    /// What `git lfs clean` gives: `object`, `same` ….
    public let clean: String
    /// What `git lfs smudge` gives.
    public let smudge: String
    /// The exit status of `git lfs smudge`.
    public let smudgeStatus: Int64
    /// What `git lfs smudge --skip` gives.
    public let skip: String
    /// The row's name.
    public var testDescription: String { id }

    /// All rows.
    public static func all() throws -> [PointerVector] {
        try Vectors.rows("lfs.json", "pointers").map { row in
            let observed = try #require(row["observed_git_lfs_3_3_0"])
            return PointerVector(
                id: try text(row, "id"), bytes: try base64(row, "bytes_b64"), verdict: try text(row, "verdict"),
                clean: try text(observed, "clean_output"), smudge: try text(observed, "smudge_output"),
                smudgeStatus: try #require(observed["smudge_exit"]?.integer),
                skip: try text(observed, "smudge_skip_output"))
        }
    }

    /// The content of the object that some of the pointers name.
    public static func object() throws -> [UInt8] {
        try base64(try #require(Vectors.document("lfs.json")["store_object"]), "content_b64")
    }

    private static func text(_ row: JSONValue, _ name: String) throws -> String {
        try #require(row[name]?.string, "a row of lfs.json has no \(name)")
    }

    private static func base64(_ row: JSONValue, _ name: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: text(row, name))))
    }
}
