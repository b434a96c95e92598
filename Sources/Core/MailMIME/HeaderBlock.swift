import MailCore

/// The header of a message as octets: walks field by field, and reads no field before it is asked to.
public struct HeaderBlock {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: a message or the front of one; it must outlive the header block.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next field, or nil at the end of the header: at an empty line, at a line that is no field, or behind the
    /// last octet. A field that is cut off by the end of the octets counts.
    public mutating func next() -> HeaderField? {
        let start = position
        guard let nameEnd = endOfName() else { return nil }
        let valueStart = nameEnd + 1
        position = valueStart
        repeat { skipLine() } while position < bytes.count && isBlank(bytes[position])
        return HeaderField(
            name: UnsafeRawBufferPointer(rebasing: bytes[start..<nameEnd]),
            value: UnsafeRawBufferPointer(rebasing: bytes[valueStart..<position]))
    }

    /// Where the name that begins here ends: before the colon.
    private func endOfName() -> Int? {
        var end = position
        while end < bytes.count, bytes[end] > ASCII.space, bytes[end] < 0x7F {
            if bytes[end] == ASCII.colon { return end > position ? end : nil }
            end += 1
        }
        return nil
    }

    private mutating func skipLine() {
        while position < bytes.count {
            position += 1
            if bytes[position - 1] == ASCII.lf { return }
        }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab }
}

/// A header field where it lies in the message (RFC 5322 §2.2).
public struct HeaderField {
    public let name: UnsafeRawBufferPointer
    /// What follows the colon, line ends and all.
    public let value: UnsafeRawBufferPointer

    /// Whether this is the field of that name; case does not matter.
    public func isNamed(_ other: StaticString) -> Bool {
        name.count == other.utf8CodeUnitCount
            && other.withUTF8Buffer { expected in
                name.indices.allSatisfy { name[$0].asciiLowercased == expected[$0].asciiLowercased }
            }
    }

    /// The value without line ends and without blanks around it (RFC 5322 §2.2.3).
    public var text: String {
        let unfolded = value.filter { $0 != ASCII.cr && $0 != ASCII.lf }
        var text = unfolded[...]
        while let last = text.last, last == ASCII.space || last == ASCII.tab { text.removeLast() }
        while let first = text.first, first == ASCII.space || first == ASCII.tab { text.removeFirst() }
        return String(utf8: text)
    }
}
