import MailCore

/// A header field of a message that was read (RFC 5322 §2.2), with its readings.
public struct MessageField: Sendable {
    let message: ParsedMessage
    let index: Int

    private var record: FieldRecord { message.fields[index] }

    /// The name as it is written.
    public var name: String { String(utf8: message.bytes[record.name]) }

    /// What follows the colon, octet by octet, line ends and all.
    public var rawValue: [UInt8] { Array(message.bytes[record.value]) }

    /// Where the whole field lies in the message, with its line end.
    public var range: Range<Int> { record.name.lowerBound..<record.value.upperBound }

    /// The value in one line, with encoded words read (RFC 2047).
    public var text: String { HeaderText.decode(rawValue) }

    func isNamed(_ other: [UInt8]) -> Bool {
        guard record.name.count == other.count else { return false }
        return zip(message.bytes[record.name], other).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}
