/// An answer as it comes on the wire (RFC 1035 §4.1).
public struct DNSAnswerPacket {
    private let bytes: UnsafeRawBufferPointer

    /// - Parameter bytes: stay where they are for as long as this is used.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private static let headerSize = 12
    private static let alias: UInt16 = 5

    /// How many aliases (CNAME) the answer holds; nil if it cannot be read.
    public var aliases: Int? {
        guard let questions = number(at: 4), let answers = number(at: 6) else { return nil }
        var position = Self.headerSize
        for _ in 0..<questions {
            guard let end = endOfName(at: position) else { return nil }
            position = end + 4
        }
        var count = 0
        for _ in 0..<answers {
            guard let end = endOfName(at: position), let type = number(at: end), let length = number(at: end + 8) else {
                return nil
            }
            if type == Self.alias { count += 1 }
            position = end + 10 + Int(length)
        }
        return count
    }

    private func number(at position: Int) -> UInt16? {
        guard position + 2 <= bytes.count else { return nil }
        return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }

    /// Skips labels up to the root or to a pointer (RFC 1035 §4.1.4).
    private func endOfName(at start: Int) -> Int? {
        var position = start
        while position < bytes.count {
            let length = bytes[position]
            if length == 0 { return position + 1 }
            if length >= 0xC0 { return position + 2 }
            position += 1 + Int(length)
        }
        return nil
    }
}
