import Git

/// What a stream begins with: a pointer, or the bytes that were read to see that it is none.
package struct PointerHead {
    /// The bytes that were read.
    package let bytes: [UInt8]
    /// The pointer; nil for anything else.
    package let pointer: Pointer?

    /// How much white space after a pointer is looked at.
    private static let paddingLimit = 64 << 10

    /// Reads as much as tells.
    ///
    /// A pointer that is padded with white space to the size of content is one here, as with git-lfs, which looks at the
    /// first bytes only; Git's own side holds it for content (`clean`).
    package init(_ source: ByteSource) throws {
        let head = try ByteStream.head(source, Pointer.maximumLength)
        if head.count < Pointer.maximumLength {
            bytes = head
            pointer = Pointer(parsing: head)
            return
        }
        let isSpace = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
        guard isSpace(head[head.count - 1]), let found = Pointer(parsing: head.dropLast()) else {
            bytes = head
            pointer = nil
            return
        }
        let rest = try ByteStream.head(source, Self.paddingLimit)
        bytes = head + rest
        pointer = rest.count < Self.paddingLimit && rest.allSatisfy(isSpace) ? found : nil
    }
}
