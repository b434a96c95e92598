public import MailCore
public import SMTPCore

public import struct NIOCore.ByteBuffer

/// What a filter wants changed of a message, once it has seen all of it. Values of fields are all that stands behind the
/// colon, but for the last line end; their lines are CRLF and begin with a blank.
public enum MilterChange: Hashable, Sendable {
    /// A field behind all others.
    case addField(name: String, value: [UInt8])
    /// A field before that which is the `index`th now, counted from 1; 0 is the first place too.
    case insertField(index: Int, name: String, value: [UInt8])
    /// Another value for the `index`th field of this name, counted from 1; with an empty one the field goes. Where there
    /// is none, it is added.
    case changeField(index: Int, name: String, value: [UInt8])
    /// A piece of a new body. The first one takes the place of the old body, the others follow.
    case body(ByteBuffer)
    case sender(ReversePath)
    case addRecipient(RecipientCommand)
    case deleteRecipient(EmailAddress)
    /// Nobody gets the message before a person has looked at it.
    case quarantine(reason: String)
}

extension MilterChange {
    /// The action that a filter must have asked for.
    func isAllowed(by actions: MilterActions, hasParameters: Bool) -> Bool {
        switch self {
        case .addField: actions.contains(.addFields)
        case .insertField: !actions.isDisjoint(with: [.addFields, .changeFields])
        case .changeField: actions.contains(.changeFields)
        case .body: actions.contains(.replaceBody)
        case .sender: actions.contains(.changeSender)
        case .addRecipient: actions.contains(hasParameters ? .addRecipientsWithParameters : .addRecipients)
        case .deleteRecipient: actions.contains(.deleteRecipients)
        case .quarantine: actions.contains(.quarantine)
        }
    }

    /// Reads a change; nil for a packet that is none.
    ///
    /// - Parameter keepsBlanks: whether the blank behind the colon is part of a value.
    init?(_ packet: MilterPacket, keepsBlanks: Bool) throws(MilterFailure) {
        var body = packet.body
        switch Character(Unicode.Scalar(packet.letter)) {
        case "h": (self) = try .addField(name: Self.name(&body), value: Self.value(&body, keepsBlanks))
        case "i":
            let index = try Self.index(&body)
            self = try .insertField(index: index, name: Self.name(&body), value: Self.value(&body, keepsBlanks))
        case "m":
            let index = try Self.index(&body)
            self = try .changeField(index: index, name: Self.name(&body), value: Self.value(&body, keepsBlanks))
        case "b":
            self = .body(body)
            return
        case "e": self = .sender(try Self.sender(&body))
        case "+", "2": self = .addRecipient(try Self.recipient(&body))
        case "-": self = .deleteRecipient(try Self.deletedRecipient(&body))
        case "q": self = .quarantine(reason: try Self.reason(&body))
        default: return nil
        }
        guard body.readableBytes == 0 else { throw .malformed("something behind a change") }
    }

    private static func text(_ body: inout ByteBuffer) throws(MilterFailure) -> [UInt8] {
        guard let text = body.readTerminated() else { throw .malformed("a text without its end") }
        return text
    }

    private static func name(_ body: inout ByteBuffer) throws(MilterFailure) -> String {
        try MilterField.name(text(&body))
    }

    private static func value(_ body: inout ByteBuffer, _ keepsBlanks: Bool) throws(MilterFailure) -> [UInt8] {
        try MilterField.fromFilter(text(&body), keepsBlanks: keepsBlanks)
    }

    private static func index(_ body: inout ByteBuffer) throws(MilterFailure) -> Int {
        guard let index: UInt32 = body.readInteger() else { throw .malformed("a field without its number") }
        return Int(index)
    }

    private static func reason(_ body: inout ByteBuffer) throws(MilterFailure) -> String {
        String(decoding: try text(&body).prefix(200).map { $0.isASCIIControl ? ASCII.space : $0 }, as: UTF8.self)
    }

    private static func sender(_ body: inout ByteBuffer) throws(MilterFailure) -> ReversePath {
        guard case .mail(let command) = try command("MAIL FROM:", &body) else { throw .malformed("no reverse path") }
        return command.reversePath
    }

    private static func recipient(_ body: inout ByteBuffer) throws(MilterFailure) -> RecipientCommand {
        guard case .recipient(let command) = try command("RCPT TO:", &body), case .mailbox = command.forwardPath else {
            throw .malformed("no forward path")
        }
        return command
    }

    private static func deletedRecipient(_ body: inout ByteBuffer) throws(MilterFailure) -> EmailAddress {
        guard case .mailbox(let address) = try recipient(&body).forwardPath else { throw .malformed("no address") }
        return address
    }

    /// Reads a path, with brackets or without, and the parameters behind it where there are any, as a command has them.
    private static func command(_ verb: String, _ body: inout ByteBuffer) throws(MilterFailure) -> SMTPCommand {
        let path = try text(&body)
        let parameters = body.readableBytes > 0 ? try text(&body) : []
        let bracketed = path.first == ASCII.less ? path : [ASCII.less] + path + [ASCII.greater]
        do throws(CommandSyntaxError) {
            return try CommandParser.parse(
                Array(verb.utf8) + bracketed + (parameters.isEmpty ? [] : [ASCII.space] + parameters))
        } catch {
            throw .malformed("no path: \(error.reply)")
        }
    }
}
