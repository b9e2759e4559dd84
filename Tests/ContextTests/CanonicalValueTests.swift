import JSON
import Records
import Testing

@testable import Context

@Suite struct CanonicalValueTests {
    @Test(arguments: [
        (CanonicalValue.text("abc"), "3:abc,"), (.text(""), "0:,"), (.number(42), "2:42,"), (.none, "~"),
        (.bool(true), "t"), (.bool(false), "f"), (.list([]), "()"), (.list([.text("a"), .none]), "(1:a,~)"),
        (.map(["b": .text("2"), "a": .text("1")]), "((1:a,1:1,)(1:b,1:2,))"),
        (.atom([0xFF, 0x00]), "2:\u{FFFD}\0,"),
    ])
    func hasOneEncoding(value: CanonicalValue, text: String) {
        #expect(String(decoding: value.encoded, as: UTF8.self) == text)
    }

    @Test func sortsMapsByTheBytesOfTheirKeys() {
        let value = CanonicalValue.map(["é": .none, "z": .none, "Z": .none, "zz": .none])
        #expect(String(decoding: value.encoded, as: UTF8.self) == "((1:Z,~)(1:z,~)(2:zz,~)(2:é,~))")
    }

    @Test func givesDifferentValuesDifferentBytes() {
        let values: [CanonicalValue] = [
            .text("ab"), .list([.text("a"), .text("b")]), .list([.text("ab")]), .map(["a": .text("b")]), .none,
            .text("~"), .bool(true), .text("t"), .list([.list([])]), .list([]), .list([.none]), .text(""),
        ]
        #expect(Set(values.map(\.encoded)).count == values.count)
    }

    @Test func pinsTheDigestOfATree() throws {
        let table = FileTable([
            FileRecord(path: "b", content: .link(Array("../x".utf8))),
            FileRecord(path: "a", content: .file(.init(of: []), size: 0, isExecutable: false)),
            FileRecord(path: "c", content: .file(.init(of: []), size: 0, isExecutable: true)),
        ])
        let tree = TreeHasher.digest(table, [0, 1, 2], FileTable(), [], withoutMode: false)
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let text = "((1:a,1:f,3:644,64:\(empty),)(1:b,1:l,~4:../x,)(1:c,1:f,3:755,64:\(empty),))"
        #expect(tree.digest == .init(of: text.utf8))
        #expect(tree.count == 3)
        let bare = TreeHasher.digest(table, [0], FileTable(), [], withoutMode: true)
        #expect(bare.digest == .init(of: "((1:a,1:f,1:-,64:\(empty),))".utf8))
    }
}
