import Foundation
import JSON
import TestSupport
import Testing

/// A row of the pointers in `Tests/Vectors/lfs.json`: bytes, and what git-lfs made of them.
struct PointerVector: Sendable, CustomTestStringConvertible {
    let id: String
    let bytes: [UInt8]
    let verdict: String
    let clean: String
    let smudge: String
    let smudgeStatus: Int64
    let skip: String
    var testDescription: String { id }

    /// All rows.
    static func all() throws -> [PointerVector] {
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
    static func object() throws -> [UInt8] {
        try base64(try #require(Vectors.document("lfs.json")["store_object"]), "content_b64")
    }

    private static func text(_ row: JSONValue, _ name: String) throws -> String {
        try #require(row[name]?.string, "a row of lfs.json has no \(name)")
    }

    private static func base64(_ row: JSONValue, _ name: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: text(row, name))))
    }
}
