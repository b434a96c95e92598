/// The name of a message from the moment it is taken in: in its Received field, every log line and every queue command.
/// It grows with time, so that a list sorted by it is a list sorted by arrival.
public struct QueueID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Microseconds since 1970, moved forward where two would be the same.
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The identifier that follows `previous` at `microseconds` since 1970; never less than its predecessor, whatever
    /// the clock does.
    public init(after previous: QueueID?, microseconds: UInt64) {
        rawValue = max(microseconds, previous.map { $0.rawValue + 1 } ?? 0)
    }

    /// Reads what `description` writes, in either case; nil for anything else.
    public init?(_ text: String) {
        guard let value = Base32.value(of: text) else { return nil }
        rawValue = value
    }

    public var description: String { Base32.text(of: rawValue) }

    public static func < (one: QueueID, other: QueueID) -> Bool { one.rawValue < other.rawValue }
}

/// The name of one connection in the log.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public var description: String { Base32.text(of: rawValue) }
}

/// Numbers in the 32 letters and digits that are hard to mistake for each other (Crockford's alphabet).
enum Base32 {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    static func text(of value: UInt64) -> String {
        var rest = value
        var digits: [UInt8] = []
        repeat {
            digits.append(alphabet[Int(rest & 31)])
            rest >>= 5
        } while rest > 0
        return String(utf8: digits.reversed())
    }

    static func value(of text: String) -> UInt64? {
        guard (1...13).contains(text.utf8.count) else { return nil }
        var value: UInt64 = 0
        for byte in text.utf8 {
            let capital = byte.isASCIILetter ? byte & 0xDF : byte
            guard let digit = alphabet.firstIndex(of: capital), value >> 59 == 0 else { return nil }
            value = value << 5 | UInt64(digit)
        }
        return value
    }
}
