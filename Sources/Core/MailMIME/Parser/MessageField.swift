import MailCore

/// A header field of a message that was read (RFC 5322 §2.2), with its readings.
public struct MessageField: Sendable {
    let message: ParsedMessage
    let record: FieldRecord

    /// The name as it is written.
    public var name: String { message.octets.withBytes(record.name) { String(utf8: $0) } }

    /// What follows the colon, octet by octet, line ends and all.
    public var rawValue: [UInt8] { message.octets[record.value] }

    /// Where the whole field lies in the message, with its line end.
    public var range: Range<Int> { record.name.lowerBound..<record.value.upperBound }

    @inline(__always)
    func withValue<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        message.octets.withBytes(record.value, body)
    }

    /// Whether this is the field of that name; case does not matter.
    public func isNamed(_ other: String) -> Bool {
        let place = record.name
        guard place.count == other.utf8.count else { return false }
        return message.octets.withBytes(place) { name in
            var index = 0
            for octet in other.utf8 {
                guard name[index] == octet || name[index].asciiLowercased == octet.asciiLowercased else { return false }
                index += 1
            }
            return true
        }
    }
}
