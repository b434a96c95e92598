/// A reading position in a short run of octets, such as one command line.
package struct ByteCursor: Sendable {
    package let bytes: [UInt8]
    package private(set) var position: Int

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.position = 0
    }

    package var isAtEnd: Bool { position == bytes.count }
    package var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
    package var rest: ArraySlice<UInt8> { bytes[position...] }

    package mutating func take() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Takes `byte` if it comes next.
    package mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    package mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, condition(bytes[position]) { position += 1 }
        return bytes[start..<position]
    }

    /// Takes `text`, given in capitals, if it comes next in any case.
    package mutating func take(word text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        let matches = text.withUTF8Buffer { expected in
            expected.indices.allSatisfy { bytes[position + $0].asciiLowercased == expected[$0].asciiLowercased }
        }
        if matches { position += count }
        return matches
    }

    package mutating func skipSpaces() {
        while let byte = peek, byte == ASCII.space || byte == ASCII.tab { position += 1 }
    }

    package mutating func move(to position: Int) {
        precondition((0...bytes.count).contains(position))
        self.position = position
    }
}

extension String {
    /// The text of octets in UTF-8; U+FFFD stands for what is none.
    @inlinable public init(utf8 bytes: some Collection<UInt8>) {
        self.init(decoding: bytes, as: UTF8.self)
    }
}
