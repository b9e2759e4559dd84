import Foundation
import JSON
import Testing

/// The test vectors of this repository, `Tests/Vectors/*.json`; each file says where its values come from.
///
/// A file or list that is missing or damaged fails the test that asks for it.
public enum Vectors {
    /// A whole file.
    public static func document(_ file: String) throws -> JSONValue {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try JSONValue(parsing: Data(contentsOf: folder.appendingPathComponent("Vectors/\(file)")))
    }

    /// The rows of one list, which is never empty.
    public static func rows(_ file: String, _ list: String) throws -> [JSONValue] {
        let rows = try #require(document(file)[list]?.array, "\(file) has no list \(list)")
        try #require(!rows.isEmpty, "the list \(list) of \(file) is empty")
        return rows
    }
}
