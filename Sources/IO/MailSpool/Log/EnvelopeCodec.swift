import MailCore
import NIOCore
import QueueCore

/// An envelope as octets of the log: numbers little-endian, each text behind its length in four octets.
enum EnvelopeCodec {
    static let version: UInt8 = 1
    /// The version of a report's envelope, behind which its origin stands.
    static let reportVersion: UInt8 = 2
    /// The version of an envelope behind which the name stands under which the message was handed in.
    static let handedInVersion: UInt8 = 3

    /// What stands in front of a record: the envelope, and for a report its origin.
    typealias Decoded = (envelope: Envelope, origin: ReportOrigin?)

    /// The octets are no envelope of a version known here.
    struct Malformed: Error, Equatable {}

    private static let nothingSaid: UInt8 = 0xFF
    /// Stand among the flags of the options; of what is `explained` the reason is the last text.
    private static let (quarantined, explained): (UInt8, UInt8) = (4, 8)

    static func encode(_ envelope: Envelope, origin: ReportOrigin? = nil, into buffer: inout ByteBuffer) {
        buffer.writeInteger(origin != nil ? reportVersion : envelope.origin != nil ? handedInVersion : version)
        write(envelope.reversePath.mailbox?.description ?? "", into: &buffer)
        buffer.writeInteger(UInt8(envelope.options.body.code))
        let reason = envelope.quarantine
        let quarantine = reason == nil ? 0 : reason == "" ? quarantined : quarantined | explained
        buffer.writeInteger(envelope.options.flags | quarantine)
        buffer.writeInteger(envelope.options.return.map { UInt8($0.code) } ?? nothingSaid)
        writeOptional(envelope.options.envelopeID, into: &buffer)
        buffer.writeInteger(UInt32(envelope.recipients.count), endianness: .little)
        for recipient in envelope.recipients {
            write(recipient.address.description, into: &buffer)
            buffer.writeInteger(recipient.notify?.rawValue ?? nothingSaid)
            writeOptional(recipient.original?.addressType, into: &buffer)
            if let original = recipient.original { write(original.address, into: &buffer) }
        }
        if let origin {
            write(origin, into: &buffer)
        } else if let name = envelope.origin {
            write(name, into: &buffer)
        }
        if let reason, !reason.isEmpty { write(reason, into: &buffer) }
    }

    private static func write(_ origin: ReportOrigin, into buffer: inout ByteBuffer) {
        buffer.writeInteger(origin.message.rawValue, endianness: .little)
        buffer.writeInteger(UInt8(origin.kind.rawValue))
        buffer.writeInteger(UInt32(origin.recipients.count), endianness: .little)
        for number in origin.recipients { buffer.writeInteger(UInt32(number), endianness: .little) }
    }

    static func decode(_ buffer: ByteBuffer) throws(Malformed) -> Decoded {
        var reader = buffer
        let found = try octet(&reader)
        guard [version, reportVersion, handedInVersion].contains(found) else { throw Malformed() }
        let reverse = try text(&reader)
        let reversePath = reverse.isEmpty ? ReversePath.null : .mailbox(try address(reverse))
        let (body, flags) = (try body(of: octet(&reader)), try octet(&reader))
        let options = EnvelopeOptions(
            body: body, flags: flags, return: try returned(of: octet(&reader)), envelopeID: try optionalText(&reader))
        guard let count: UInt32 = reader.readInteger(endianness: .little) else { throw Malformed() }
        var recipients: [EnvelopeRecipient] = []
        for _ in 0..<count { recipients.append(try recipient(&reader)) }
        let origin = found == reportVersion ? try origin(&reader) : nil
        let name = found == handedInVersion ? try text(&reader) : nil
        let reason = flags & explained != 0 ? try text(&reader) : ""
        guard reader.readableBytes == 0 else { throw Malformed() }
        var envelope = Envelope(reversePath: reversePath, recipients: recipients, options: options, origin: name)
        envelope.quarantine = flags & quarantined != 0 ? reason : nil
        return (envelope, origin)
    }

    private static func origin(_ reader: inout ByteBuffer) throws(Malformed) -> ReportOrigin {
        guard let message: UInt64 = reader.readInteger(endianness: .little),
            let kind = ReportKind(rawValue: Int(try octet(&reader))),
            let count: UInt32 = reader.readInteger(endianness: .little)
        else { throw Malformed() }
        var numbers: [Int] = []
        for _ in 0..<count {
            guard let number: UInt32 = reader.readInteger(endianness: .little) else { throw Malformed() }
            numbers.append(Int(number))
        }
        return ReportOrigin(message: QueueID(rawValue: message), kind: kind, recipients: numbers)
    }

    private static func recipient(_ reader: inout ByteBuffer) throws(Malformed) -> EnvelopeRecipient {
        let address = try address(text(&reader))
        let notify = try octet(&reader)
        var original: OriginalRecipient?
        if let type = try optionalText(&reader) {
            original = OriginalRecipient(addressType: type, address: try text(&reader))
        }
        return EnvelopeRecipient(
            address, notify: notify == nothingSaid ? nil : NotifyConditions(rawValue: notify), original: original)
    }

    private static func body(of code: UInt8) throws(Malformed) -> EnvelopeOptions.Body {
        guard let body = EnvelopeOptions.Body(code: Int(code)) else { throw Malformed() }
        return body
    }

    private static func returned(of code: UInt8) throws(Malformed) -> EnvelopeOptions.Return? {
        if code == nothingSaid { return nil }
        guard let returned = EnvelopeOptions.Return(code: Int(code)) else { throw Malformed() }
        return returned
    }

    private static func write(_ text: String, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(text.utf8.count), endianness: .little)
        buffer.writeString(text)
    }

    private static func writeOptional(_ text: String?, into buffer: inout ByteBuffer) {
        buffer.writeInteger(text == nil ? 0 : 1, as: UInt8.self)
        if let text { write(text, into: &buffer) }
    }

    private static func octet(_ reader: inout ByteBuffer) throws(Malformed) -> UInt8 {
        guard let octet: UInt8 = reader.readInteger() else { throw Malformed() }
        return octet
    }

    private static func text(_ reader: inout ByteBuffer) throws(Malformed) -> String {
        guard let length: UInt32 = reader.readInteger(endianness: .little),
            let text = reader.readString(length: Int(length))
        else { throw Malformed() }
        return text
    }

    private static func optionalText(_ reader: inout ByteBuffer) throws(Malformed) -> String? {
        switch try octet(&reader) {
        case 0: return nil
        case 1: return try text(&reader)
        default: throw Malformed()
        }
    }

    private static func address(_ text: String) throws(Malformed) -> EmailAddress {
        do {
            return try EmailAddress(text)
        } catch {
            throw Malformed()
        }
    }
}
