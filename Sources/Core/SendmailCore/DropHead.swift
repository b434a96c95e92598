package import MailCore

/// The head of a drop file: a line of fixed length with the lengths of what follows, then the envelope, a line for each
/// fact. The message follows it, in lines that end in CRLF.
///
///     martlet-drop 1 0000000123 00000000000000004567
///     from ann@example.org
///     to bob@example.net
///     notify 6
package struct DropHead: Equatable, Sendable {
    /// Octets of the first line.
    package static let lineLength = 47
    /// Octets of the envelope that are read.
    package static let envelopeLimit = 32 << 20

    package var envelope: Envelope

    package init(_ envelope: Envelope) {
        self.envelope = envelope
    }

    /// The first line.
    package static func line(envelopeLength: Int, messageLength: UInt64) -> [UInt8] {
        Array("martlet-drop 1 \(padded(UInt64(envelopeLength), 10)) \(padded(messageLength, 20))\n".utf8)
    }

    /// Reads the first line; nil if it is none.
    package static func lengths(_ line: [UInt8]) -> (envelope: Int, message: UInt64)? {
        let words = String(utf8: line).split(separator: " ", omittingEmptySubsequences: false)
        guard line.count == lineLength, line.last == ASCII.lf, words.count == 4, words[0] == "martlet-drop",
            words[1] == "1", let envelope = Int(words[2]), let message = UInt64(words[3].dropLast()),
            (0...envelopeLimit).contains(envelope)
        else { return nil }
        return (envelope, message)
    }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The envelope's lines. The kind of the body stands first and has always the same length, for it is known last.
    package var lines: [UInt8] {
        var text = Self.bodyLine(envelope.options.body)
        text += "from \(envelope.reversePath.mailbox.map { "\($0)" } ?? "")\n"
        if envelope.options.smtputf8 { text += "smtputf8\n" }
        if let returned = envelope.options.return { text += "return \(returned.rawValue)\n" }
        if let id = envelope.options.envelopeID { text += "envid \(id)\n" }
        for recipient in envelope.recipients {
            text += "to \(recipient.address)\n"
            if let notify = recipient.notify { text += "notify \(notify.rawValue)\n" }
            if let original = recipient.original { text += "orcpt \(original)\n" }
        }
        return Array(text.utf8)
    }

    private static func bodyLine(_ body: EnvelopeOptions.Body) -> String { "body \(body == .sevenBit ? 7 : 8)\n" }

    /// Reads the envelope's lines.
    ///
    /// - Throws: `DropHeadError` with what is wrong.
    package init(lines: some Sequence<UInt8>) throws(DropHeadError) {
        envelope = Envelope(reversePath: .null)
        for line in Array(lines).split(separator: ASCII.lf) { try take(line) }
        guard !envelope.recipients.isEmpty else { throw DropHeadError("there is no recipient") }
    }

    /// Cut by octets: a letter that combines with what is before it makes no other character of a space.
    private mutating func take(_ line: ArraySlice<UInt8>) throws(DropHeadError) {
        let word = line.prefix { $0 != ASCII.space }
        guard let name = String(validating: word, as: UTF8.self),
            let value = String(validating: line[word.endIndex...].dropFirst(), as: UTF8.self),
            !name.hasControlOrLineEnd, !value.hasControlOrLineEnd
        else { throw DropHeadError("a line of the envelope is no plain text") }
        switch name {
        case "body" where value == "7": envelope.options.body = .sevenBit
        case "body" where value == "8": envelope.options.body = .eightBit
        case "from": envelope.reversePath = value.isEmpty ? .null : .mailbox(try Self.address(value))
        case "smtputf8": envelope.options.smtputf8 = true
        case "return": envelope.options.return = EnvelopeOptions.Return(rawValue: value)
        case "envid": envelope.options.envelopeID = value
        case "to": envelope.recipients.append(EnvelopeRecipient(try Self.address(value)))
        case "notify": try change { $0.notify = UInt8(value).flatMap { $0 < 8 ? .init(rawValue: $0) : nil } }
        case "orcpt":
            guard let mark = value.utf8.firstIndex(of: UInt8(ascii: ";")) else {
                throw DropHeadError("orcpt has no address type")
            }
            let original = OriginalRecipient(
                addressType: String(value[..<mark]), address: String(value[value.utf8.index(after: mark)...]))
            try change { $0.original = original }
        default: throw DropHeadError("a line of the envelope is not known: \(name.prefix(40))")
        }
    }

    private mutating func change(_ change: (inout EnvelopeRecipient) -> Void) throws(DropHeadError) {
        guard let last = envelope.recipients.indices.last else { throw DropHeadError("no recipient stands before it") }
        change(&envelope.recipients[last])
    }

    private static func address(_ text: String) throws(DropHeadError) -> EmailAddress {
        do throws(AddressError) {
            return try EmailAddress(text)
        } catch {
            throw DropHeadError("an address is none: \(error)")
        }
    }
}

/// A drop file that cannot be understood.
package struct DropHeadError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
