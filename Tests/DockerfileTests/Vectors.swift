import Foundation
import JSON
import TestSupport
import Testing

/// The shared test vectors.
enum Vectors {
    /// Whether they are there.
    static var arePresent: Bool { Requirements.vectors != nil }

    /// The rows of one list.
    static func rows(_ file: String, _ list: String) throws -> [JSONValue] {
        let path = try #require(Requirements.vectors).appending(file).string
        let document = try JSONValue(parsing: Data(contentsOf: URL(fileURLWithPath: path)))
        return try #require(document[list]?.array)
    }
}

extension JSONValue {
    /// The strings of an array.
    var strings: [String] { array?.compactMap(\.string) ?? [] }

    /// The string members of an object.
    var stringMap: [String: String] {
        Dictionary(uniqueKeysWithValues: (members ?? []).map { ($0.name, $0.value.string ?? "") })
    }
}
